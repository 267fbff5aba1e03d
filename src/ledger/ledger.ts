/**
 * The job ledger: counts every completion once, and keeps a compact record of each finished job.
 *
 * @module
 */
import type { Job } from "../netbackup/resources/job.ts";
import { type Combo, Combos } from "./combos.ts";
import { type JobRecord, JobTable } from "./job_table.ts";
import { covers, type ReadRange } from "./ranges.ts";
import { Totals } from "./totals.ts";

/** How much a ledger remembers and tells apart. */
export interface LedgerOptions {
  /** Value of the label `site`. */
  readonly site: string;
  /** Distinct status codes per action that get a series of their own. */
  readonly maxStatusCodes: number;
  /**
   * Records kept beyond those of the window, the newest first, and written into a checkpoint. They
   * recognise jobs whose figures grow, or that are resumed, long after they were counted.
   */
  readonly recall: number;
}

const NOTHING_COUNTED = { kilobytes: 0, dataKilobytes: 0, files: 0, tries: 0 };

/** An age from which on so many records are newer is found from about this many of them. */
const SAMPLES = 16_384;

/** Records kept of what is being caught up with, the newest first: 45 MB. */
const BACKLOG_RECORDS = 1_000_000;

/**
 * What one site's finished jobs add up to.
 *
 * A completion is a job id together with an end time. It is counted when a row shows it for the
 * first time, under the status of that row. A row that NetBackup updated earlier than the one seen
 * last is an old sight of the job and changes nothing.
 *
 * Jobs that ended before `countFrom`, the beginning of the first window, are not counted, and
 * neither is what they grow by; when such a job is resumed and ends again, all its figures count.
 *
 * While there is something to catch up with, over failed polls and restarts too, every job of that
 * time is remembered: it is read in parts, in no order, and some of its jobs change meanwhile. A job
 * of an earlier time that is not remembered, but ended before others that were forgotten, was counted
 * and forgotten itself: it is remembered anew, not counted.
 */
export class Ledger {
  readonly site: string;
  readonly table = new JobTable();
  readonly combos = new Combos();
  readonly totals: Totals;
  readonly recall: number;
  /** What of the past and the future is still to be read; empty until `begin()`. */
  readonly ranges: ReadRange[] = [];
  /** Earliest end time that is counted, milliseconds since the epoch. */
  countFrom = 0;
  /** Every finished job that ended at or after this time has a record, as far as it was read. */
  heldFrom = 0;
  /** Newest `lastUpdateTime` of a finished job. */
  newest: number | undefined;
  /** Jobs that ended before may be forgotten. */
  forgottenBefore = -Infinity;
  /** All that was last updated before this time was read when everything was read the last time. */
  caughtUpTo = 0;
  #poll = 0;
  #sizeAtSweep = 0;

  constructor({ site, maxStatusCodes, recall }: LedgerOptions) {
    this.site = site;
    this.recall = recall;
    this.totals = new Totals(site, maxStatusCodes);
  }

  /** Whether it is decided from when on jobs are read and counted. */
  get begun(): boolean {
    return this.ranges.length > 0;
  }

  /** Decides that jobs are counted that end at or after a time. */
  begin(countFrom: number, overlapMs: number): void {
    this.countFrom = countFrom;
    this.heldFrom = countFrom;
    this.caughtUpTo = Math.max(0, countFrom - overlapMs);
    this.ranges.push({ from: this.caughtUpTo, to: undefined });
  }

  /** Marks the begin of a poll. */
  startPoll(): void {
    this.#poll++;
  }

  /** Notes that all there was has been read. */
  endReading(): void {
    this.caughtUpTo = Math.min(...this.ranges.map(({ from }) => from));
  }

  /** Takes in the row of a finished job. Anything else is ignored. */
  observe(job: Job): void {
    const { endTimeMs, lastUpdateTimeMs } = job;
    if (job.state !== "DONE" || endTimeMs === undefined) return;
    const updateMs = lastUpdateTimeMs ?? endTimeMs;
    if (this.newest === undefined || updateMs > this.newest) this.newest = updateMs;
    const row = this.table.find(job.jobId);
    if (row >= 0) this.#observeAgain(row, job, endTimeMs, updateMs);
    else this.#observeFirst(job, endTimeMs, updateMs);
  }

