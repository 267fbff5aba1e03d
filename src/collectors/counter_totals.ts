/**
 * The values of the counters of a declared collector, from run to run.
 *
 * @module
 */
import { type FamilyBuilder, familyBuilder } from "../metrics/family.ts";
import { byLabels } from "../metrics/series.ts";
import type { MetricDefinition, MetricFamily } from "../metrics/types.ts";

/** Totals of the counters of one collector of one site; they begin at 0. */
export interface CounterTotals {
  /**
   * Adds what one run has counted. Series that are new come in the order of their labels, not in that
   * of the rows: where there are too many, those that came first stay.
   *
   * @returns The totals of the counters that are named in it.
   */
  add(counted: readonly MetricFamily[]): MetricFamily[];
}

/** Starts with nothing counted. */
export function createCounterTotals(): CounterTotals {
  const totals = new Map<MetricDefinition, FamilyBuilder<string>>();
  return {
    add: (counted) =>
      counted.map(({ definition, samples }) => {
        const total = totals.get(definition) ?? familyBuilder(definition);
        totals.set(definition, total);
        for (const { labels, value } of byLabels(samples)) total.add(labels, value);
        return total.build();
      }),
  };
}
