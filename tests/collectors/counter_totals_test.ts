import assert from "node:assert/strict";
import { createCounterTotals } from "../../src/collectors/counter_totals.ts";
import { defineMetric } from "../../src/metrics/define.ts";
import { familyBuilder } from "../../src/metrics/family.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";

const counter = defineMetric("nbu_rows_total", "counter", "Help", ["site", "type"]);

function counted(types: readonly string[]): MetricFamily {
  const builder = familyBuilder(counter);
  for (const type of types) builder.add({ site: "a", type }, 1);
  return builder.build();
}

function typesAndValues(families: readonly MetricFamily[]) {
  return families.flatMap(({ samples }) =>
    samples.map(({ labels, value }) => [labels["type"], value])
  );
}

Deno.test("CounterTotals.add() sums up the runs, and never reorders what is there", () => {
  const totals = createCounterTotals();
  totals.add([counted(["m", "z"])]);
  assert.deepEqual(typesAndValues(totals.add([counted(["z", "b", "a"])])), [
    ...[["m", 1], ["z", 2]],
    ...[["a", 1], ["b", 1]],
  ]);
});

Deno.test("CounterTotals.add() has new series in the same order whatever the order of the rows", () => {
  const orderOf = (types: readonly string[]) =>
    typesAndValues(createCounterTotals().add([counted(types)]));
  assert.deepEqual(orderOf(["c", "a", "b"]), orderOf(["b", "c", "a"]));
});