  /**
   * Takes in the row of a finished job for the gauges only: it ended in a time whose jobs have all
   * been counted, or are not to be.
   */
  recollect(job: Job): void {
    const { endTimeMs } = job;
    if (job.state !== "DONE" || endTimeMs === undefined) return;
    const updateMs = job.lastUpdateTimeMs ?? endTimeMs;
    const row = this.table.find(job.jobId);
    if (row >= 0) {
      if (!this.table.isBare(row) || this.table.endMs(row) !== endTimeMs) return;
      this.table.update(row, recordOf(job, this.#comboOf(job), endTimeMs, updateMs));
      return;
    }
    // A job that is still to be counted comes with the next poll.
    if (endTimeMs >= this.countFrom && !this.#isForgotten(endTimeMs, updateMs)) return;
    this.#insert(job, this.#comboOf(job), endTimeMs, updateMs);
  }

  /**
   * Compares an unfinished job with its record, if there is one: it runs again, or it ended between
   * the two sights.
   *
   * @returns Whether the job counts as unfinished.
   */
  observeUnfinished(job: Job): boolean {
    const row = this.table.find(job.jobId);
    if (row < 0) return true;
    const done = this.table.updateMs(row);
    const open = job.lastUpdateTimeMs ?? done;
    // Of the same time, what this poll was told of the finished jobs holds.
    if (open < done || (open === done && this.table.wasSeen(row, this.#poll))) return false;
    this.table.setOpen(row);
    return true;
  }

  /**
   * Forgets records that nothing needs any more, once there are enough of them to be worth it.
   *
   * @param windowStart Jobs that ended since are in the window.
   */
  sweep(windowStart: number): void {
    const { table, ranges } = this;
    if (table.size <= this.#sizeAtSweep + Math.max(this.recall, this.#sizeAtSweep) / 8) return;
    const recalled = Math.min(
      this.newerThan(this.recall),
      Math.max(this.caughtUpTo, this.newerThan(BACKLOG_RECORDS)),
    );
    table.retain((row) => {
      const end = table.endMs(row);
      const update = table.updateMs(row);
      if (end >= windowStart || update >= recalled || covers(ranges, update)) return true;
      this.heldFrom = Math.max(this.heldFrom, end + 1);
      this.forgottenBefore = Math.max(this.forgottenBefore, Math.min(end, update) + 1);
      return false;
    });
    this.#sizeAtSweep = table.size;
  }

  /** Update time from which on about so many records are newer; found from a sample of them. */
  newerThan(records: number): number {
    const { size } = this.table;
    if (size <= records) return -Infinity;
    const step = Math.ceil(size / SAMPLES);
    const sample = new Float64Array(Math.ceil(size / step));
    for (let index = 0; index < sample.length; index++) {
      sample[index] = this.table.updateMs(index * step);
    }
    sample.sort();
    return sample[Math.max(0, sample.length - Math.floor(records / step))] ?? Infinity;
  }

  #observeFirst(job: Job, endMs: number, updateMs: number): void {
    const combo = this.#comboOf(job);
    this.#insert(job, combo, endMs, updateMs);
    if (endMs < this.countFrom || this.#isForgotten(endMs, updateMs)) return;
    this.totals.complete(job, endMs, combo, true);
    this.totals.addFigures(job, NOTHING_COUNTED);
  }

  #observeAgain(row: number, job: Job, endMs: number, updateMs: number): void {
    const { table, totals } = this;
    if (updateMs < table.updateMs(row)) return;
    const combo = this.#comboOf(job);
    const previousEnd = table.endMs(row);
    // Of a bare record's completion nothing is known but that it was counted.
    const same = table.isBare(row) && endMs === previousEnd;
    if (endMs >= this.countFrom && !same) {
      const counted = previousEnd >= this.countFrom;
      if (endMs !== previousEnd) totals.complete(job, endMs, combo, !counted);
      totals.addFigures(
        job,
        counted && !table.isBare(row)
          ? {
            kilobytes: table.kilobytes(row),
            dataKilobytes: table.dataKilobytes(row),
            files: table.files(row),
            tries: table.tries(row),
          }
          : NOTHING_COUNTED,
      );
    }
    table.update(row, recordOf(job, combo, endMs, updateMs));
    table.setSeen(row, this.#poll);
  }

  #insert(job: Job, combo: Combo, endMs: number, updateMs: number): void {
    const row = this.table.insert(recordOf(job, combo, endMs, updateMs));
    this.table.setSeen(row, this.#poll);
  }

  #comboOf({ jobType, policyType, status }: Job): Combo {
    return this.combos.intern(jobType, policyType, status);
  }

  #isForgotten(endMs: number, updateMs: number): boolean {
    return Math.min(endMs, updateMs) < Math.min(this.forgottenBefore, this.caughtUpTo);
  }
}

function recordOf(job: Job, combo: Combo, endMs: number, updateMs: number): JobRecord {
  return {
    jobId: job.jobId,
    endMs,
    updateMs,
    combo: combo.index,
    kilobytes: job.kilobytesTransferred,
    dataKilobytes: job.kilobytesDataTransferred,
    files: job.numberOfFiles,
    dedupRatio: job.dedupRatio ?? 0,
    tries: job.tryNumber,
  };
}
