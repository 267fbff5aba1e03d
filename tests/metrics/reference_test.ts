import assert from "node:assert/strict";
import { CATALOGUE } from "../../src/metrics/catalogue.ts";
import { metricsReference } from "../../src/metrics/reference.ts";

Deno.test("metricsReference() gives every metric one row with its type, labels and help", () => {
  const rows = metricsReference().split("\n");
  for (const { name, type, labels, help, legacy } of CATALOGUE) {
    const found = rows.filter((row) => row.startsWith(`| \`${name}\` `) && row.includes(help));
    assert.equal(found.length, 1, name);
    const cells = found[0]?.split("|").map((cell) => cell.trim()) ?? [];
    assert.equal(cells[2], type);
    assert.equal(cells[3], labels.map((label) => `\`${label}\``).join(", "));
    assert.equal(cells[4], legacy ? "yes" : "");
  }
});
