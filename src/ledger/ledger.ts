/**
 * The job ledger: counts every completion of a job once, and keeps a compact record of each finished
 * job.
 *
 * A *completion* is a job id together with an end time. It is counted when a row shows it for the
 * first time, under the status of that row. A row that NetBackup updated earlier than the one seen
 * last is an older state of the job and changes nothing. When a counted job's figures grow, the
 * difference is added.
 *
 * Finished jobs have a *place*: the time of their last update. *Range cursors* say which places are
 * still to be read. In steady state there is one range without an end, whose cursor, the
 * *watermark*, is the newest place seen, but never later than the primary's own time when the poll
 * began, less the overlap; a first read or a catch-up splits it into several that are read side by
 * side. When the primary's clock was set, the watermark goes back (`PrimaryClock`).
 *
 * These times bound what is counted and what is kept:
 * - `countFrom`: the time at which the counters began at 0. Jobs that ended before are not counted,
 *   and neither is what they grow by. When such a job is resumed and ends again, all its figures
 *   count.
 * - `heldFrom`: every finished job that ended since has a record, as far as it was read. The windowed
 *   gauges need that; what an older window needs is read once more.
 * - `caughtUpTo`: everything updated before was read when a poll last read all there was. Since then
 *   every job is remembered, over failed polls and restarts too: it is read in parts, in no order,
 *   and some of its jobs change meanwhile.
 * - `retainFrom`: the same, but earlier while something is read again because the clock was set back.
 * - `evictedBefore`: jobs that ended before may have no record any more. One that has none, and
 *   belongs to a time that was caught up with, was counted and evicted: it is recorded anew, not
 *   counted.
 *
 * An end that is corrected by some seconds without a new try is the same completion. A finished job
 * that names no end has ended with its last update. A first try that started after the recorded end
 * is another job, whose id was used again.
 *
 * Clocks are not trusted where there is another way: a job with an id above all those of the last
 * complete poll, and one that was unfinished then, is counted whatever its end says (`RunningJobs`).
 *
 * Nothing changes that state but through the methods of `Ledger` and of the parts that it shows.
 *
 * @module
 */
import type { MetricFamily } from "../metrics/types.ts";
import type { Job } from "../netbackup/resources/job.ts";
import type { Pause } from "../state/json_pieces.ts";
import type { LedgerDocument } from "./document.ts";
import { type JobKey, JobKeys } from "./job_keys.ts";
import { type JobRecord, JobTable } from "./job_table.ts";
import { LabelBounds } from "./label_bounds.ts";
import { Latest } from "./latest.ts";
import { TIME_RESOLUTION_MS } from "./places.ts";
import { PrimaryClock } from "./primary_clock.ts";
import { RangeCursors } from "./range_cursors.ts";
import { type LeftOut, newerThan, selectForCheckpoint } from "./retention.ts";
import { RunningJobs } from "./running_jobs.ts";
import { countShown, doubtShown, dropDoubted } from "./shown_jobs.ts";
import { Totals } from "./totals.ts";
import { JobWindow, type WindowSums } from "./window.ts";
import { WrittenRecords } from "./written_records.ts";

/** How much a ledger remembers and tells apart. */
export interface LedgerOptions {
  /** Value of the label `site`. */
  readonly site: string;
  /** Distinct status codes per action that get a series of their own. */
  readonly maxStatusCodes: number;
  /**
   * Records kept beyond those of the window, the newest first, and put into a checkpoint. They
   * recognise jobs whose figures grow, or that are resumed, long after they were counted.
   */
  readonly recall: number;
  /** Called with each completion that is counted. */
  readonly onCompletion?: (job: Job, endMs: number) => void;
  /**
   * Called with each finished job that is read for the gauges only: it ended before anything
   * counted.
   */
  readonly onEarlier?: (job: Job, endMs: number) => void;
}

const NOTHING_COUNTED = { kilobytes: 0, dataKilobytes: 0, files: 0, tries: 0 };

/** Ends of one try that differ by no more are one end, which NetBackup has corrected. */
const MAX_END_CORRECTION_MS = 5000;

/** Records kept of what is being caught up with, the newest first: 45 MB. */
const MAX_BACKLOG_RECORDS = 1_000_000;

