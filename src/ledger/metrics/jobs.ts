/**
 * Metrics on jobs.
 *
 * @module
 */
import { defineMetric } from "../../metrics/define.ts";

/** Upper bounds, in seconds, of `nbu_job_duration_seconds`. */
export const DURATION_BOUNDS: readonly number[] = Object.freeze(
  [60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400],
);

export const jobsBytes = defineMetric(
  "nbu_jobs_bytes",
  "gauge",
  "Bytes transferred by jobs that ended within the look-back window, parents and children alike," +
    " collected in the background",
  ["site", "action", "policy_type", "status"],
);

export const jobsCount = defineMetric(
  "nbu_jobs_count",
  "gauge",
  "Jobs that ended within the look-back window, collected in the background",
  ["site", "action", "policy_type", "status"],
);

export const statusCount = defineMetric(
  "nbu_status_count",
  "gauge",
  "Jobs that ended within the look-back window by status code over all policy types, collected" +
    " in the background",
  ["site", "action", "status"],
);

export const jobsStateCount = defineMetric(
  "nbu_jobs_state_count",
  "gauge",
  "Jobs by state, those that ended within the look-back window and all that have not ended," +
    " collected in the background",
  ["site", "action", "state"],
);

export const jobsFilesCount = defineMetric(
  "nbu_jobs_files_count",
  "gauge",
  "Files processed by jobs that ended within the look-back window, collected in the background",
  ["site", "action", "policy_type"],
);

export const jobsDedupRatio = defineMetric(
  "nbu_jobs_dedup_ratio",
  "gauge",
  "Mean deduplication ratio of the jobs that ended within the look-back window and report one," +
    " collected in the background",
  ["site", "action", "policy_type"],
);

export const jobsQueuedCount = defineMetric(
  "nbu_jobs_queued_count",
  "gauge",
  "Queued jobs by the code of the reason they wait for, collected in the background",
  ["site", "action", "reason"],
);

export const jobDurationSeconds = defineMetric(
  "nbu_job_duration_seconds",
  "histogram",
  "Duration from start to end of jobs without children, each completion counted once",
  ["site", "action", "policy_type"],
);
