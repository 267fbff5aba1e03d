/**
 * Which records a checkpoint lacks: those that have changed since it was written as a whole.
 *
 * @module
 */
import type { RangeCursors } from "./range_cursors.ts";
import type { LeftOut } from "./retention.ts";

/** Changed records beyond which all are written once more. */
const MAX_CHANGED = 20_000;

/** What was written as a whole, and what has changed since it was written last. */
interface Written {
  readonly ranges: ReturnType<RangeCursors["serialize"]>;
  readonly keepFrom: number;
  readonly leftOut: LeftOut;
  readonly changed: Set<number>;
}

/** What is to be appended. */
export interface RecordChanges {
  readonly jobIds: readonly number[];
  /** Bounds on the jobs that were left out when all was written. */
  readonly leftOut: LeftOut;
}

/** Follows the changes of records. */
export class WrittenRecords {
  /** Undefined = all there is has to be written. */
  #written: Written | undefined;
  /** The same once what is being written has been. */
  #writing: Written | undefined;

  /** The record of a job is new, or has changed. */
  note(jobId: number): void {
    const { changed } = this.#written ?? {};
    changed?.add(jobId);
    if ((changed?.size ?? 0) > MAX_CHANGED) this.#written = undefined;
  }

  /** The record of a job is dropped. */
  drop(jobId: number): void {
    // What was written of it before it changed would be taken for the latest.
    if (this.#written?.changed.has(jobId)) this.#written = undefined;
  }

  /**
   * All is being written.
   *
   * @param keepFrom What was updated since is remembered.
   */
  beginWhole(cursors: RangeCursors, keepFrom: number, leftOut: LeftOut): void {
    this.#writing = { ranges: cursors.serialize(), keepFrom, leftOut, changed: new Set() };
  }

  /**
   * What has changed is being written.
   *
   * @returns Undefined when that will not do: what is still to be read may show jobs that were left
   *   out when all was written.
   */
  beginChanges(cursors: RangeCursors, keepFrom: number): RecordChanges | undefined {
    const written = this.#written;
    if (!written || keepFrom < written.keepFrom) return undefined;
    if (!cursors.isWithin(written.ranges)) return undefined;
    this.#writing = { ...written, changed: new Set() };
    return { jobIds: [...written.changed], leftOut: written.leftOut };
  }

  /** What was being written is on disk. */
  commit(): void {
    this.#written = this.#writing;
  }
}
