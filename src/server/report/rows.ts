/**
 * The report as rows of one table, for programs that read tables.
 *
 * @module
 */
import type { Finding, JobOutcomes, LongJob } from "../../site/findings/types.ts";
import type { MorningReport, SiteReport } from "./report.ts";
import { failuresByStatus, successByAction } from "./success.ts";
import { expiryKind, gapInWords, STORE_WORDS } from "./words.ts";

/** The columns. */
export const COLUMNS = [
  "site",
  "part",
  "name",
  "value",
  "unit",
  "time",
  "client",
  "policy",
  "job_id",
  "status",
  "text",
] as const;

/** A row; what a column has nothing for is left out. */
export type ReportRow = Readonly<Partial<Record<typeof COLUMNS[number], string | number>>>;

/** All rows of a report. What was not collected has a row that says so, and none with a figure. */
export function reportRows({ sites, now }: MorningReport): ReportRow[] {
  return sites.flatMap((report) => {
    const { site } = report.summary;
    return siteRows(report, now).map((row) => ({ site, ...row }));
  });
}

function siteRows(report: SiteReport, now: number): ReportRow[] {
  const { summary: { downSince }, state, problems, caveats, findings } = report;
  const { jobs, overdue, space, expiries } = findings;
  return [
    { part: "state", name: state, ...time(downSince) },
    ...problems.map(({ reason, message, remedy, collectors, since }) => ({
      ...{ part: "problem", name: collectors.join(" "), status: reason, ...time(since) },
      text: `${message}. ${remedy}`,
    })),
    ...caveats.map((text) => ({ part: "caveat", text })),
    ...partRows("jobs", jobs, now, (value) => jobRows(value, caveats.length === 0), false),
    ...(findings.running ?? []).map(({ jobId, client, policy, action, sinceMs, ...job }) => ({
      ...{ part: "running", name: action, client, policy, job_id: jobId, ...time(sinceMs) },
      ...{ value: Math.round(job.durationMs / 1000), unit: "seconds" },
      text: usualNote(job.usualMs, job.overruns),
    })),
    ...partRows("overdue", overdue, now, (policies) =>
      policies.map(({ policy, clients }) => ({
        ...{ part: "overdue", policy, value: clients, unit: "clients" },
      }))),
    ...partRows("space", space, now, (stores) =>
      stores.map(({ kind, name, free, forecast }) => ({
        ...{ part: "space", name, value: free, unit: "bytes free" },
        ...time(forecast.kind === "full_at" ? forecast.at : undefined),
        text: `${STORE_WORDS[kind]}, ${FORECASTS[forecast.kind]}`,
      }))),
    ...partRows("expiry", expiries, now, (all) =>
      all.map((expiry) => ({
        ...{ part: "expiry", name: expiry.name, ...time(expiry.at), text: expiryKind(expiry) },
        ...{ value: Math.round((expiry.at - now) / 1000), unit: "seconds left" },
      }))),
  ];
}

const FORECASTS = {
  full: "full",
  full_at: "full at this time",
  not_growing: "does not grow",
  no_history: "not enough history",
};

/** @param gaps Whether what is missing has rows of its own. */
function partRows<T>(
  part: string,
  finding: Finding<T>,
  now: number,
  rows: (value: T) => ReportRow[],
  gaps = true,
): ReportRow[] {
  return [
    ...(gaps ? finding.gaps : []).map((gap) => ({
      ...{ part: "missing", name: part, text: gapInWords(gap, now) },
    })),
    ...(finding.value === undefined ? [] : rows(finding.value)),
  ];
}

function jobRows(
  { counts, failures, longest, overran }: JobOutcomes,
  complete: boolean,
): ReportRow[] {
  const note = complete ? {} : { text: "not of all jobs: see the caveats" };
  return [
    ...successByAction(counts).flatMap(([name, success]): ReportRow[] => {
      const { succeeded, failed, missedWindow, cancelled, ratio } = success;
      const row = (value: number, unit: string) => ({ part: "jobs", name, value, unit, ...note });
      return [
        ...(ratio === undefined ? [] : [row(Math.floor(ratio * 1000) / 10, "% succeeded")]),
        row(succeeded, "succeeded"),
        row(failed, "failed"),
        row(missedWindow, "missed the backup window"),
        row(cancelled, "cancelled"),
      ];
    }),
    ...failuresByStatus(counts).map(({ action, status, meaning, jobs }) => ({
      ...{ part: "failures", name: action, value: jobs, unit: "jobs", text: meaning },
      ...(status === undefined ? {} : { status }),
    })),
    ...failures.map(({ jobId, client, policy, action, status, meaning, endMs, recoveredMs }) => ({
      ...{ part: "failure", name: action, client, policy, job_id: jobId, status },
      ...time(endMs),
      text: recoveredMs === undefined
        ? meaning
        : `${meaning}; succeeded at ${new Date(recoveredMs).toISOString()}`,
    })),
    ...overran.map((job) => ({ part: "overran", ...longJobRow(job, true) })),
    ...longest.map((job) => ({ part: "longest", ...longJobRow(job, false) })),
  ];
}

function longJobRow(
  { jobId, client, policy, action, status, endMs, durationMs, usualMs }: LongJob,
  overran: boolean,
): ReportRow {
  return {
    ...{ name: action, client, policy, job_id: jobId, status, ...time(endMs) },
    ...{ value: Math.round(durationMs / 1000), unit: "seconds" },
    text: usualNote(usualMs, overran),
  };
}

function usualNote(usualMs: number | undefined, overruns: boolean): string {
  if (usualMs === undefined) return "";
  return `${overruns ? "much longer than usual: " : ""}usually ${
    Math.round(usualMs / 1000)
  } seconds`;
}

function time(ms: number | undefined): { time?: string } {
  return ms === undefined ? {} : { time: new Date(ms).toISOString() };
}
