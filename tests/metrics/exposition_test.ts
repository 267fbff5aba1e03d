import assert from "node:assert/strict";
import fc from "fast-check";
import { CATALOGUE } from "../../scripts/docs/catalogue.ts";
import { defineMetric } from "../../src/metrics/define.ts";
import {
  CONTENT_TYPES,
  mergeFamilies,
  OPENMETRICS_END,
  renderFamilies,
  renderHead,
  renderSamples,
} from "../../src/metrics/exposition.ts";
import { createdAt, familyBuilder, singleSample } from "../../src/metrics/family.ts";
import { histogramFamily } from "../../src/metrics/histogram.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import { labelsOfLine } from "../testing/samples.ts";
import { parseExposition } from "./_parse.ts";

const volume = defineMetric("volume_bytes", "gauge", "Size of a volume", ["site", "name"]);
const errors = defineMetric("errors_total", "counter", "Errors", ["site"]);
const duration = defineMetric("duration_seconds", "histogram", "Duration", ["site"]);

function histogram(site: string): MetricFamily {
  const family = histogramFamily(duration, [1]);
  family.observe({ site }, 0.5);
  return family.build();
}

Deno.test("renderFamilies() writes the text format", async () => {
  const families = [
    singleSample(volume, { site: "a", name: "x" }, 12.5),
    singleSample(errors, { site: "a" }, 3),
    histogram("a"),
  ];
  assert.equal(
    await renderFamilies(families, "text"),
    `# HELP volume_bytes Size of a volume
# TYPE volume_bytes gauge
volume_bytes{site="a",name="x"} 12.5

# HELP errors_total Errors
# TYPE errors_total counter
errors_total{site="a"} 3

# HELP duration_seconds Duration
# TYPE duration_seconds histogram
duration_seconds_bucket{le="1",site="a"} 1
duration_seconds_bucket{le="+Inf",site="a"} 1
duration_seconds_sum{site="a"} 0.5
duration_seconds_count{site="a"} 1
`,
  );
});

Deno.test("renderFamilies() writes in OpenMetrics when each series began, and leaves it out of the text format", async () => {
  const families = [
    createdAt({
      definition: errors,
      samples: [
        { labels: { site: "\nerrors_created_total" }, value: 3 },
        {
          labels: { site: "b" },
          value: 1,
          exemplar: { labels: { id: "7" }, value: 1, timestampSeconds: 2 },
        },
      ],
    }, 1767225600.125),
    createdAt(histogram("a"), 1767225601),
    createdAt(singleSample(volume, { site: "a", name: "x" }, 1), 5),
  ];
  assert.equal(
    await renderFamilies(families, "openmetrics"),
    String.raw`# HELP errors Errors
# TYPE errors counter
errors_total{site="\nerrors_created_total"} 3
errors_created{site="\nerrors_created_total"} 1767225600.125
errors_total{site="b"} 1 # {id="7"} 1 2
errors_created{site="b"} 1767225600.125
# HELP duration_seconds Duration
# TYPE duration_seconds histogram
duration_seconds_bucket{le="1",site="a"} 1
duration_seconds_bucket{le="+Inf",site="a"} 1
duration_seconds_sum{site="a"} 0.5
duration_seconds_count{site="a"} 1
duration_seconds_created{site="a"} 1767225601
# HELP volume_bytes Size of a volume
# TYPE volume_bytes gauge
volume_bytes{site="a",name="x"} 1
`,
  );
  assert.doesNotMatch(await renderFamilies(families, "text"), /^\w+_created\b/m);
  parseExposition(await renderFamilies(families, "text"), "text");
});

Deno.test("renderFamilies() writes OpenMetrics: counters lose _total in their name only", async () => {
  const families = [
    singleSample(errors, { site: "a" }, 3),
    singleSample(volume, { site: "a", name: "x" }, 1),
    histogram("a"),
  ];
  assert.equal(
    await renderFamilies(families, "openmetrics"),
    `# HELP errors Errors
# TYPE errors counter
errors_total{site="a"} 3
# HELP volume_bytes Size of a volume
# TYPE volume_bytes gauge
volume_bytes{site="a",name="x"} 1
# HELP duration_seconds Duration
# TYPE duration_seconds histogram
duration_seconds_bucket{le="1",site="a"} 1
duration_seconds_bucket{le="+Inf",site="a"} 1
duration_seconds_sum{site="a"} 0.5
duration_seconds_count{site="a"} 1
`,
  );
});

Deno.test("renderFamilies() renders the same families in both formats one after the other", async () => {
  const families = [singleSample(errors, { site: "a" }, 3)];
  const text = await renderFamilies(families, "text");
  await renderFamilies(families, "openmetrics");
  assert.equal(await renderFamilies(families, "text"), text);
});

Deno.test("renderFamilies() keeps HELP and TYPE of a metric without samples", async () => {
  const empty = familyBuilder(volume).build();
  const expected = "# HELP volume_bytes Size of a volume\n# TYPE volume_bytes gauge\n";
  assert.equal(await renderFamilies([empty], "text"), expected);
  assert.equal(await renderFamilies([empty], "openmetrics"), expected);
});

Deno.test("renderFamilies() gives nothing for no families", async () => {
  assert.equal(await renderFamilies([], "text"), "");
  assert.equal(await renderFamilies([], "openmetrics"), "");
});