/** What one site's finished jobs add up to. */
export class Ledger {
  /** What is still to be read; empty until `begin()`. The reader advances it. */
  readonly cursors = new RangeCursors();
  /** Bounds on what becomes a label, finished or not. */
  readonly bounds: LabelBounds;
  /** The unfinished jobs of the last complete poll. */
  readonly running = new RunningJobs();
  /** The primary's clock at the last poll that read all finished jobs. */
  readonly primaryClock = new PrimaryClock();
  readonly #site: string;
  readonly #recall: number;
  readonly #onCompletion: (job: Job, endMs: number) => void;
  readonly #onEarlier: (job: Job, endMs: number) => void;
  readonly #table = new JobTable();
  readonly #keys: JobKeys;
  readonly #totals: Totals;
  readonly #window: JobWindow;
  readonly #latest: Latest;
  #countFrom = 0;
  #heldFrom = 0;
  #newest: number | undefined;
  #evictedBefore = -Infinity;
  #caughtUpTo = 0;
  /** What was updated since is remembered; earlier than `caughtUpTo` while it is read again. */
  #retainFrom = 0;
  #poll = 0;
  #now = Infinity;
  #revision = 0;
  #sizeAtSweep = 0;
  #restored = false;
  readonly #records = new WrittenRecords();

  constructor(options: LedgerOptions) {
    const { site, maxStatusCodes, recall, onCompletion, onEarlier } = options;
    this.#site = site;
    this.#recall = recall;
    this.#onCompletion = onCompletion ?? (() => {});
    this.#onEarlier = onEarlier ?? (() => {});
    this.bounds = new LabelBounds(maxStatusCodes);
    this.#keys = new JobKeys(this.bounds);
    this.#latest = new Latest(this.bounds);
    this.#totals = new Totals(site);
    this.#window = new JobWindow(site);
  }

  /** Whether it is decided from when on jobs are read and counted. */
  get begun(): boolean {
    return this.cursors.all.length > 0;
  }

  /** Every finished job that ended at or after this time has a record, as far as it was read. */
  get heldFrom(): number {
    return this.#heldFrom;
  }

  /** Newest `lastUpdateTime` of a finished job. */
  get newest(): number | undefined {
    return this.#newest;
  }

  /**
   * Grows with every change that is worth a checkpoint. That the watermark moves is none: it moves
   * with new jobs, and else what is read again is known.
   */
  get revision(): number {
    return this.#revision + this.running.revision + this.#latest.revision;
  }

  /** Whether it went on with what an earlier process had read. */
  get restored(): boolean {
    return this.#restored;
  }

  /** Whether a job has ended and does not run again, as far as is known. */
  hasEnded(jobId: number): boolean {
    const row = this.#table.find(jobId);
    return row >= 0 && !this.#table.isOpen(row);
  }

  /** Finished jobs that have a record. */
  get size(): number {
    return this.#table.size;
  }

  /** Every action, policy type and status seen in a finished job. */
  get keys(): readonly JobKey[] {
    return this.#keys.all;
  }

