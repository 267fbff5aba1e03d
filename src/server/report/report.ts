/**
 * The morning report: what happened on all sites since some time, and what it does not know.
 *
 * @module
 */
import { startOfHour } from "../../base/hours.ts";
import type { SiteFindings } from "../../site/findings/types.ts";
import type { SiteSummary } from "../../site/summary.ts";
import { inWords, utc } from "../pages/words.ts";
import type { ServerState } from "../state.ts";
import { SITE_STATES, type SiteStatus, siteStatus } from "../status/site_status.ts";
import { MAIN_ACTION, ofAction, type Success, successOf } from "./success.ts";
import { expiryUrgency, forecastUrgency, gapInWords } from "./words.ts";

/** One site in a report. */
export interface SiteReport extends SiteStatus {
  readonly findings: SiteFindings;
  /** How the backups ended; undefined where nothing is known of the jobs. */
  readonly backups: Success | undefined;
  /** Why the figures on jobs are not those of the whole window, or of now. Empty: they are. */
  readonly caveats: readonly string[];
}

/** A report. Times are milliseconds since the epoch. */
export interface MorningReport {
  readonly now: number;
  /** The window that was asked for, in milliseconds. */
  readonly windowMs: number;
  /** From when on jobs are told of: the begin of the hour in which the window begins. */
  readonly fromMs: number;
  /** Those that need somebody first. */
  readonly sites: readonly SiteReport[];
}

/** A reading of the jobs is late after this many of its intervals. */
const LATE_INTERVALS = 2;
/** However short the interval is, in milliseconds. */
const LATE_AFTER_MS = 5 * 60_000;

/** Makes a report of all sites. */
export function morningReport(state: ServerState, windowMs: number): MorningReport {
  const now = state.now();
  const fromMs = startOfHour(now - windowMs);
  const sites = state.sites().map((summary) => siteReport(summary, fromMs, now));
  const sorted = sites.toSorted((a, b) => rank(a, now) - rank(b, now));
  return { now, windowMs, fromMs, sites: sorted };
}

/** Makes the report of one site. */
export function siteReport(summary: SiteSummary, fromMs: number, now: number): SiteReport {
  const status = siteStatus(summary);
  const findings = summary.findings(fromMs);
  const jobs = findings.jobs.value;
  return {
    ...status,
    findings,
    backups: jobs && successOf(ofAction(jobs.counts, MAIN_ACTION)),
    caveats: caveatsOf(status, findings, fromMs, now),
  };
}

/** Whether somebody has to look at a site. */
export function needsAttention(site: SiteReport, now: number): boolean {
  return rank(site, now) < SITE_STATES.length + 2;
}

/** Sites by how much they need somebody: down, with failures, incomplete, with findings, well. */
function rank({ state, caveats, findings }: SiteReport, now: number): number {
  if (state !== "up") return SITE_STATES.indexOf(state);
  if (caveats.length > 0) return SITE_STATES.length;
  return SITE_STATES.length + (hasBadNews(findings, now) ? 1 : 2);
}

function hasBadNews({ jobs, overdue, space, expiries }: SiteFindings, now: number): boolean {
  return (jobs.value?.failureCount ?? 0) > 0 || (overdue.value ?? []).length > 0 ||
    (space.value ?? []).some(({ forecast }) => forecastUrgency(forecast, now) === "late") ||
    (expiries.value ?? []).some(({ at }) => expiryUrgency(at, now) === "late");
}

function caveatsOf(
  { state, summary }: SiteStatus,
  { jobs }: SiteFindings,
  fromMs: number,
  now: number,
): string[] {
  const caveats: string[] = [];
  if (state === "down") {
    const { downSince } = summary;
    const since = downSince === undefined ? "" : ` since ${utc(downSince)}`;
    caveats.push(`The site has been down${since}: what has happened there meanwhile is not known.`);
  }
  const { value, asOf, gaps } = jobs;
  caveats.push(...gaps.map((gap) => gapInWords(gap, now)));
  if (value === undefined || asOf === undefined) {
    caveats.push("Nothing is known of its jobs.");
    return caveats;
  }
  const { sinceMs } = value;
  if (sinceMs === undefined || sinceMs > fromMs) {
    const since = sinceMs === undefined ? "" : ` that ended before ${utc(sinceMs)}`;
    caveats.push(`Jobs${since} are not counted: the exporter did not watch the site before.`);
  }
  const interval = summary.collectors.find(({ readsJobs }) => readsJobs)?.intervalMs ?? 0;
  if (now - asOf > Math.max(LATE_AFTER_MS, LATE_INTERVALS * interval)) {
    caveats.push(`Jobs were last read ${inWords(now - asOf)} ago, at ${utc(asOf)}.`);
  }
  return caveats;
}
