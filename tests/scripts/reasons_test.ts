import assert from "node:assert/strict";
import { reasonsTable } from "../../scripts/reasons.ts";
import { unservedSentence } from "../../scripts/unserved.ts";
import { ERROR_REASONS } from "../../src/netbackup/errors.ts";

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

Deno.test("unservedSentence() fits however many collectors do not exist yet", () => {
  const start = (names: string[]) => unservedSentence(names).replaceAll("\n", " ").slice(0, 90);
  assert.equal(start([]), "");
  assert.match(start(["slo"]), /^Not implemented yet: the collector `slo`\. /);
  assert.match(start(["a", "b", "c"]), /: the collectors `a`, `b`, and `c`\. /);
  for (const line of unservedSentence().split("\n")) assert.ok(line.length <= 100, line);
});
