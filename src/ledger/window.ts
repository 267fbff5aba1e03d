/**
 * The windowed gauges of the drop-in contract, from the compact records: sums over the jobs that
 * ended within the look-back window, parents and children alike, as users of these names expect.
 *
 * @module
 */
import {
  jobsBytes,
  jobsCount,
  jobsDedupRatio,
  jobsFilesCount,
  statusCount,
} from "./metrics/jobs.ts";
import { familyBuilder } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { JobKey } from "./job_keys.ts";
import type { JobTable } from "./job_table.ts";

const BYTES_PER_KILOBYTE = 1024;

/** What the jobs of one window add up to. */
export interface WindowSums {
  readonly families: MetricFamily[];
  /** Jobs that ended within the window, by action. */
  readonly doneByAction: ReadonlyMap<string, number>;
}

/**
 * Adds up, in one pass over the records, what ended within the window. A job that runs again, or was
 * deleted, is none of them.
 *
 * @param sinceMs Begin of the window: a full re-read would ask for `endTime ge` this.
 */
export function sumWindow(
  site: string,
  table: JobTable,
  keys: readonly JobKey[],
  sinceMs: number,
): WindowSums {
  const counts = new Float64Array(keys.length);
  const kilobytes = new Float64Array(keys.length);
  const files = new Float64Array(keys.length);
  const ratios = new Float64Array(keys.length);
  const ratioCounts = new Float64Array(keys.length);
  for (let row = 0; row < table.size; row++) {
    if (table.endMs(row) < sinceMs || table.isOpen(row) || table.isBare(row)) continue;
    if (table.isGone(row)) continue;
    const key = table.key(row);
    add(counts, key, 1);
    add(kilobytes, key, table.kilobytes(row));
    add(files, key, table.files(row));
    const ratio = table.dedupRatio(row);
    // 0 is what a job without deduplication reports, so it is no ratio to average.
    if (ratio > 0) {
      add(ratios, key, ratio);
      add(ratioCounts, key, 1);
    }
  }

  const bytes = familyBuilder(jobsBytes);
  const count = familyBuilder(jobsCount);
  const byStatus = familyBuilder(statusCount);
  const fileCount = familyBuilder(jobsFilesCount);
  const doneByAction = new Map<string, number>();
  const means = new Map<string, { key: JobKey; sum: number; count: number }>();
  for (const key of keys) {
    const { index, action, policyType, status } = key;
    const jobs = counts[index] ?? 0;
    if (jobs === 0) continue;
    const labels = { site, action, policy_type: policyType, status };
    bytes.add(labels, (kilobytes[index] ?? 0) * BYTES_PER_KILOBYTE);
    count.add(labels, jobs);
    byStatus.add({ site, action, status }, jobs);
    fileCount.add({ site, action, policy_type: policyType }, files[index] ?? 0);
    doneByAction.set(action, (doneByAction.get(action) ?? 0) + jobs);
    const ratioCount = ratioCounts[index] ?? 0;
    if (ratioCount === 0) continue;
    const pair = JSON.stringify([action, policyType]);
    const mean = means.get(pair) ?? { key, sum: 0, count: 0 };
    mean.sum += ratios[index] ?? 0;
    mean.count += ratioCount;
    means.set(pair, mean);
  }
  const ratio = familyBuilder(jobsDedupRatio);
  for (const { key: { action, policyType }, sum, count } of means.values()) {
    ratio.set({ site, action, policy_type: policyType }, sum / count);
  }
  const families = [bytes, count, byStatus, fileCount, ratio].map((family) => family.build());
  return { families, doneByAction };
}

function add(sums: Float64Array, index: number, value: number): void {
  sums[index] = (sums[index] ?? 0) + value;
}
