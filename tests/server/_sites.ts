/**
 * Summaries of sites for tests of the pages.
 *
 * @module
 */
import type { CollectorSummary, SiteSummary } from "../../src/site/summary.ts";
import { NOW, siteFindings } from "./_findings.ts";

export { NOW };

/** A collector that worked 20 seconds ago. */
export function collectorSummary(changes: Partial<CollectorSummary> = {}): CollectorSummary {
  return {
    name: "jobs",
    about: "Jobs.",
    main: true,
    readsJobs: (changes.name ?? "jobs") === "jobs",
    outcome: "ok",
    stale: false,
    failure: undefined,
    failingSince: undefined,
    lastSuccessAt: NOW - 20_000,
    rows: 1234,
    everHadRows: true,
    durationSeconds: 0.25,
    intervalMs: 300_000,
    running: false,
    nextRunAt: NOW + 280_000,
    progress: undefined,
    ...changes,
  };
}

/** A collector whose runs have failed for two hours. */
export function failingCollector(changes: Partial<CollectorSummary> = {}): CollectorSummary {
  return collectorSummary({
    outcome: "failed",
    failure: { reason: "connect", message: "cannot connect to x", remedy: 'Check "host".' },
    failingSince: NOW - 2 * 3_600_000,
    ...changes,
  });
}

/** A site that is up. */
export function siteSummary(changes: Partial<SiteSummary> = {}): SiteSummary {
  return {
    site: "a",
    baseUrl: "https://nbu.example.com:1556/netbackup",
    up: true,
    downSince: undefined,
    version: "14.0",
    insecureSkipVerify: false,
    firstCycleEnded: true,
    factor: 1,
    requestsInLastHour: 42,
    queue: undefined,
    collectors: [collectorSummary()],
    findings: () => siteFindings(),
    ...changes,
  };
}

/** A site that has been down for two hours. */
export function downSite(changes: Partial<SiteSummary> = {}): SiteSummary {
  const downSince = NOW - 2 * 3_600_000;
  return siteSummary({ up: false, downSince, collectors: [failingCollector()], ...changes });
}