  /**
   * Begins to count at 0.
   *
   * @param countFrom Jobs that end at or after this time are counted.
   * @param windowStart Jobs that ended at or after this time are read for the gauges.
   */
  begin(countFrom: number, windowStart: number, overlapMs: number): void {
    this.#countFrom = countFrom;
    this.#heldFrom = Math.min(countFrom, windowStart);
    this.#caughtUpTo = Math.max(0, this.#heldFrom - overlapMs);
    this.#retainFrom = this.#caughtUpTo;
    this.cursors.add({ from: this.#caughtUpTo, to: undefined });
    this.#revision++;
  }

  /**
   * Marks the begin of a poll.
   *
   * @param nowMs What is dated later is not believed to have happened.
   * @param ownMs The exporter's time: new series begin then.
   */
  startPoll(nowMs: number, ownMs: number): void {
    this.#totals.beginAt(ownMs);
    this.#poll++;
    this.#now = nowMs;
    // It was believed by an earlier version, or before the clock was set back.
    if (this.#newest !== undefined && this.#newest > nowMs) this.#newest = undefined;
  }

  /** Notes that all there was has been read. */
  endReading(): void {
    this.#caughtUpTo = this.cursors.earliest;
    this.#retainFrom = this.#caughtUpTo;
  }

  /** Everything from a place on is to be read again, and to be remembered meanwhile. */
  readAgain(place: number): void {
    this.cursors.rewind(place);
    this.#retainFrom = Math.min(this.#retainFrom, place);
    this.#revision++;
  }

  /** Notes that the jobs that ended since a time have been read for the gauges. */
  hold(from: number): void {
    this.#heldFrom = from;
    this.#revision++;
  }

  /** Takes in the row of a finished job. Anything else is ignored. */
  observe(job: Job): void {
    const updateMs = job.lastUpdateTimeMs ?? job.endTimeMs;
    if (job.state !== "DONE" || updateMs === undefined) return;
    if (updateMs <= this.#now) this.#newest = Math.max(updateMs, this.#newest ?? updateMs);
    const row = this.#table.find(job.jobId);
    if (row >= 0) this.#observeAgain(row, job, updateMs);
    else this.#observeFirst(job, job.endTimeMs ?? updateMs, updateMs);
    this.running.see(job.jobId);
    this.running.end(job.jobId);
    this.#latest.see(job, this.#now);
    this.#latest.end(job, job.endTimeMs ?? updateMs, this.#now);
  }

  /** Counts that the primary's clock was set. */
  countClockStep(): void {
    this.#revision++;
    this.#totals.countClockSteps();
  }

  /** Counts that the primary's own count of the jobs in the window was another. */
  countWindowMismatch(): void {
    this.#revision++;
    this.#totals.countWindowMismatch();
  }

  /** Jobs that the primary should count when it is asked for those that ended in a time. */
  shownIn(fromMs: number, toMs: number): number {
    return countShown(this.#table, fromMs, toMs);
  }

  /** Begins to find out which of the jobs that ended in a time the primary still shows. */
  doubt(fromMs: number, toMs: number): void {
    doubtShown(this.#table, fromMs, toMs);
  }

  /**
   * All there is of these jobs has been read: one that has not been seen since was deleted, unless it
   * runs again. It leaves the gauges. Its record stays: what comes back was counted already.
   *
   * @returns How many those are.
   */
  dropDoubted(): number {
    const gone = dropDoubted(this.#table);
    for (const jobId of gone) this.#records.note(jobId);
    if (gone.length > 0) this.#revision++;
    this.#totals.countWindowRemoved(gone.length);
    return gone.length;
  }

  /** Counts unfinished jobs that are given up. */
  countVanished(jobs: number): void {
    if (jobs > 0) this.#revision++;
    this.#totals.countVanished(jobs);
  }

  /**
   * Takes in the row of a finished job for the gauges only: it ended in a time whose jobs have all
   * been counted, or are not to be; one that was unfinished until now is counted all the same.
   */
  recollect(job: Job): void {
    const { endTimeMs } = job;
    if (job.state !== "DONE" || endTimeMs === undefined) return;
    const table = this.#table;
    const updateMs = job.lastUpdateTimeMs ?? endTimeMs;
    const row = table.find(job.jobId);
    if (row >= 0) {
      this.#confirm(row);
      if (!table.isBare(row) || table.endMs(row) !== endTimeMs) return;
      this.#records.note(job.jobId);
      table.update(row, recordOf(job, this.#keys.keyOf(job), endTimeMs, updateMs, true));
      return;
    }
    // A high id proves nothing here: nobody has looked at jobs of this time before.
    const unread = this.cursors.covers(updateMs);
    if (unread || this.running.wasUnfinished(job.jobId)) return this.observe(job);
    const counted = endTimeMs >= this.#countFrom;
    // A job that is still to be counted comes with the next poll.
    if (counted && !this.#isEvicted(endTimeMs, updateMs)) return;
    this.#insert(job, this.#keys.keyOf(job), endTimeMs, updateMs, counted);
  }

  /**
   * Compares an unfinished job with its record, if there is one: it runs again, or it ended between
   * the two sights.
   *
   * @returns Whether the job counts as unfinished.
   */
  observeUnfinished(job: Job): boolean {
    const table = this.#table;
    this.running.see(job.jobId);
    this.#latest.see(job, this.#now);
    const row = table.find(job.jobId);
    if (row < 0) return true;
    const done = table.updateMs(row);
    const open = job.lastUpdateTimeMs ?? done;
    // The two lists are read at the same time. Of one that has ended before this poll, an earlier time
    // means that the primary's clock was set back in between.
    if (open <= done && table.wasSeen(row, this.#poll)) return false;
    table.setOpen(row);
    return true;
  }

  /**
   * Evicts records that nothing needs any more, once there are enough of them to be worth it.
   *
   * @param windowStart Jobs that ended since are in the window.
   */
  sweep(windowStart: number): void {
    const table = this.#table;
    if (table.size <= this.#sizeAtSweep + Math.max(this.#recall, this.#sizeAtSweep) / 8) return;
    const recalled = Math.min(
      newerThan(this.#table, this.#recall),
      Math.max(this.#retainFrom, newerThan(this.#table, MAX_BACKLOG_RECORDS)),
    );
    table.retain((row) => {
      const end = table.endMs(row);
      const update = table.updateMs(row);
      if (end >= windowStart || update >= recalled || this.cursors.covers(update)) return true;
      this.#records.drop(table.jobId(row));
      this.#heldFrom = Math.max(this.#heldFrom, end + 1);
      this.#evictedBefore = Math.max(this.#evictedBefore, Math.min(end, update) + 1);
      return false;
    });
    this.#sizeAtSweep = table.size;
  }

  /**
   * All counters as they stand.
   *
   * @param revealed Those that have not been published yet are built with their values, not as 0.
   */
  families(revealed = false): MetricFamily[] {
    return this.#totals.build(revealed);
  }

  /** The families have been published: the values of new series are next. */
  reveal(): void {
    // After a restart, a series must not begin at 0 once more.
    if (this.#totals.reveal()) this.#revision++;
  }

  /** An action exists, though none of its jobs may have ended. */
  knowAction(action: string): void {
    this.#totals.know(action);
  }

  /** When jobs last started and succeeded. */
  latestFamilies(): MetricFamily[] {
    return this.#latest.build(this.#site);
  }

  /** Adds up what ended at or after a time. */
  sumWindow(sinceMs: number): WindowSums {
    return this.#window.sum(this.#table, this.#keys.all, sinceMs);
  }

  /**
   * The ledger as it stands, in one piece: counters, what is still to be read, and the records that
   * recognise what is read again belong together.
   *
   * Of the records, those go in that what is still to be read may show again, and of the others
   * about `recall` of the newest. Of what has been caught up with beyond that, only the completions
   * go in; what is left out counts as evicted.
   */
  async serialize(pause: Pause): Promise<LedgerDocument> {
    const table = this.#table;
    const { rows, bare, leftOut } = await selectForCheckpoint(table, {
      recall: this.#recall,
      cursors: this.cursors,
      keepFrom: this.#retainFrom,
    }, pause);
    this.#records.beginWhole(this.cursors, this.#retainFrom, leftOut);
    return this.#document(rows, bare, leftOut);
  }

  /**
   * The same with those records only that have changed since it was written last. Together with what
   * was written then, that is a ledger that remembers no less.
   *
   * @returns Undefined when more has to be remembered than what was written then.
   */
  serializeChanges(): LedgerDocument | undefined {
    const changes = this.#records.beginChanges(this.cursors, this.#retainFrom);
    if (!changes) return undefined;
    const rows = Uint32Array.from(changes.jobIds, (jobId) => this.#table.find(jobId));
    return this.#document(rows, new Uint32Array(), changes.leftOut);
  }

  /** What was serialized last has been written. */
  markWritten(): void {
    this.#records.commit();
  }

  #document(rows: Uint32Array, bare: Uint32Array, leftOut: LeftOut): LedgerDocument {
    const table = this.#table;
    const evictedBefore = Math.max(this.#evictedBefore, leftOut.evictedBefore);
    return {
      ...this.#totals.serialize(),
      countFrom: this.#countFrom,
      heldFrom: Math.max(this.#heldFrom, leftOut.heldFrom),
      forgottenBefore: evictedBefore === -Infinity ? null : evictedBefore,
      caughtUpTo: this.#caughtUpTo,
      keepFrom: this.#retainFrom,
      newest: this.#newest ?? null,
      ranges: this.cursors.serialize(),
      combos: this.#keys.serialize(),
      records: table.serializeRecords(rows),
      bare: table.serializeBare(bare),
      latest: this.#latest.serialize(),
      running: this.running.serialize(),
      clock: this.primaryClock.serialize(),
    };
  }

  /**
   * Fills a fresh ledger with what was serialized.
   *
   * @param changes What has changed since, oldest first.
   * @param stale More was published than was written: the counters begin at 0, all else is good.
   * @param pause To let others work.
   */
  async restore(
    document: LedgerDocument,
    changes: readonly LedgerDocument[],
    stale: boolean,
    pause: Pause,
  ): Promise<void> {
    const latest = changes.at(-1) ?? document;
    this.#restored = true;
    this.#countFrom = latest.countFrom;
    this.#heldFrom = latest.heldFrom;
    this.#evictedBefore = latest.forgottenBefore ?? -Infinity;
    this.#caughtUpTo = latest.caughtUpTo;
    this.#retainFrom = latest.keepFrom ?? latest.caughtUpTo;
    this.#newest = latest.newest ?? undefined;
    this.cursors.restore(latest.ranges);
    if (!stale) this.#totals.restore(latest);
    for (const { combos, records, bare, countFrom } of [document, ...changes]) {
      const keys = this.#keys.restore(combos);
      const keyOf = (index: number) => keys[index]?.index ?? 0;
      await this.#table.restore(records, bare, keyOf, countFrom, pause);
    }
    if (latest.latest) this.#latest.restore(latest.latest);
    if (latest.running) this.running.restore(latest.running);
    this.primaryClock.restore(latest.clock ?? null);
  }

  #observeFirst(job: Job, endMs: number, updateMs: number): void {
    const key = this.#keys.keyOf(job);
    const isNew = this.running.isNew(job.jobId);
    const counted = isNew || endMs >= this.#countFrom;
    this.#insert(job, key, endMs, updateMs, counted);
    if (!counted || (!isNew && this.#isEvicted(endMs, updateMs))) return;
    this.#complete(job, endMs, key, true);
    this.#totals.addFigures(job, key, NOTHING_COUNTED);
  }

  #observeAgain(row: number, job: Job, updateMs: number): void {
    const table = this.#table;
    this.#confirm(row);
    if (this.#isAnother(row, job)) {
      table.setUncounted(row);
      this.#observeEnd(row, job, job.endTimeMs ?? updateMs, updateMs, true);
      return;
    }
    if (updateMs < table.updateMs(row)) return;
    const sameTry = !table.isOpen(row) && (table.isBare(row) || job.tryNumber === table.tries(row));
    const previousEnd = table.endMs(row);
    const endMs = job.endTimeMs ?? (sameTry ? previousEnd : updateMs);
    const corrected = sameTry &&
      (table.hasAssumedEnd(row) || Math.abs(endMs - previousEnd) <= MAX_END_CORRECTION_MS);
    this.#observeEnd(row, job, endMs, updateMs, endMs !== previousEnd && !corrected);
  }

  /**
   * Whether what is shown is another job than the one recorded under its id: after a reset of the job
   * database, or behind another primary, ids are used again.
   */
  #isAnother(row: number, { startTimeMs, endTimeMs, tryNumber }: Job): boolean {
    const table = this.#table;
    const recordedEndMs = table.endMs(row);
    // An end that is not told proves nothing: after the clock was set back, a job ends before it starts.
    const sameEnd = endTimeMs === undefined
      ? table.hasAssumedEnd(row)
      : endTimeMs === recordedEndMs;
    return tryNumber === 1 && !sameEnd &&
      startTimeMs !== undefined && startTimeMs >= recordedEndMs + TIME_RESOLUTION_MS;
  }

  /** @param ended The row shows another completion than the record. */
  #observeEnd(row: number, job: Job, endMs: number, updateMs: number, ended: boolean): void {
    const table = this.#table;
    const key = this.#keys.keyOf(job);
    const wasCounted = table.isCounted(row);
    const counted = wasCounted ||
      (ended && (endMs >= this.#countFrom || this.running.isNew(job.jobId)));
    // Of a bare record's completion nothing is known but that it was counted.
    if (counted && (ended || !table.isBare(row))) {
      if (ended) this.#complete(job, endMs, key, !wasCounted);
      const known = wasCounted && !table.isBare(row);
      this.#totals.addFigures(job, key, known ? table.record(row) : NOTHING_COUNTED);
    }
    const record = recordOf(job, key, endMs, updateMs, counted);
    if (!table.holds(row, record)) {
      this.#revision++;
      this.#records.note(job.jobId);
    }
    table.update(row, record);
    table.setSeen(row, this.#poll);
  }

  #complete(job: Job, endMs: number, key: JobKey, first: boolean): void {
    this.#totals.complete(job, endMs, key, first);
    this.#onCompletion(job, endMs);
  }

  #insert(job: Job, key: JobKey, endMs: number, updateMs: number, counted: boolean): void {
    this.#revision++;
    this.#records.note(job.jobId);
    const row = this.#table.insert(recordOf(job, key, endMs, updateMs, counted));
    this.#table.setSeen(row, this.#poll);
    if (!counted) this.#onEarlier(job, endMs);
  }

  /** The primary shows a job that it had ceased to show, or that was doubted. */
  #confirm(row: number): void {
    if (this.#table.isGone(row)) {
      this.#revision++;
      this.#records.note(this.#table.jobId(row));
    }
    this.#table.confirm(row);
  }

  #isEvicted(endMs: number, updateMs: number): boolean {
    return Math.min(endMs, updateMs) < Math.min(this.#evictedBefore, this.#caughtUpTo);
  }
}

function recordOf(
  job: Job,
  key: JobKey,
  endMs: number,
  updateMs: number,
  counted: boolean,
): JobRecord {
  return {
    jobId: job.jobId,
    endMs,
    updateMs,
    key: key.index,
    kilobytes: job.kilobytesTransferred,
    dataKilobytes: job.kilobytesDataTransferred,
    files: job.numberOfFiles,
    dedupRatio: job.dedupRatio ?? 0,
    tries: job.tryNumber,
    counted,
    assumedEnd: job.endTimeMs === undefined,
  };
}
