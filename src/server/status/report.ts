/**
 * `/api/v1/status`: what the status page shows, as JSON. Times are RFC 3339, durations seconds.
 *
 * @module
 */
import type { CollectorSummary, JobQueue } from "../../site/summary.ts";
import type { ServerState } from "../state.ts";
import { countStates, type StateCounts } from "./counts.ts";
import { problemsJson, siteFindings } from "../report/json.ts";
import { type SiteReport, siteReport } from "../report/report.ts";
import { DEFAULT_WINDOW_MS } from "../report/window.ts";
import { startOfHour } from "../../base/hours.ts";
import { collectorStatus } from "./site_status.ts";

/** The whole status; its form is kept within `/api/v1`. */
export interface StatusReport {
  readonly time: string;
  readonly version: string;
  readonly commit: string;
  readonly configReload: { readonly success: boolean; readonly lastSuccessTime: string };
  readonly count: StateCounts;
  readonly sites: readonly unknown[];
}

/** Makes the report. */
export function statusReport(state: ServerState): StatusReport {
  const { build: { version, commit } } = state;
  const { successful, lastSuccessMs } = state.reloadStatus();
  const now = state.now();
  const from = startOfHour(now - DEFAULT_WINDOW_MS);
  const sites = state.sites().map((summary) => siteReport(summary, from, now));
  return {
    ...{ time: rfc3339(now), version, commit },
    configReload: { success: successful, lastSuccessTime: rfc3339(lastSuccessMs) },
    count: countStates(sites),
    sites: sites.map((site) => siteJson(site, now)),
  };
}

function siteJson(site: SiteReport, now: number) {
  const { summary, state, problems } = site;
  return {
    site: summary.site,
    url: summary.baseUrl,
    state,
    downSince: optionalTime(summary.downSince),
    apiVersion: summary.version ?? null,
    tlsVerification: !summary.insecureSkipVerify,
    slowDownFactor: summary.factor,
    requestsInLastHour: summary.requestsInLastHour,
    jobs: summary.queue ? jobsReport(summary.queue) : null,
    problems: problemsJson(problems),
    collectors: summary.collectors.map(collectorReport),
    lastDay: siteFindings(site, now),
  };
}

function jobsReport({ active, queued, oldest }: JobQueue) {
  const oldestQueued = oldest &&
    { jobId: oldest.jobId, since: rfc3339(oldest.sinceMs), reason: oldest.reason };
  return { active, queued, oldestQueued: oldestQueued ?? null };
}

function collectorReport(collector: CollectorSummary) {
  const { name, rows, durationSeconds, intervalMs, running, progress } = collector;
  return {
    collector: name,
    state: collectorStatus(collector),
    lastSuccess: optionalTime(collector.lastSuccessAt),
    failingSince: optionalTime(collector.failingSince),
    failure: collector.failure ?? null,
    rows: rows ?? null,
    durationSeconds: durationSeconds ?? null,
    intervalSeconds: intervalMs / 1000,
    running,
    nextRun: optionalTime(collector.nextRunAt),
    progress: progress ?? null,
  };
}

function optionalTime(ms: number | undefined): string | null {
  return ms === undefined ? null : rfc3339(ms);
}

function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
