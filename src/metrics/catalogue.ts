/**
 * Every metric of the exporter, gathered from where it is filled;
 * the reference in `docs/metrics.md` is made from it.
 *
 * @module
 */
import * as api from "./catalogue/api.ts";
import * as exporter from "./catalogue/exporter.ts";
import * as jobs from "../ledger/metrics/jobs.ts";
import * as ledger from "../ledger/metrics/ledger.ts";
import * as site from "./catalogue/site.ts";
import * as storage from "./catalogue/storage.ts";
import type { MetricDefinition } from "./types.ts";

export * from "./catalogue/api.ts";
export * from "./catalogue/exporter.ts";
export * from "../ledger/metrics/jobs.ts";
export * from "../ledger/metrics/ledger.ts";
export * from "./catalogue/site.ts";
export * from "./catalogue/storage.ts";

/** Metrics that belong together. */
export interface MetricArea {
  readonly title: string;
  readonly definitions: readonly MetricDefinition[];
}

/** All definitions by area, in the order of the reference. */
export const AREAS: readonly MetricArea[] = Object.freeze([
  { title: "Primaries and collectors", definitions: definitionsOf(site) },
  { title: "Storage units", definitions: definitionsOf(storage) },
  { title: "Jobs", definitions: definitionsOf(jobs) },
  { title: "The job ledger", definitions: definitionsOf(ledger) },
  { title: "Requests to NetBackup", definitions: definitionsOf(api) },
  { title: "The exporter itself", definitions: definitionsOf(exporter) },
]);

/** All definitions. */
export const CATALOGUE: readonly MetricDefinition[] = Object.freeze(
  AREAS.flatMap(({ definitions }) => definitions),
);

/** What an area exports beside definitions are bucket bounds. */
function definitionsOf(
  area: Readonly<Record<string, MetricDefinition | readonly number[]>>,
): readonly MetricDefinition[] {
  return Object.values(area).filter((value): value is MetricDefinition => "name" in value);
}