Deno.test("renderFamilies() puts the lines of several sites together", async () => {
  const families = ["a", "b", "c"].flatMap((site) => [
    singleSample(volume, { site, name: "x" }, 1),
    singleSample(errors, { site }, 2),
    histogram(site),
  ]);
  for (const format of ["text", "openmetrics"] as const) {
    const text = await renderFamilies(families, format);
    const end = format === "openmetrics" ? OPENMETRICS_END : "";
    const parsed = parseExposition(text + end, format);
    assert.deepEqual(parsed.map(({ samples }) => samples.length), [3, 3, 12]);
  }
});

Deno.test("mergeFamilies() refuses two definitions of one name", () => {
  const other = defineMetric("volume_bytes", "gauge", "Other", ["site", "name"]);
  const labels = { site: "a", name: "x" };
  assert.throws(
    () => mergeFamilies([singleSample(volume, labels, 1), singleSample(other, labels, 1)]),
    /"volume_bytes": two different definitions/,
  );
});

Deno.test("renderFamilies() writes values that have no digits as the formats want them", async () => {
  const family = familyBuilder(volume);
  [NaN, Infinity, -Infinity, 0, 1e21, 1e-7, 2 ** 53].forEach((value, index) => {
    family.set({ site: "a", name: String(index) }, value);
  });
  for (const format of ["text", "openmetrics"] as const) {
    const text = await renderFamilies([family.build()], format);
    const values = text.split("\n").filter((line) => line.startsWith("volume"))
      .map((line) => line.split(" ")[1]);
    assert.deepEqual(values, ["NaN", "+Inf", "-Inf", "0", "1e+21", "1e-7", "9007199254740992"]);
  }
});

Deno.test("renderFamilies() carries every label value through both formats", async () => {
  const trap = fc.constantFrom(
    ...["1|2", "|", ",b:", "a,b:c", '"', '\\"', "\\", "\\n", "\n", "\r", "\r\n", "\t", "", " "],
    ...[
      "}",
      "{",
      "=",
      '",x="',
      "Nan",
      " Nan",
      "# EOF",
      "\u2028",
      "\u0000",
      "🎞️",
      "émoji 👩‍👩‍👧",
      "日本",
    ],
  );
  const value = fc.oneof(
    trap,
    fc.string({ unit: "grapheme" }),
    fc.array(trap).map((parts) => parts.join("")),
  );
  const labels = fc.record({ site: value, name: value });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(labels, fc.double())), async (series) => {
      const gauge = familyBuilder(volume);
      const histograms = histogramFamily(duration, [1]);
      for (const [label, number] of series) {
        gauge.set(label, number);
        histograms.observe({ site: label.site }, number);
      }
      const families = [
        gauge.build(),
        histograms.build(),
        { ...gauge.build(), lastingLabels: true },
        { ...histograms.build(), lastingLabels: false },
      ].map((family, index) => ({
        ...family,
        definition: { ...family.definition, name: `${family.definition.name}_${index}` },
      }));
      for (const format of ["text", "openmetrics"] as const) {
        const end = format === "openmetrics" ? OPENMETRICS_END : "";
        const parsed = parseExposition(await renderFamilies(families, format) + end, format);
        families.forEach(({ definition, samples }, index) => {
          const expected = samples.map((sample) => ({
            name: definition.name + (sample.suffix ?? ""),
            labels: labelsOfLine(sample),
            value: sample.value + 0,
          }));
          assert.deepEqual(parsed[index]?.samples, expected);
        });
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("renderFamilies() writes lone surrogates as bytes that are UTF-8", async () => {
  const text = await renderFamilies(
    [singleSample(volume, { site: "a", name: "\ud800x" }, 1)],
    "text",
  );
  const bytes = new TextEncoder().encode(text);
  assert.match(new TextDecoder("utf-8", { fatal: true }).decode(bytes), /name="\ufffdx"/);
});

Deno.test("renderFamilies() renders the whole catalogue so that it can be read back", async () => {
  const families = CATALOGUE.map((definition): MetricFamily => ({ definition, samples: [] }));
  for (const format of ["text", "openmetrics"] as const) {
    const end = format === "openmetrics" ? OPENMETRICS_END : "";
    const parsed = parseExposition(await renderFamilies(families, format) + end, format);
    assert.deepEqual(
      parsed.map(({ type, help }) => [type, help]),
      CATALOGUE.map(({ type, help }) => [type, help]),
    );
  }
});

Deno.test("renderHead() and renderSamples() together are what renderFamilies() writes", async () => {
  const families = [
    singleSample(volume, { site: "a", name: "x\ny" }, 1),
    singleSample(errors, { site: "# TYPE" }, 2),
    histogram("a"),
    familyBuilder(volume).build(),
  ];
  for (const format of ["text", "openmetrics"] as const) {
    for (const family of families) {
      const parts = await renderHead(family.definition, format) +
        await renderSamples(family, format);
      assert.equal(parts, await renderFamilies([family], format));
    }
  }
});

Deno.test("CONTENT_TYPES are exactly those that Prometheus knows", () => {
  assert.deepEqual(CONTENT_TYPES, {
    text: "text/plain; version=0.0.4; charset=utf-8",
    openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  });
});
