/**
 * A job of the activity monitor, as the collectors see it.
 *
 * @module
 */

/** States of a job: QUEUED, ACTIVE, REQUEUED, DONE, SUSPENDED, INCOMPLETE (11.2 admin.yaml). */
export interface Job {
  readonly jobId: number;
  readonly parentJobId: number;
  /** Verbatim, `BACKUP`; empty when NetBackup names none. */
  readonly jobType: string;
  /** Verbatim, `STANDARD`; empty when NetBackup names none. */
  readonly policyType: string;
  readonly policyName: string;
  readonly clientName: string;
  /** Verbatim; empty when the job belongs to no schedule. */
  readonly scheduleName: string;
  /** Verbatim, `FULL_BACKUP`; empty when the job belongs to no schedule. */
  readonly scheduleType: string;
  /** Verbatim; `UNKNOWN` when empty or absent. */
  readonly state: string;
  /** Final status code; means something only when the state is DONE. */
  readonly status: number;
  /** Milliseconds since the epoch; undefined when absent. */
  readonly startTimeMs: number | undefined;
  /** Milliseconds since the epoch; undefined while the job has not ended. */
  readonly endTimeMs: number | undefined;
  readonly lastUpdateTimeMs: number | undefined;
  /** Start of the current try, milliseconds since the epoch. */
  readonly activeTryStartTimeMs: number | undefined;
  readonly kilobytesTransferred: number;
  readonly kilobytesDataTransferred: number;
  readonly numberOfFiles: number;
  /** Percent of space saved, as NetBackup gives it; undefined when absent. */
  readonly dedupRatio: number | undefined;
  /** Kilobytes per second. */
  readonly transferRate: number;
  /** Number of the current try, from 1. */
  readonly tryNumber: number;
  readonly childCount: number;
  /** Code of the reason why the job is queued; 0 = none. */
  readonly jobQueueReason: number;
  /** Storage unit that the job writes to; empty when NetBackup names none. */
  readonly storageUnit: string;
}
