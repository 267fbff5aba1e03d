/**
 * `/api/v1/status`: what the status page shows, as JSON. Times are RFC 3339, durations seconds.
 *
 * @module
 */
import type { CollectorSummary, JobQueue } from "../../site/summary.ts";
import type { ServerState } from "../state.ts";
import { countStates, type StateCounts } from "./counts.ts";
import { collectorStatus, type SiteStatus, siteStatus } from "./site_status.ts";

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
  const sites = state.sites().map(siteStatus);
  return {
    ...{ time: rfc3339(state.now()), version, commit },
    configReload: { success: successful, lastSuccessTime: rfc3339(lastSuccessMs) },
    count: countStates(sites),
    sites: sites.map(siteReport),
  };
}

function siteReport({ summary, state, problems }: SiteStatus) {
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
    problems: problems.map(({ since, ...problem }) => ({ ...problem, since: optionalTime(since) })),
    collectors: summary.collectors.map(collectorReport),
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
