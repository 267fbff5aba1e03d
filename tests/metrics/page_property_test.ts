import assert from "node:assert/strict";
import fc from "fast-check";
import { defineMetric } from "../../src/metrics/define.ts";
import { createdAt, familyBuilder } from "../../src/metrics/family.ts";
import { histogramFamily } from "../../src/metrics/histogram.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import { testPage } from "./_page.ts";
import { labelsOfLine } from "../testing/samples.ts";
import { parseExposition } from "./_parse.ts";

const gauge = defineMetric("volume_bytes", "gauge", "Size of a volume", ["site", "name"]);
const counter = defineMetric("errors_total", "counter", "Errors", ["site", "name"]);
const duration = defineMetric("duration_seconds", "histogram", "Duration", ["site", "name"]);

type Series = readonly (readonly [string, number])[];

function familiesOf(site: string, gauges: Series, counters: Series, durations: Series) {
  const families = [familyBuilder(gauge), familyBuilder(counter)] as const;
  for (const [name, value] of gauges) families[0].set({ site, name }, value);
  for (const [name, value] of counters) families[1].add({ site, name }, Math.abs(value));
  const histogram = histogramFamily(duration, [1, 10]);
  for (const [name, value] of durations) histogram.observe({ site, name }, value);
  return [...families.map((family) => family.build()), histogram.build()]
    .map((family) => site === "c" ? createdAt(family, 7) : family);
}

const name = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("|", '"', "\\", "\n", '",x="', "# EOF", "# EOF\n", "Nan", "日本", ""),
);
const series = fc.array(fc.tuple(name, fc.double({ noNaN: true })), { maxLength: 8 });

/** A publication, a withdrawal or a scrape. */
const step = fc.oneof(
  fc.record({
    source: fc.constantFrom("a", "b", "c"),
    families: fc.tuple(series, series, series),
  }),
  fc.record({ withdraw: fc.constantFrom("a", "b", "c") }),
  fc.record({ wait: fc.constantFrom(0, 1000, 400_000) }),
);

/** The lines of a page in an order of their own: that of the sources may be any. */
function linesOf(families: readonly MetricFamily[], format: "text" | "openmetrics"): string[] {
  const line = (name: string, labels: Readonly<Record<string, string>>, value: number) =>
    JSON.stringify([name, Object.entries(labels), String(value + 0)]);
  return families.flatMap(({ definition, samples }) =>
    samples.flatMap((sample) => {
      const { value, suffix = "", createdSeconds } = sample;
      const labels = labelsOfLine(sample);
      const lines = [line(definition.name + suffix, labels, value)];
      if (createdSeconds !== undefined && format === "openmetrics") {
        const created = `${definition.name.replace(/_total$/, "")}_created`;
        lines.push(line(created, labels, createdSeconds));
      }
      return lines;
    })
  ).sort();
}

Deno.test("MetricsPage shows exactly what is published, in every form, whatever happened before", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const test = testPage();
      const published = new Map<string, readonly MetricFamily[]>();
      for (const step of steps) {
        if ("source" in step) {
          const families = familiesOf(step.source, ...step.families);
          published.set(step.source, families);
          test.page.publish(step.source, families);
        } else if ("withdraw" in step) {
          published.delete(step.withdraw);
          test.page.withdraw(step.withdraw);
        } else {
          test.now += step.wait;
          await test.unzipped();
        }
      }
      for (const format of ["text", "openmetrics"] as const) {
        const text = await test.text(format);
        assert.equal(await test.unzipped(format), text);
        const lines = parseExposition(text, format).flatMap(({ samples }) =>
          samples.map(({ name, labels, value }) =>
            JSON.stringify([name, Object.entries(labels), String(value)])
          )
        );
        assert.deepEqual(lines.sort(), linesOf([...published.values()].flat(), format));
      }
    }),
    { numRuns: 100 },
  );
});
