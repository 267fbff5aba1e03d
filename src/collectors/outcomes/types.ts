/**
 * What is said about the jobs that ended lately: how many, with which result, and which of them took
 * longest. Times are milliseconds since the epoch, by the clock of the primary.
 *
 * @module
 */
import type { StatusClass } from "../../ledger/status_meanings.ts";
import type { Purpose } from "./purpose.ts";

export type { Purpose, StatusClass };

/** Jobs of one action that ended with one status. */
export interface StatusCount {
  /** As NetBackup names it, `BACKUP`; `other` for those beyond the bound. */
  readonly action: string;
  /** Status code; undefined for those beyond the bound. */
  readonly status: number | undefined;
  readonly class: StatusClass;
  /** The status in words; empty where they are not known. */
  readonly meaning: string;
  readonly jobs: number;
}

/** A job that ended. */
export interface EndedJob {
  readonly jobId: number;
  readonly client: string;
  readonly policy: string;
  readonly action: string;
  readonly status: number;
  /** The status in words; empty where they are not known. */
  readonly meaning: string;
  readonly startMs: number | undefined;
  readonly endMs: number;
}

/** A job that did not do what it is for. */
export interface FailedJob extends EndedJob {
  readonly class: "failed" | "missed_window";
  /** When a later job of the same client, policy, schedule and action succeeded; undefined = none did. */
  readonly recoveredMs: number | undefined;
}

/** A job that took long. */
export interface LongJob extends EndedJob {
  readonly durationMs: number;
  /** How long such jobs took before; undefined where too few were seen. */
  readonly usualMs: number | undefined;
}

/** The jobs that ended at or after some time. A job with jobs below it is none of its own. */
export interface JobOutcomes {
  /** From when on: a full hour. */
  readonly fromMs: number;
  /** Since when every job that ended is known; undefined while that is not known. */
  readonly sinceMs: number | undefined;
  /** When they were last read, by the clock of the exporter; undefined = never. */
  readonly upToMs: number | undefined;
  readonly counts: readonly StatusCount[];
  /** The newest first; not all of them where there are more than the bound. */
  readonly failures: readonly FailedJob[];
  /** How many there were. */
  readonly failureCount: number;
  /** The longest first. */
  readonly longest: readonly LongJob[];
  /** Those that took much longer than usual, the furthest beyond it first. */
  readonly overran: readonly LongJob[];
}

/** Hands out what is known of the jobs that ended. */
export interface OutcomesReader {
  /**
   * The jobs that ended lately.
   *
   * @param fromMs Since when; what began the hour of it is included.
   */
  read(fromMs: number): JobOutcomes;
  /** How long a job of this purpose takes, in milliseconds; undefined where too few were seen. */
  usualMs(purpose: Purpose): number | undefined;
}
