/**
 * The sites of a night in which a lot happened, for tests of the report and of its looks.
 *
 * @module
 */
import type { SiteSummary } from "../../src/site/summary.ts";
import {
  DAY,
  failedJob,
  gapOf,
  HOUR,
  known,
  longJob,
  notCollected,
  NOW,
  outcomes,
  runningJob,
  siteFindings,
  statusCount,
  storeSpace,
} from "./_findings.ts";
import { collectorSummary, downSite, failingCollector, siteSummary } from "./_sites.ts";

const FAILURES = [
  failedJob(),
  failedJob({ jobId: 4712, client: "db02", endMs: NOW - 2 * HOUR }),
  failedJob({
    ...{ jobId: 4690, client: "mail-frankfurt-01.example.com", policy: "VMware-Production-Daily" },
    ...{ status: 156, meaning: "a snapshot failed", endMs: NOW - 9 * HOUR },
    recoveredMs: NOW - 5 * HOUR,
  }),
  failedJob({
    ...{ jobId: 4600, client: "nas01", policy: "NDMP", status: 196, class: "missed_window" },
    ...{ meaning: "the backup window closed before the client was tried", endMs: NOW - 11 * HOUR },
  }),
];

const EXPIRIES = [
  { kind: "host_certificate", name: "media02.example.com", at: NOW - 2 * DAY },
  { kind: "api_key", name: "prometheus@example.com", at: NOW + 5 * DAY },
  { kind: "entitlement", name: "ENT-0815", at: NOW + 21 * DAY },
  { kind: "web_certificate", name: "CN=nbu.example.com", at: NOW + 210 * DAY },
];

/** A site with failures, full storage and certificates that expire: all was collected. */
export const BERLIN: SiteSummary = siteSummary({
  site: "berlin",
  collectors: ["jobs", "storage", "diskPools", "apiKey", "certificates", "policies"]
    .map((name) => collectorSummary({ name, main: name === "jobs" || name === "storage" })),
  queue: {
    active: 3,
    queued: 2,
    oldest: { jobId: 4800, sinceMs: NOW - HOUR, reason: "media in use" },
    longest: [],
  },
  findings: () =>
    siteFindings({
      jobs: known(outcomes({
        counts: [
          statusCount({ jobs: 1437 }),
          statusCount({ status: 1, class: "partial", meaning: "completed in part", jobs: 12 }),
          statusCount({
            ...{ status: 58, class: "failed", jobs: 2 },
            meaning: "the client could not be connected to",
          }),
          statusCount({ status: 156, class: "failed", meaning: "a snapshot failed", jobs: 1 }),
          statusCount({
            ...{ status: 196, class: "missed_window", jobs: 1 },
            meaning: "the backup window closed before the client was tried",
          }),
          statusCount({ action: "DUPLICATE", jobs: 300 }),
        ],
        failures: FAILURES,
        failureCount: FAILURES.length,
        longest: [
          longJob({ usualMs: 4 * HOUR }),
          longJob({ jobId: 816, client: "sql03", durationMs: 2 * HOUR }),
        ],
        overran: [longJob({ jobId: 817, client: "sql04", durationMs: HOUR, usualMs: HOUR / 3 })],
      })),
      running: [
        runningJob({ usualMs: 3 * HOUR, overruns: true }),
        runningJob({ jobId: 4501, client: "file08", durationMs: 5 * HOUR }),
      ],
      expiries: known(EXPIRIES),
      space: known([
        storeSpace({ name: "msdp-berlin-01", forecast: { kind: "full_at", at: NOW + 4.5 * DAY } }),
        storeSpace({ name: "msdp-berlin-02" }),
        storeSpace({
          ...{ kind: "storage_unit", name: "stu-basic", growthPerDay: -3 * 1024 ** 3 },
          forecast: { kind: "not_growing" },
        }),
        storeSpace({
          ...{ name: "new-pool", growthPerDay: undefined, watchedMs: 5 * HOUR },
          forecast: { kind: "no_history" },
        }),
      ]),
      overdue: known([{ policy: "Gold", clients: 3 }, { policy: "NDMP", clients: 1 }]),
    }),
});

/** A site where all is well, and little is collected. */
export const PARIS: SiteSummary = siteSummary({
  site: "paris",
  findings: () =>
    siteFindings({
      jobs: known(outcomes({ counts: [statusCount({ jobs: 40 })] })),
      expiries: known([{ kind: "api_key", name: "prometheus", at: NOW + 40 * DAY }], [
        gapOf({ collector: "certificates" }),
        gapOf({ collector: "licensing" }),
      ]),
      space: known([storeSpace({ forecast: { kind: "not_growing" } })]),
      overdue: notCollected("policies"),
    }),
});

/** A site that has been down for two hours. */
export const LIMA: SiteSummary = downSite({
  site: "lima",
  collectors: ["jobs", "storage"].map((name) => failingCollector({ name })),
  findings: () => {
    const failed = (collector: string) =>
      gapOf({ collector, problem: "failed", since: NOW - 2 * HOUR });
    return {
      jobs: {
        value: outcomes({ counts: [statusCount({ jobs: 7 })], upToMs: NOW - 2 * HOUR }),
        asOf: NOW - 2 * HOUR,
        gaps: [failed("jobs")],
      },
      running: undefined,
      expiries: notCollected("certificates"),
      space: {
        value: undefined,
        asOf: undefined,
        gaps: [gapOf({ collector: "storage", problem: "stale", since: NOW - 2 * HOUR })],
      },
      overdue: notCollected("policies"),
    };
  },
});

/** A site that was not watched for the whole night, whose role may see no storage. */
export const DELHI: SiteSummary = siteSummary({
  site: "delhi",
  collectors: [
    collectorSummary(),
    failingCollector({
      name: "storage",
      failure: {
        reason: "forbidden",
        message: "the role of the API key may not view storage units",
        remedy: 'Give the role of the API key the permission to view "|STORAGE|STORAGE-UNITS|".',
      },
    }),
  ],
  findings: () =>
    siteFindings({
      jobs: known(outcomes({ sinceMs: NOW - 3 * HOUR })),
      space: {
        value: undefined,
        asOf: undefined,
        gaps: [gapOf({
          collector: "storage",
          problem: "failed",
          since: NOW - 2 * HOUR,
        })],
      },
      overdue: notCollected("policies"),
    }),
});

/** A site of which nothing was read yet. */
export const TOKYO: SiteSummary = siteSummary({
  site: "tokyo",
  up: undefined,
  version: undefined,
  firstCycleEnded: false,
  collectors: [collectorSummary({ outcome: "waiting", lastSuccessAt: undefined, progress: 0.4 })],
  findings: () => ({
    jobs: {
      value: undefined,
      asOf: undefined,
      gaps: [gapOf({ collector: "jobs", problem: "catching_up", progress: 0.4 })],
    },
    running: undefined,
    expiries: notCollected("certificates"),
    space: {
      value: undefined,
      asOf: undefined,
      gaps: [gapOf({ collector: "storage", problem: "waiting" })],
    },
    overdue: notCollected("policies"),
  }),
});

/** All of them, in the order of a configuration. */
export const NIGHT: readonly SiteSummary[] = [PARIS, BERLIN, LIMA, DELHI, TOKYO];
