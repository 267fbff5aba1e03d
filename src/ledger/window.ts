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
import type { MetricFamily } from "../metrics/types.ts";
import type { JobKey } from "./job_keys.ts";
import type { JobTable } from "./job_table.ts";
import { KeyGroups } from "./key_groups.ts";

const BYTES_PER_KILOBYTE = 1024;

/** What the jobs of one window add up to. */
export interface WindowSums {
  readonly families: MetricFamily[];
  /** Jobs that ended within the window, by action. */
  readonly doneByAction: ReadonlyMap<string, number>;
}

/** Adds up what ended within the window, poll after poll. */
export class JobWindow {
  readonly #byKey: KeyGroups<"site" | "action" | "policy_type" | "status">;
  readonly #byStatus: KeyGroups<"site" | "action" | "status">;
  readonly #byType: KeyGroups<"site" | "action" | "policy_type">;

  constructor(site: string) {
    this.#byKey = new KeyGroups(
      jobsCount,
      ({ action, policyType, status }) => ({ site, action, policy_type: policyType, status }),
    );
    this.#byStatus = new KeyGroups(statusCount, ({ action, status }) => ({ site, action, status }));
    this.#byType = new KeyGroups(
      jobsFilesCount,
      ({ action, policyType }) => ({ site, action, policy_type: policyType }),
    );
  }

  /**
   * Adds up in one pass over the records. A job that runs again, or was deleted, is none of them.
   *
   * @param sinceMs Begin of the window: a full re-read would ask for `endTime ge` this.
   */
  sum(table: JobTable, keys: readonly JobKey[], sinceMs: number): WindowSums {
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

    const byKey = this.#byKey;
    const byStatus = this.#byStatus;
    const byType = this.#byType;
    const bytes: Sums = [];
    const jobs: Sums = [];
    const jobsByStatus: Sums = [];
    const filesByType: Sums = [];
    const ratiosByType: Sums = [];
    const ratioCountsByType: Sums = [];
    const doneByAction = new Map<string, number>();
    for (const key of keys) {
      const { index, action } = key;
      const count = counts[index] ?? 0;
      if (count === 0) continue;
      add(bytes, byKey.of(key), (kilobytes[index] ?? 0) * BYTES_PER_KILOBYTE);
      add(jobs, byKey.of(key), count);
      add(jobsByStatus, byStatus.of(key), count);
      add(filesByType, byType.of(key), files[index] ?? 0);
      doneByAction.set(action, (doneByAction.get(action) ?? 0) + count);
      const ratioCount = ratioCounts[index] ?? 0;
      if (ratioCount === 0) continue;
      add(ratiosByType, byType.of(key), ratios[index] ?? 0);
      add(ratioCountsByType, byType.of(key), ratioCount);
    }
    const meansByType = ratiosByType.map((sum, group) => {
      const count = ratioCountsByType[group];
      return sum === undefined || count === undefined ? undefined : sum / count;
    });
    const families = [
      byKey.gauge(jobsBytes, bytes),
      byKey.gauge(jobsCount, jobs),
      byStatus.gauge(statusCount, jobsByStatus),
      byType.gauge(jobsFilesCount, filesByType),
      byType.gauge(jobsDedupRatio, meansByType),
    ];
    return { families, doneByAction };
  }
}

/** Sums by number, which others may lack. */
type Sums = (number | undefined)[];

function add(sums: Float64Array | Sums, index: number, value: number): void {
  sums[index] = (sums[index] ?? 0) + value;
}
