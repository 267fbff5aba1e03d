import assert from "node:assert/strict";
import fc from "fast-check";
import { defineMetric } from "../../src/metrics/define.ts";
import { familyBuilder } from "../../src/metrics/family.ts";
import { histogramFamily } from "../../src/metrics/histogram.ts";
import { limitSeries } from "../../src/metrics/limit_series.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";

const gauge = defineMetric("volume_bytes", "gauge", "Help", ["site", "name"]);
const counter = defineMetric("requests_total", "counter", "Help", ["site", "name"]);
const duration = defineMetric("duration_seconds", "histogram", "Help", ["site", "name"]);

function family(definition: typeof gauge, names: readonly string[]): MetricFamily {
  const builder = familyBuilder(definition);
  names.forEach((name, index) => builder.set({ site: "a", name }, index));
  return builder.build();
}

function namesOf({ samples }: MetricFamily): string[] {
  return samples.map(({ labels }) => labels["name"] ?? "");
}

Deno.test("limitSeries() leaves a family alone that is within its bound", () => {
  const whole = family(gauge, ["c", "a", "b"]);
  const limited = limitSeries(whole, 3);
  assert.equal(limited.family, whole);
  assert.equal(limited.dropped, 0);
});

Deno.test("limitSeries() keeps the same series of a gauge whatever the order of the rows", () => {
  const names = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      names,
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 20 }),
      (names, random, bound) => {
        const keys = new Map(names.map((name) => [name, random.next().value ?? 0]));
        const shuffled = [...names].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
        const first = limitSeries(family(gauge, names), bound);
        const second = limitSeries(family(gauge, shuffled), bound);
        assert.deepEqual(namesOf(first.family).sort(), namesOf(second.family).sort());
        assert.equal(first.family.samples.length, Math.min(bound, names.length));
        assert.equal(first.dropped, Math.max(0, names.length - bound));
      },
    ),
  );
});

Deno.test("limitSeries() keeps the values of the series that stay", () => {
  const { family: limited } = limitSeries(family(gauge, ["c", "a", "b"]), 2);
  assert.deepEqual(limited.samples, [
    { labels: { site: "a", name: "a" }, value: 1 },
    { labels: { site: "a", name: "b" }, value: 2 },
  ]);
});

Deno.test("limitSeries() keeps the series of a counter that were there first: none may vanish", () => {
  const before = limitSeries(family(counter, ["m", "z"]), 2);
  const after = limitSeries(family(counter, ["m", "z", "a", "b"]), 2);
  assert.deepEqual(namesOf(before.family), ["m", "z"]);
  assert.deepEqual(namesOf(after.family), ["m", "z"]);
  assert.equal(after.dropped, 2);
});

Deno.test("limitSeries() counts a histogram's series as one and keeps all of its lines", () => {
  const histogram = histogramFamily(duration, [1, 10]);
  for (const name of ["c", "a", "b"]) histogram.observe({ site: "a", name }, 5);
  const whole = histogram.build();
  assert.equal(limitSeries(whole, 3).family, whole, "15 lines are 3 series");
  const { family: limited, dropped } = limitSeries(whole, 2);
  assert.equal(dropped, 1);
  assert.deepEqual(limited.samples, whole.samples.slice(0, 10));
  assert.deepEqual([...new Set(namesOf(limited))], ["c", "a"]);
});
