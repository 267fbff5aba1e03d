/**
 * What one site shows to the world: plain data made from the states of its collectors.
 *
 * @module
 */
import {
  apiVersion,
  collectorDurationSeconds,
  collectorErrorsTotal,
  collectorLastSuccessTimestampSeconds,
  collectorRows,
  collectorStale,
  collectorSuccess,
  collectorUnsupported,
  lastScrapeTimestampSeconds,
  tlsVerificationDisabled,
  up,
} from "../metrics/catalogue.ts";
import { familyBuilder } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { CollectorState } from "./collector_state.ts";

/** What a snapshot is made from. */
export interface SnapshotInput {
  readonly site: string;
  readonly version: string | undefined;
  readonly insecureSkipVerify: boolean;
  readonly collectors: readonly CollectorView[];
}

/** A collector's state, and whether its result is too old to be shown. */
export interface CollectorView {
  readonly state: CollectorState;
  readonly stale: boolean;
}

/** The sources that decide whether a site is up, and have a time stamp under the old name. */
const MAIN_SOURCES: readonly string[] = ["storage", "jobs"];

/** True, false, or undefined while it is not known: no main source has ended a run. */
export function isUp(collectors: readonly CollectorView[]): boolean | undefined {
  const main = collectors.map((c) => c.state).filter((state) => MAIN_SOURCES.includes(state.name));
  if (main.some((state) => state.runs > 0 && !state.failure)) return true;
  return main.some((state) => state.runs === 0) ? undefined : false;
}

/** All families of a site. */
export function snapshotFamilies(input: SnapshotInput): MetricFamily[] {
  const { site } = input;
  const collected = input.collectors.flatMap(({ state, stale }) => {
    if (!state.last) return [];
    // Counters stay: they are as true as ever, and a gap would look like a reset.
    return [...(stale ? [] : state.last.result.families), ...state.last.result.cumulative];
  });
  const tls = familyBuilder(tlsVerificationDisabled);
  tls.set({ site }, input.insecureSkipVerify ? 1 : 0);
  const version = familyBuilder(apiVersion);
  if (input.version !== undefined) version.set({ site, version: input.version }, 1);
  const siteUp = familyBuilder(up);
  const known = isUp(input.collectors);
  if (known !== undefined) siteUp.set({ site }, known ? 1 : 0);
  return [siteUp.build(), version.build(), tls.build(), ...health(input), ...collected];
}

function health({ site, collectors }: SnapshotInput): MetricFamily[] {
  const lastScrape = familyBuilder(lastScrapeTimestampSeconds);
  const success = familyBuilder(collectorSuccess);
  const duration = familyBuilder(collectorDurationSeconds);
  const lastSuccess = familyBuilder(collectorLastSuccessTimestampSeconds);
  const rows = familyBuilder(collectorRows);
  const staleness = familyBuilder(collectorStale);
  const unsupported = familyBuilder(collectorUnsupported);
  const errors = familyBuilder(collectorErrorsTotal);
  for (const { state, stale } of collectors) {
    const labels = { site, collector: state.name };
    for (const [reason, count] of state.errors) errors.set({ ...labels, reason }, count);
    if (state.runs === 0) continue;
    success.set(labels, state.failure ? 0 : 1);
    duration.set(labels, state.durationSeconds);
    staleness.set(labels, stale ? 1 : 0);
    unsupported.set(labels, state.failure?.reason === "unsupported" ? 1 : 0);
    if (!state.last) continue;
    lastSuccess.set(labels, state.last.at / 1000);
    rows.set(labels, state.last.result.rows);
    if (MAIN_SOURCES.includes(state.name)) {
      lastScrape.set({ site, source: state.name }, state.last.at / 1000);
    }
  }
  return [lastScrape, success, duration, lastSuccess, rows, staleness, unsupported, errors]
    .map((family) => family.build());
}
