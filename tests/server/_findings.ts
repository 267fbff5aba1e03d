/**
 * Findings of sites for tests of the pages and of the report.
 *
 * @module
 */
import type {
  FailedJob,
  Finding,
  Gap,
  JobOutcomes,
  LongJob,
  RunningJob,
  SiteFindings,
  StatusCount,
  StoreSpace,
} from "../../src/site/findings/types.ts";

/** The moment at which the pages of tests are made, in milliseconds since the epoch. */
export const NOW = Date.UTC(2026, 10, 20, 22, 12, 0);
/** In milliseconds. */
export const HOUR = 3_600_000;
/** In milliseconds. */
export const DAY = 24 * HOUR;
/** Begin of the window of a day. */
export const FROM = Date.UTC(2026, 10, 19, 22, 0, 0);

/** Something that was collected 20 seconds ago, in full. */
export function known<T>(value: T, gaps: readonly Gap[] = []): Finding<T> {
  return { value, asOf: NOW - 20_000, gaps };
}

/** Something that was not collected, as its collector is off. */
export function notCollected<T>(collector: string): Finding<T> {
  return { value: undefined, asOf: undefined, gaps: [gapOf({ collector })] };
}

/** A collector that is off. */
export function gapOf(changes: Partial<Gap> = {}): Gap {
  return {
    collector: "policies",
    problem: "off",
    since: undefined,
    progress: undefined,
    ...changes,
  };
}

/** Jobs that ended with status 0. */
export function statusCount(changes: Partial<StatusCount> = {}): StatusCount {
  return {
    ...{ action: "BACKUP", status: 0, class: "success", meaning: "completed", jobs: 1 },
    ...changes,
  };
}

/** A backup that could not connect to its client, three hours ago. */
export function failedJob(changes: Partial<FailedJob> = {}): FailedJob {
  return {
    jobId: 4711,
    client: "db01",
    policy: "Gold",
    action: "BACKUP",
    status: 58,
    meaning: "the client could not be connected to",
    class: "failed",
    startMs: NOW - 4 * HOUR,
    endMs: NOW - 3 * HOUR,
    recoveredMs: undefined,
    ...changes,
  };
}

/** A backup that took five hours. */
export function longJob(changes: Partial<LongJob> = {}): LongJob {
  return {
    jobId: 815,
    client: "file01",
    policy: "Bronze",
    action: "BACKUP",
    status: 0,
    meaning: "completed",
    startMs: NOW - 6 * HOUR,
    endMs: NOW - HOUR,
    durationMs: 5 * HOUR,
    usualMs: undefined,
    ...changes,
  };
}

/** A backup that has been running for 14 hours. */
export function runningJob(changes: Partial<RunningJob> = {}): RunningJob {
  return {
    ...{ jobId: 4500, client: "file07", policy: "Archive", schedule: "Full", action: "BACKUP" },
    ...{ sinceMs: NOW - 14 * HOUR, durationMs: 14 * HOUR, usualMs: undefined, overruns: false },
    ...changes,
  };
}

/** A night without a job, watched for a week. */
export function outcomes(changes: Partial<JobOutcomes> = {}): JobOutcomes {
  return {
    fromMs: FROM,
    sinceMs: NOW - 7 * DAY,
    upToMs: NOW - 20_000,
    counts: [],
    failures: [],
    failureCount: 0,
    longest: [],
    overran: [],
    ...changes,
  };
}

/** A disk pool of 10 TiB that is full in 12 days. */
export function storeSpace(changes: Partial<StoreSpace> = {}): StoreSpace {
  return {
    kind: "disk_pool",
    name: "pool-1",
    used: 7 * 1024 ** 4,
    free: 3 * 1024 ** 4,
    forecast: { kind: "full_at", at: NOW + 12.5 * DAY },
    growthPerDay: 256 * 1024 ** 3,
    watchedMs: 7 * DAY,
    ...changes,
  };
}

/** Findings of a site where all was collected, and nothing is wrong. */
export function siteFindings(changes: Partial<SiteFindings> = {}): SiteFindings {
  return {
    jobs: known(outcomes()),
    running: [],
    expiries: known([]),
    space: known([]),
    overdue: known([]),
    ...changes,
  };
}
