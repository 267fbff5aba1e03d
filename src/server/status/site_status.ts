/**
 * What the status page says about a site, from its summary.
 *
 * @module
 */
import type { CollectorSummary, SiteSummary } from "../../site/summary.ts";
import { problemsOf, type SiteProblem } from "./problems.ts";

/** States of a site, those that need somebody first. `degraded`: up, but a collector fails. */
export const SITE_STATES = ["down", "degraded", "starting", "up"] as const;

/** State of a site. */
export type SiteState = typeof SITE_STATES[number];

/** The states in words. */
export const STATE_WORDS: Readonly<Record<SiteState, string>> = {
  down: "down",
  degraded: "up, with failures",
  starting: "starting",
  up: "up",
};

/** State of a collector. `stale`: its last result is too old, and its series are withdrawn. */
export type CollectorStatus = "ok" | "failed" | "stale" | "unsupported" | "waiting";

/** A site with what is wrong with it. */
export interface SiteStatus {
  readonly summary: SiteSummary;
  readonly state: SiteState;
  readonly problems: readonly SiteProblem[];
}

/** Sums up a site. */
export function siteStatus(summary: SiteSummary): SiteStatus {
  const problems = problemsOf(summary.collectors);
  return { summary, problems, state: stateOf(summary, problems) };
}

function stateOf({ up }: SiteSummary, problems: readonly SiteProblem[]): SiteState {
  if (up === undefined) return "starting";
  if (!up) return "down";
  return problems.length > 0 ? "degraded" : "up";
}

/** State of a collector. */
export function collectorStatus({ outcome, stale }: CollectorSummary): CollectorStatus {
  return stale ? "stale" : outcome;
}

/** When the main collectors had last all been read; undefined while one never was. */
export function lastReadAt({ collectors }: SiteSummary): number | undefined {
  const main = collectors.filter(({ main }) => main);
  const times = main.map(({ lastSuccessAt }) => lastSuccessAt);
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 && known.length === times.length ? Math.min(...known) : undefined;
}

/** When the next collection begins; undefined while one is running, and before the first. */
export function nextRunAt({ collectors }: SiteSummary): number | undefined {
  if (collectors.some(({ running }) => running)) return undefined;
  const times = collectors.map(({ nextRunAt }) => nextRunAt).filter((time) => time !== undefined);
  return times.length > 0 ? Math.min(...times) : undefined;
}
