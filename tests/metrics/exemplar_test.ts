import assert from "node:assert/strict";
import { defineMetric } from "../../src/metrics/define.ts";
import { fitExemplarLabels } from "../../src/metrics/exemplar.ts";
import { renderFamilies } from "../../src/metrics/exposition.ts";
import type { Exemplar } from "../../src/metrics/types.ts";

const failures = defineMetric("failures_total", "counter", "Failures", ["site"]);

function render(exemplar: Exemplar, format: "text" | "openmetrics"): Promise<string> {
  const samples = [{ labels: { site: "a" }, value: 3, exemplar }, {
    labels: { site: "b" },
    value: 1,
  }];
  return renderFamilies([{ definition: failures, samples }], format);
}

Deno.test("renderFamilies() writes exemplars in OpenMetrics and leaves them out of the text format", async () => {
  const exemplar = {
    labels: { job_id: "7", client: 'a "b"\\\n' },
    value: 1,
    timestampSeconds: 1_767_225_600.5,
  };
  assert.equal(
    await render(exemplar, "openmetrics"),
    `# HELP failures Failures
# TYPE failures counter
failures_total{site="a"} 3 # {job_id="7",client="a \\"b\\"\\\\\\n"} 1 1767225600.5
failures_total{site="b"} 1
`,
  );
  assert.equal(
    await render(exemplar, "text"),
    `# HELP failures_total Failures
# TYPE failures_total counter
failures_total{site="a"} 3
failures_total{site="b"} 1
`,
  );
});

Deno.test("renderFamilies() cuts an exemplar to the 128 characters that OpenMetrics allows", async () => {
  const labels = { job_id: "7", client: "😀".repeat(200) };
  const text = await render({ labels, value: 1, timestampSeconds: 1 }, "openmetrics");
  const client = /client="([^"]*)"/.exec(text)?.[1] ?? "";
  assert.equal([...client].length + "job_id7client".length, 128);
});

Deno.test("fitExemplarLabels() leaves out what has no place at all", () => {
  const long = "x".repeat(120);
  assert.deepEqual(fitExemplarLabels({ a: long, bcdefgh: "y" }), { a: long });
  assert.deepEqual(fitExemplarLabels({ a: "1", b: "\ud800" }), { a: "1", b: "\ufffd" });
});
