/**
 * Metrics of the job ledger: true counters over all completions, and the jobs as they are now.
 *
 * @module
 */
import { defineMetric } from "../../metrics/define.ts";

/** Upper bounds, in seconds, of `nbu_job_queue_wait_seconds`. */
export const QUEUE_WAIT_BOUNDS: readonly number[] = Object.freeze(
  [1, 10, 60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400],
);

/** Upper bounds, in bytes per second, of `nbu_job_throughput_bytes_per_second`. */
export const THROUGHPUT_BOUNDS: readonly number[] = Object.freeze(
  [1e5, 1e6, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 5e8, 1e9, 2e9],
);

export const jobsCompletedTotal = defineMetric(
  "nbu_jobs_completed_total",
  "counter",
  "Completions of jobs, each counted once; a job that is resumed and ends again counts again",
  ["site", "action", "policy_type", "status", "level"],
);

export const jobsOutcomeTotal = defineMetric(
  "nbu_jobs_outcome_total",
  "counter",
  "Completions of jobs by class of their status: success, partial, failed, cancelled, missed_window;" +
    " 0 from the start, so that increase() sees the first failure",
  ["site", "action", "class"],
);

export const backupsTotal = defineMetric(
  "nbu_backups_total",
  "counter",
  "Completions of backups by outcome, each counted once: of jobs of the action BACKUP without children," +
    " which have an image each",
  ["site", "outcome"],
);

export const jobsProtectedBytesTotal = defineMetric(
  "nbu_jobs_protected_bytes_total",
  "counter",
  "Bytes protected by completed jobs without children, before deduplication",
  ["site", "action", "policy_type"],
);

export const jobsWireBytesTotal = defineMetric(
  "nbu_jobs_wire_bytes_total",
  "counter",
  "Bytes sent over the wire by completed jobs without children",
  ["site", "action", "policy_type"],
);

export const jobsFilesTotal = defineMetric(
  "nbu_jobs_files_total",
  "counter",
  "Files processed by completed jobs without children",
  ["site", "action", "policy_type"],
);

export const jobsRetriesTotal = defineMetric(
  "nbu_jobs_retries_total",
  "counter",
  "Tries of completed jobs beyond the first of each",
  ["site", "action"],
);

export const jobQueueWaitSeconds = defineMetric(
  "nbu_job_queue_wait_seconds",
  "histogram",
  "Time from the start of a job to the start of its work, of completed jobs without children that" +
    " needed one try",
  ["site", "action"],
);

export const jobThroughputBytesPerSecond = defineMetric(
  "nbu_job_throughput_bytes_per_second",
  "histogram",
  "Transfer rate of completed jobs without children that move data and report one",
  ["site", "action"],
);

export const jobsCurrent = defineMetric(
  "nbu_jobs_current",
  "gauge",
  "Jobs that have not ended by state, collected in the background; DONE is always 0",
  ["site", "action", "state"],
);

export const jobsOldestQueuedTimestampSeconds = defineMetric(
  "nbu_jobs_oldest_queued_timestamp_seconds",
  "gauge",
  "Unix time at which the oldest queued job started to wait; absent while none is queued",
  ["site", "action"],
);

export const jobsOldestActiveTimestampSeconds = defineMetric(
  "nbu_jobs_oldest_active_timestamp_seconds",
  "gauge",
  "Unix time at which the oldest active job started; absent while none is active",
  ["site", "action"],
);

export const jobsActiveThroughputBytesPerSecond = defineMetric(
  "nbu_jobs_active_throughput_bytes_per_second",
  "gauge",
  "Sum of the transfer rates of the active jobs without children",
  ["site", "action"],
);

export const jobsOverrunning = defineMetric(
  "nbu_jobs_overrunning",
  "gauge",
  "Active jobs without children that run longer than 95 % of the last 40 successful ones of their" +
    " policy and schedule type did; what has fewer than 10 is left out",
  ["site", "action"],
);

