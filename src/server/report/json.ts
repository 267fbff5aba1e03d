/**
 * The report as JSON. Times are RFC 3339, durations seconds, sizes bytes; what is not known is `null`.
 *
 * @module
 */
import type { Finding, Gap, JobOutcomes, LongJob, StoreSpace } from "../../site/findings/types.ts";
import type { SiteProblem } from "../status/problems.ts";
import type { MorningReport, SiteReport } from "./report.ts";
import { failuresByStatus, type Success, successByAction } from "./success.ts";
import { expiryKind, gapInWords } from "./words.ts";

/** The whole report as a value for JSON. */
export function reportJson(report: MorningReport): unknown {
  const { now, fromMs, sites } = report;
  return {
    time: rfc3339(now),
    from: rfc3339(fromMs),
    sites: sites.map((site) => ({
      site: site.summary.site,
      state: site.state,
      downSince: optionalTime(site.summary.downSince),
      problems: problemsJson(site.problems),
      ...siteFindings(site, now),
    })),
  };
}

/** What a report says of one site, as a value for JSON. */
export function siteFindings(site: SiteReport, now: number): Readonly<Record<string, unknown>> {
  const { findings, caveats } = site;
  return {
    jobsComplete: caveats.length === 0,
    caveats,
    jobs: findingJson(findings.jobs, now, jobsJson),
    running: findings.running?.map(({ sinceMs, durationMs, usualMs, ...job }) => ({
      ...job,
      since: rfc3339(sinceMs),
      durationSeconds: seconds(durationMs),
      usualSeconds: usualMs === undefined ? null : seconds(usualMs),
    })) ?? null,
    overdue: findingJson(findings.overdue, now, (policies) => ({ policies })),
    space: findingJson(findings.space, now, (stores) => ({
      stores: stores.map((store) => storeJson(store)),
    })),
    expiries: findingJson(findings.expiries, now, (expiries) => ({
      items: expiries.map((expiry) => ({
        kind: expiry.kind,
        what: expiryKind(expiry),
        name: expiry.name,
        expires: rfc3339(expiry.at),
        secondsLeft: seconds(expiry.at - now),
      })),
    })),
  };
}

function findingJson<T>(
  { value, asOf, gaps }: Finding<T>,
  now: number,
  known: (value: T) => Readonly<Record<string, unknown>>,
) {
  return {
    collected: value !== undefined,
    asOf: optionalTime(asOf),
    missing: gaps.map((gap) => gapJson(gap, now)),
    ...(value === undefined ? {} : known(value)),
  };
}

function gapJson(gap: Gap, now: number) {
  const { collector, problem, since } = gap;
  return { collector, problem, since: optionalTime(since), message: gapInWords(gap, now) };
}

function jobsJson(
  { fromMs, sinceMs, counts, failures, failureCount, longest, overran }: JobOutcomes,
) {
  return {
    from: rfc3339(fromMs),
    watchedSince: optionalTime(sinceMs),
    actions: successByAction(counts).map(([action, success]) => ({
      action,
      ...successJson(success),
    })),
    failureCount,
    failuresByStatus: failuresByStatus(counts).map(({ action, status, meaning, jobs }) => ({
      ...{ action, status: status ?? null, meaning, jobs },
    })),
    failures: failures.map(({ startMs, endMs, recoveredMs, ...job }) => ({
      ...job,
      start: optionalTime(startMs),
      end: rfc3339(endMs),
      succeededSince: optionalTime(recoveredMs),
    })),
    longest: longest.map(longJobJson),
    overran: overran.map(longJobJson),
  };
}

function longJobJson({ startMs, endMs, durationMs, usualMs, ...job }: LongJob) {
  return {
    ...job,
    start: optionalTime(startMs),
    end: rfc3339(endMs),
    durationSeconds: seconds(durationMs),
    usualSeconds: usualMs === undefined ? null : seconds(usualMs),
  };
}

function successJson({ ratio, ...jobs }: Success) {
  return { ...jobs, successRatio: ratio ?? null };
}

function storeJson({ kind, name, used, free, forecast, growthPerDay, watchedMs }: StoreSpace) {
  return {
    ...{ kind, name },
    usedBytes: used,
    freeBytes: free,
    forecast: forecast.kind,
    fullAt: forecast.kind === "full_at" ? rfc3339(forecast.at) : null,
    growthBytesPerDay: growthPerDay === undefined ? null : Math.round(growthPerDay),
    watchedSeconds: seconds(watchedMs),
  };
}

/** What is wrong with a site, as a value for JSON. */
export function problemsJson(problems: readonly SiteProblem[]): unknown {
  return problems.map(({ since, ...problem }) => ({ ...problem, since: optionalTime(since) }));
}

function optionalTime(ms: number | undefined): string | null {
  return ms === undefined ? null : rfc3339(ms);
}

function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
