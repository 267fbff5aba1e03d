/**
 * Jobs, by the ledger, which holds what its counters need from run to run.
 *
 * @module
 */
import * as v from "valibot";
import { key } from "../config/schema/keys.ts";
import { duration, wholeNumber } from "../config/schema/leaves.ts";
import type { TreeMap } from "../config/tree.ts";
import { createLedgerCollector, type LedgerSettings } from "../ledger/collector.ts";
import * as jobMetrics from "../ledger/metrics/jobs.ts";
import * as ledgerMetrics from "../ledger/metrics/ledger.ts";
import * as storageMetrics from "../ledger/metrics/storage.ts";
import { definitionsOf } from "../metrics/define.ts";
import { JOBS_ENDPOINT } from "../netbackup/resources/jobs.ts";
import { JOB_COUNT_ENDPOINT, jobCountRequest } from "../netbackup/resources/job_count.ts";
import { STATUS_CODES_ENDPOINT } from "../netbackup/resources/status_codes.ts";
import type { CollectorDefinition } from "./collector.ts";
import { JobFeed } from "./job_feed.ts";
import { RecentOutcomes } from "./outcomes/outcomes.ts";
import { primaryOf } from "./primary.ts";

const options = {
  maxStatusCodes: v.optional(
    key(wholeNumber(1, 10_000), "Status codes per action with a series each; others are `other`."),
    "200",
  ),
  windowCheck: v.optional(
    key(
      duration({ min: "not-negative", atMostOneDay: true }),
      "How often to compare the look-back window with the primary's own count; 0 for never.",
    ),
    "1h",
  ),
};
const parser = v.object(options);

/** Reads each job about once and counts it exactly once. */
export const jobs: CollectorDefinition = Object.freeze<CollectorDefinition>({
  name: "jobs",
  summary: "Jobs.",
  enabledByDefault: true,
  main: true,
  readsJobs: true,
  resources: [
    { endpoint: JOBS_ENDPOINT, permission: "|MANAGE|JOBS|", since: "10.0" },
    {
      endpoint: JOB_COUNT_ENDPOINT,
      permission: "|MANAGE|JOBS|",
      since: "10.0",
      body: jobCountRequest("state eq 'QUEUED'"),
    },
    { endpoint: STATUS_CODES_ENDPOINT, permission: "", since: "12.0" },
  ],
  labels: {
    outcome:
      "Of backups `first_try` or `after_retry` with status 0 or 1, `failed` with any other, 150 and 196 included",
    class: "`success`, `partial`, `failed`, `cancelled` or `missed_window`",
    label: "Label whose value is `other`: `action`, `policy_type` or `status`",
    part: "Part of the jobs: `finished` or `unfinished`",
    meaning: "What the status code means, in words",
  },
  metrics: [jobMetrics, ledgerMetrics, storageMetrics].flatMap(definitionsOf),
  options,
  interval: ({ collectionIntervalMs }) => collectionIntervalMs,
  create: ({ site, primary, options, state }) => {
    const ledger = createLedgerCollector({
      site,
      ...settingsOf(options),
      checkpoint: state?.checkpoint({ site, primary }),
    });
    const completions = new JobFeed(ledger);
    const outcomes = new RecentOutcomes((status) => ledger.statusText(status));
    // Before the first reading: what was kept is restored with the counters.
    void ledger.attach(outcomes.section);
    ledger.subscribe((completion) => outcomes.observe(completion));
    return {
      name: ledger.name,
      completions,
      outcomes,
      async collect(context) {
        const primary = primaryOf(context);
        const primaryTime = () => primary.timeMs;
        const started = context.clock.now();
        const result = await completions.watch(() => ledger.collect({ ...context, primaryTime }));
        outcomes.noteReading(started, started + (primary.clockSkewMs ?? 0));
        return result;
      },
      liveFamilies: () => ledger.liveFamilies(),
      progress: () => ledger.progress(),
      partsReadAt: () => ledger.partsReadAt(),
      restore: (parts) => ledger.restore(parts),
      queue: () => ledger.queue(),
      async flush(logger) {
        await completions.settled();
        await ledger.flush(logger);
      },
      reconfigure: (options) => ledger.reconfigure(settingsOf(options)),
    };
  },
});

function settingsOf(options: TreeMap): LedgerSettings {
  const { maxStatusCodes, windowCheck } = v.parse(parser, options);
  return { maxStatusCodes, windowCheckMs: windowCheck };
}
