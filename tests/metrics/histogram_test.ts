import assert from "node:assert/strict";
import { defineMetric } from "../../src/metrics/define.ts";
import { histogramFamily } from "../../src/metrics/histogram.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";

const duration = defineMetric("duration_seconds", "histogram", "Help", ["site"]);

function lines({ samples }: MetricFamily): string[] {
  return samples.map(({ labels, le, value, suffix }) =>
    `${labels["site"]} ${suffix} ${le ?? "-"} ${value}`
  );
}

Deno.test("histogramFamily() cumulates its buckets, a bound belonging to its bucket", () => {
  const family = histogramFamily(duration, [1, 10]);
  for (const value of [0.5, 1, 1.5, 10, 11]) family.observe({ site: "a" }, value);
  assert.deepEqual(lines(family.build()), [
    "a _bucket 1 2",
    "a _bucket 10 4",
    "a _bucket +Inf 5",
    "a _sum - 24",
    "a _count - 5",
  ]);
});

Deno.test("histogramFamily() keeps series apart", () => {
  const family = histogramFamily(duration, [1]);
  family.observe({ site: "a" }, 2);
  family.observe({ site: "b" }, 0);
  assert.deepEqual(lines(family.build()), [
    ...["a _bucket 1 0", "a _bucket +Inf 1", "a _sum - 2", "a _count - 1"],
    ...["b _bucket 1 1", "b _bucket +Inf 1", "b _sum - 0", "b _count - 1"],
  ]);
});

Deno.test("histogramFamily() ignores what is not a finite number", () => {
  const family = histogramFamily(duration, [1]);
  for (const value of [NaN, Infinity, -Infinity]) family.observe({ site: "a" }, value);
  assert.deepEqual(family.build().samples, []);
});

Deno.test("histogramFamily() does not change what it has built before", () => {
  const family = histogramFamily(duration, [1]);
  family.observe({ site: "a" }, 1);
  const before = family.build();
  family.observe({ site: "a" }, 1);
  assert.deepEqual(lines(before), [
    ...["a _bucket 1 1", "a _bucket +Inf 1", "a _sum - 1", "a _count - 1"],
  ]);
});
