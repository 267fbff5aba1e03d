/**
 * How many jobs succeeded. As in the outcomes of clients, status 1 (some files were skipped) is a
 * success; a job that an administrator cancelled counts neither way.
 *
 * @module
 */
import type { JobOutcomes, StatusCount } from "../../site/findings/types.ts";

/** How jobs ended. */
export interface Success {
  /** Status 0 or 1. */
  readonly succeeded: number;
  /** Those of them with status 1. */
  readonly partial: number;
  readonly failed: number;
  /** Status 196: the backup window closed before the job's turn came. */
  readonly missedWindow: number;
  /** Status 150. */
  readonly cancelled: number;
  /** Part that succeeded, 0..1; undefined where none ended that counts. */
  readonly ratio: number | undefined;
}

/** The action whose success is that of a site. */
export const MAIN_ACTION = "BACKUP";

/** Adds up how jobs ended. */
export function successOf(counts: readonly StatusCount[]): Success {
  const jobs = (...classes: readonly string[]) =>
    counts.filter((count) => classes.includes(count.class))
      .reduce((sum, { jobs }) => sum + jobs, 0);
  const succeeded = jobs("success", "partial");
  const failed = jobs("failed");
  const missedWindow = jobs("missed_window");
  const decided = succeeded + failed + missedWindow;
  return {
    succeeded,
    partial: jobs("partial"),
    failed,
    missedWindow,
    cancelled: jobs("cancelled"),
    ratio: decided > 0 ? succeeded / decided : undefined,
  };
}

/** The counts of one action. */
export function ofAction(counts: readonly StatusCount[], action: string): StatusCount[] {
  return counts.filter((count) => count.action === action);
}

/** How the jobs of each action ended, the actions in the order of the counts. */
export function successByAction(
  counts: readonly StatusCount[],
): (readonly [action: string, success: Success])[] {
  const actions = new Set(counts.map(({ action }) => action));
  return Array.from(actions, (action) => [action, successOf(ofAction(counts, action))]);
}

/** The clients of the failed jobs of one action and status, each once. */
export function failedClients(
  { failures }: Pick<JobOutcomes, "failures">,
  { action, status }: Pick<StatusCount, "action" | "status">,
): string[] {
  const same = failures.filter((job) => job.action === action && job.status === status);
  return [...new Set(same.map(({ client }) => client))];
}

/** The statuses that jobs failed with, the most frequent first. */
export function failuresByStatus(counts: readonly StatusCount[]): StatusCount[] {
  return counts.filter(({ class: of }) => of === "failed" || of === "missed_window");
}