export const jobsLastStartedTimestampSeconds = defineMetric(
  "nbu_jobs_last_started_timestamp_seconds",
  "gauge",
  "Start time of the most recently started job that was read",
  ["site", "action"],
);

export const jobsLastSuccessTimestampSeconds = defineMetric(
  "nbu_jobs_last_success_timestamp_seconds",
  "gauge",
  "Unix time at which a job last ended with status 0, of those that were read",
  ["site", "action", "policy_type"],
);

export const jobQueueReasonInfo = defineMetric(
  "nbu_job_queue_reason_info",
  "gauge",
  "Meaning of each queue reason code seen, in the labels; the value is always 1",
  ["site", "reason", "name"],
);

export const statusInfo = defineMetric(
  "nbu_status_info",
  "gauge",
  "What a status code means and which class it belongs to, of every status seen; the value is" +
    " always 1",
  ["site", "status", "meaning", "class"],
);

export const ledgerPartTimestampSeconds = defineMetric(
  "nbu_ledger_part_last_success_timestamp_seconds",
  "gauge",
  "Unix time at which a part of the jobs was last read completely: those that have finished, or those" +
    " that have not; 0 = never",
  ["site", "part"],
);

export const ledgerCountersDurable = defineMetric(
  "nbu_ledger_counters_durable",
  "gauge",
  "Whether the counters shown are up to date (1), or those last written to the state directory" +
    " (0) because newer values could not be saved",
  ["site"],
);

export const ledgerClockSkewSeconds = defineMetric(
  "nbu_ledger_clock_skew_seconds",
  "gauge",
  "Difference between the clocks of the primary and the exporter, positive if the primary is" +
    " ahead; absent while the primary does not report its time",
  ["site"],
);

export const ledgerClockStepsTotal = defineMetric(
  "nbu_ledger_clock_steps_total",
  "counter",
  "Clock changes of five seconds or more detected on the primary",
  ["site"],
);

export const ledgerJobsVanishedTotal = defineMetric(
  "nbu_ledger_jobs_vanished_total",
  "counter",
  "Unfinished jobs that left all lists and were given up after having been asked for by id over some" +
    " hours: how they ended is not known",
  ["site"],
);

export const ledgerLabelsFoldedTotal = defineMetric(
  "nbu_ledger_labels_folded_total",
  "counter",
  "Completions counted under other in one of their labels, because it has too many different values",
  ["site", "label"],
);

export const ledgerWindowMismatchesTotal = defineMetric(
  "nbu_ledger_window_mismatches_total",
  "counter",
  "How often the primary counted other jobs in the look-back window than the exporter, which then read" +
    " the window again in full",
  ["site"],
);

export const ledgerWindowRemovedTotal = defineMetric(
  "nbu_ledger_window_removed_jobs_total",
  "counter",
  "Jobs taken out of the gauges over the look-back window, since the primary shows them no longer; what" +
    " was counted of them stays counted",
  ["site"],
);

export const ledgerFallback = defineMetric(
  "nbu_ledger_fallback",
  "gauge",
  "Whether the primary refuses to filter jobs by the time of their last update (1), so that they" +
    " are read by their end time, with a wider overlap",
  ["site"],
);

export const ledgerBackfillProgressRatio = defineMetric(
  "nbu_ledger_backfill_progress_ratio",
  "gauge",
  "Share of the time range of finished jobs that has been read: below 1 while a first read or a" +
    " catch-up goes on; absent before the exporter has begun to read",
  ["site"],
);

export const ledgerNewestUpdateTimestampSeconds = defineMetric(
  "nbu_ledger_newest_update_timestamp_seconds",
  "gauge",
  "Newest time of a last update seen in a finished job, by the clock of the primary",
  ["site"],
);

export const ledgerCheckpointTimestampSeconds = defineMetric(
  "nbu_ledger_checkpoint_timestamp_seconds",
  "gauge",
  "Unix time at which the counters were last written to the state directory; unchanged on failure",
  ["site"],
);
