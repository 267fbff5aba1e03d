/**
 * How a backup ended: at once, after a retry, or not at all.
 *
 * @module
 */
import type { Job } from "../netbackup/resources/job.ts";
import { isSuccess, statusClass } from "./status_meanings.ts";

/** All outcomes, the values of a label. */
export const BACKUP_OUTCOMES = ["first_try", "after_retry", "failed"] as const;

/** An outcome of a backup. */
export type BackupOutcome = typeof BACKUP_OUTCOMES[number];

/**
 * The outcome of a job that has ended. There is a backup when its status is 0 or 1; with any other
 * there is none, whether it failed, was cancelled, or missed its window.
 *
 * @returns Undefined for what is no backup: other actions, and parents, whose children are the backups.
 */
export function backupOutcome({ jobType, childCount, status, tryNumber }: Job):
  | BackupOutcome
  | undefined {
  if (jobType !== "BACKUP" || childCount > 0) return undefined;
  if (!isSuccess(statusClass(status))) return "failed";
  return tryNumber > 1 ? "after_retry" : "first_try";
}
