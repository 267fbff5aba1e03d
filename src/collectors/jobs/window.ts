/**
 * The windowed job gauges of the drop-in contract: sums over the jobs that ended within the
 * look-back window, parents and children alike, as the users of these names are used to.
 *
 * @module
 */
import {
  jobsBytes,
  jobsCount,
  jobsDedupRatio,
  jobsFilesCount,
  jobsQueuedCount,
  jobsStateCount,
  statusCount,
} from "../../metrics/catalogue.ts";
import { familyBuilder } from "../../metrics/family.ts";
import type { MetricFamily } from "../../metrics/types.ts";
import type { Job } from "../../netbackup/resources/job.ts";

const BYTES_PER_KILOBYTE = 1024;

/** Sums up jobs one by one, so that no list of them has to be held. */
export interface WindowTotals {
  /** Adds a job that ended within the window. */
  addFinished(job: Job): void;
  /** Adds a job that has not ended: it feeds the counts by state and by queue reason only. */
  addUnfinished(job: Job): void;
  /** The families of all jobs added so far. */
  build(): MetricFamily[];
}

interface Mean {
  readonly labels: { site: string; action: string; policy_type: string };
  sum: number;
  count: number;
}

/** Starts the totals of one window of one site. */
export function windowTotals(site: string): WindowTotals {
  const bytes = familyBuilder(jobsBytes);
  const count = familyBuilder(jobsCount);
  const byStatus = familyBuilder(statusCount);
  const byState = familyBuilder(jobsStateCount);
  const files = familyBuilder(jobsFilesCount);
  const queued = familyBuilder(jobsQueuedCount);
  const dedup = new Map<string, Mean>();

  const addDedup = (job: Job) => {
    // 0 is what a job without deduplication reports, so it is no ratio to average.
    if (job.dedupRatio === undefined || job.dedupRatio <= 0) return;
    const key = JSON.stringify([job.jobType, job.policyType]);
    let mean = dedup.get(key);
    if (!mean) {
      const labels = { site, action: job.jobType, policy_type: job.policyType };
      mean = { labels, sum: 0, count: 0 };
      dedup.set(key, mean);
    }
    mean.sum += job.dedupRatio;
    mean.count += 1;
  };

  return {
    addFinished(job) {
      const action = job.jobType;
      const policy_type = job.policyType;
      const status = String(job.status);
      const labels = { site, action, policy_type, status };
      bytes.add(labels, job.kilobytesTransferred * BYTES_PER_KILOBYTE);
      count.add(labels, 1);
      byStatus.add({ site, action, status }, 1);
      byState.add({ site, action, state: job.state }, 1);
      files.add({ site, action, policy_type }, job.numberOfFiles);
      addDedup(job);
    },
    addUnfinished(job) {
      const action = job.jobType;
      byState.add({ site, action, state: job.state }, 1);
      if (job.state === "QUEUED") {
        queued.add({ site, action, reason: String(job.jobQueueReason) }, 1);
      }
    },
    build() {
      const ratio = familyBuilder(jobsDedupRatio);
      for (const { labels, sum, count } of dedup.values()) ratio.set(labels, sum / count);
      return [bytes, count, byStatus, byState, files, ratio, queued].map((f) => f.build());
    },
  };
}
