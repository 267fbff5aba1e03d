import assert from "node:assert/strict";
import { reasonsTable } from "../../../scripts/docs/reasons.ts";
import { ERROR_REASONS } from "../../../src/netbackup/errors.ts";

Deno.test("reasonsTable() has a row for each reason, with what to do", () => {
  const rows = reasonsTable().split("\n").slice(2).map((line) => line.split(" | "));
  assert.deepEqual(
    rows.map(([reason]) => reason?.replaceAll(/[|` ]/g, "")),
    ERROR_REASONS,
  );
  for (const [, meaning, remedy] of rows) {
    assert.match(meaning ?? "", /^[A-Z].*\. *$/);
    assert.match(remedy ?? "", /^[A-Z].*\. *\|$/);
  }
});
