import assert from "node:assert/strict";
import { CONTRACT } from "../../../scripts/docs/contract.ts";
import { AREAS, CATALOGUE, HISTOGRAMS } from "../../../scripts/docs/catalogue.ts";
import { metricsReference } from "../../../scripts/docs/metrics_reference.ts";

Deno.test("metricsReference() gives every metric one row with its type, labels and help", () => {
  const rows = metricsReference(AREAS, HISTOGRAMS).split("\n");
  for (const { name, type, labels, help } of CATALOGUE) {
    const found = rows.filter((row) => row.startsWith(`| \`${name}\` `) && row.includes(help));
    // A metric that several collectors fill is in the section of each.
    const sections = AREAS.filter(({ definitions }) =>
      definitions.some((definition) => definition.name === name)
    );
    assert.equal(found.length, sections.length, name);
    const cells = found[0]?.split("|").map((cell) => cell.trim()) ?? [];
    assert.equal(cells[2], type);
    assert.equal(cells[3], labels.map((label) => `\`${label}\``).join(", "));
    assert.equal(cells[4], name in CONTRACT ? "yes" : "");
  }
});

Deno.test("metricsReference() explains every label that is used, and has a section for every area", () => {
  const reference = metricsReference(AREAS, HISTOGRAMS);
  for (const { title } of AREAS) assert.ok(reference.includes(`\n## ${title}\n`), title);
  for (const label of new Set(CATALOGUE.flatMap(({ labels }) => labels))) {
    assert.match(reference, new RegExp(`\n\\| \`${label}\` +\\| \\S`), label);
  }
  for (const { name, bounds } of HISTOGRAMS) {
    assert.match(
      reference,
      new RegExp(
        `\`${name}\` +\\| ${bounds.join(", ").replaceAll(".", "\\.").replaceAll("+", "\\+")} +\\|`,
      ),
    );
  }
});
