/**
 * Remembers which completions were counted, so that each counts once however often it is read.
 *
 * @module
 */
import { DURATION_BOUNDS, jobDurationSeconds } from "../../metrics/catalogue.ts";
import { histogramFamily } from "../../metrics/histogram.ts";
import type { MetricFamily } from "../../metrics/types.ts";
import type { Job } from "../../netbackup/resources/job.ts";

/** The cumulative figures over all completions seen. */
export interface Completions {
  /** Counts a finished job, unless this completion of it was counted before. */
  add(job: Job): void;
  /** Forgets completions before this time (milliseconds since the epoch): they are not read again. */
  forgetBefore(timeMs: number): void;
  /** The families over all completions counted since the start. */
  build(): MetricFamily[];
}

/**
 * Starts without any completion.
 *
 * Durations are of leaf jobs (`childCount` 0): a parent lasts as long as its children together, and
 * would count the same time twice.
 */
export function createCompletions(site: string): Completions {
  // A job that was resumed ends again under the same id: hence the end time beside it.
  const counted = new Map<number, number>();
  const durations = histogramFamily(jobDurationSeconds, DURATION_BOUNDS);
  return {
    add(job) {
      if (job.endTimeMs === undefined || counted.get(job.jobId) === job.endTimeMs) return;
      counted.set(job.jobId, job.endTimeMs);
      if (job.childCount > 0 || job.startTimeMs === undefined) return;
      const seconds = (job.endTimeMs - job.startTimeMs) / 1000;
      if (seconds < 0) return;
      durations.observe({ site, action: job.jobType, policy_type: job.policyType }, seconds);
    },
    forgetBefore(timeMs) {
      for (const [jobId, endTimeMs] of counted) {
        if (endTimeMs < timeMs) counted.delete(jobId);
      }
    },
    build: () => [durations.build()],
  };
}
