/**
 * Every metric of the exporter, gathered from where they are filled.
 *
 * @module
 */
import { COLLECTORS } from "../../src/collectors/registry.ts";
import * as api from "../../src/metrics/catalogue/api.ts";
import * as exporter from "../../src/metrics/catalogue/exporter.ts";
import * as site from "../../src/metrics/catalogue/site.ts";
import { definitionsOf } from "../../src/metrics/define.ts";
import * as jobs from "../../src/ledger/metrics/jobs.ts";
import * as ledger from "../../src/ledger/metrics/ledger.ts";
import type { HistogramBounds, MetricArea } from "./metrics_reference.ts";
import type { MetricDefinition } from "../../src/metrics/types.ts";

/** All definitions by area, in the order of the reference. */
export const AREAS: readonly MetricArea[] = Object.freeze([
  { title: "Primaries and collectors", definitions: definitionsOf(site) },
  ...COLLECTORS.map(({ name, metrics, labels }) => ({
    title: `Collector \`${name}\``,
    definitions: metrics,
    labels,
  })),
  { title: "Requests to NetBackup", definitions: definitionsOf(api) },
  { title: "The exporter itself", definitions: definitionsOf(exporter) },
]);

/**
 * All definitions. The program does not read this list: that all it defines are in it, and no two of
 * one name, is for its test to find, before a run publishes them and fails.
 */
export const CATALOGUE: readonly MetricDefinition[] = Object.freeze(
  uniqueByName(AREAS.flatMap(({ definitions }) => definitions)),
);

/**
 * The definitions without repetitions: several collectors may fill one metric.
 *
 * @throws Error When two different definitions share a name.
 */
export function uniqueByName(
  definitions: readonly MetricDefinition[],
): readonly MetricDefinition[] {
  const byName = new Map<string, MetricDefinition>();
  for (const definition of definitions) {
    const { name } = definition;
    if ((byName.get(name) ?? definition) !== definition) {
      throw new Error(`Two metrics have the name "${name}"`);
    }
    byName.set(name, definition);
  }
  return [...byName.values()];
}

/** The buckets of all histograms. */
export const HISTOGRAMS: readonly HistogramBounds[] = Object.freeze([
  { name: jobs.jobDurationSeconds.name, bounds: jobs.DURATION_BOUNDS },
  { name: ledger.jobQueueWaitSeconds.name, bounds: ledger.QUEUE_WAIT_BOUNDS },
  { name: ledger.jobThroughputBytesPerSecond.name, bounds: ledger.THROUGHPUT_BOUNDS },
  { name: api.apiRequestDurationSeconds.name, bounds: api.REQUEST_DURATION_BOUNDS },
]);
