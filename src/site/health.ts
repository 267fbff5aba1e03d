/**
 * What a site and its collectors say of themselves, as metrics.
 *
 * @module
 */
import {
  apiVersion,
  collectionIntervalFactor,
  collectorDurationSeconds,
  collectorLastSuccessTimestampSeconds,
  collectorRows,
  collectorStale,
  collectorSuccess,
  collectorUnsupported,
  lastScrapeTimestampSeconds,
  tlsVerificationDisabled,
  up,
} from "../metrics/catalogue.ts";
import { familyBuilder, singleSample } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { CollectorState } from "./collector_state.ts";
import type { FailedRuns } from "./failed_runs.ts";

/** A collector as the site's health sees it. */
export interface CollectorView {
  readonly state: CollectorState;
  /** It decides whether the site is up. */
  readonly main: boolean;
}

/** What is known of a site. */
export interface SiteHealth {
  readonly site: string;
  /** Undefined until known. */
  readonly up: boolean | undefined;
  readonly version: string | undefined;
  readonly insecureSkipVerify: boolean;
  /** By how much its intervals are longer than configured. */
  readonly factor: number;
  readonly collectors: readonly CollectorView[];
  readonly failedRuns: FailedRuns;
}

/**
 * Whether a site is up: the last contact worked, and a main collector's last run succeeded.
 *
 * @returns Undefined while no main collector has ended a run.
 */
export function isUp(
  contact: boolean | undefined,
  collectors: readonly CollectorView[],
): boolean | undefined {
  const main = collectors.filter(({ main }) => main).map(({ state }) => state);
  const deciding = main.length > 0 ? main : collectors.map(({ state }) => state);
  if (deciding.some(({ outcome }) => outcome === "ok")) return contact;
  return deciding.some(({ outcome }) => outcome === undefined) ? undefined : false;
}

/** All families of a site's health. */
export function healthFamilies(health: SiteHealth): MetricFamily[] {
  const { site, version } = health;
  const siteUp = familyBuilder(up);
  if (health.up !== undefined) siteUp.set({ site }, health.up ? 1 : 0);
  const versions = familyBuilder(apiVersion);
  if (version !== undefined) versions.set({ site, version }, 1);
  return [
    siteUp.build(),
    versions.build(),
    singleSample(tlsVerificationDisabled, { site }, health.insecureSkipVerify ? 1 : 0),
    singleSample(collectionIntervalFactor, { site }, health.factor),
    ...collectorFamilies(health),
  ];
}

function collectorFamilies({ site, collectors, failedRuns }: SiteHealth): MetricFamily[] {
  const lastScrape = familyBuilder(lastScrapeTimestampSeconds);
  const success = familyBuilder(collectorSuccess);
  const duration = familyBuilder(collectorDurationSeconds);
  const lastSuccess = familyBuilder(collectorLastSuccessTimestampSeconds);
  const rows = familyBuilder(collectorRows);
  const staleness = familyBuilder(collectorStale);
  const lacking = familyBuilder(collectorUnsupported);
  for (const { state, main } of collectors) {
    const labels = { site, collector: state.name };
    // These are there from the start, so that an alert on the age fires for what was never read.
    const seconds = (state.lastSuccessAt ?? 0) / 1000;
    lastSuccess.set(labels, seconds);
    if (main) lastScrape.set({ site, source: state.name }, seconds);
    if (state.outcome === undefined) continue;
    success.set(labels, state.outcome === "failed" ? 0 : 1);
    duration.set(labels, state.durationSeconds);
    // Of what was never read nothing is shown either.
    const shown = state.last !== undefined && !state.stale;
    staleness.set(labels, shown || state.outcome === "unsupported" ? 0 : 1);
    lacking.set(labels, state.outcome === "unsupported" ? 1 : 0);
    // Nor are the rows of a success before the restart known.
    if (state.last) rows.set(labels, state.last.rows);
    else if (state.outcome === "unsupported") rows.set(labels, 0);
  }
  return [
    ...[lastScrape, success, duration, lastSuccess, rows, staleness, lacking]
      .map((family) => family.build()),
    failedRuns.family(site, collectors.map(({ state }) => state)),
  ];
}
