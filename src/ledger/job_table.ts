/**
 * A compact record per finished job: columns of numbers and an index by job id, about 45 bytes a
 * job, so that a million of them fit into 50 MB.
 *
 * @module
 */
import * as v from "valibot";
import { NumberList, type Pause } from "../state/json_pieces.ts";
import { type Column, IntegerColumn, NumberColumn } from "./column.ts";
import { JobIndex } from "./job_index.ts";

/** One job as it was last seen finished. */
export interface JobRecord {
  readonly jobId: number;
  /** Its last completion, milliseconds since the epoch. */
  readonly endMs: number;
  /** `lastUpdateTime` of the row, or the end time where NetBackup gives none. */
  readonly updateMs: number;
  /** Number of its `JobKey`. */
  readonly key: number;
  readonly kilobytes: number;
  readonly dataKilobytes: number;
  readonly files: number;
  /** 0 when the job reports none. */
  readonly dedupRatio: number;
  readonly tries: number;
  /** Whether its last completion was counted. */
  readonly counted: boolean;
  /** Whether NetBackup named no end, so that `endMs` is the time of an update. */
  readonly assumedEnd: boolean;
}

/** A list of numbers: there are hundreds of thousands, so that long ones are checked while read. */
const numbers = v.union([
  v.instance(NumberList),
  v.pipe(
    v.custom<number[]>(
      (value) => Array.isArray(value) && value.every((entry) => typeof entry === "number"),
    ),
    v.transform((list) => NumberList.of(list)),
  ),
]);

/** Records by column. */
export const recordsDocument = v.pipe(
  v.object({
    jobId: numbers,
    end: numbers,
    update: numbers,
    combo: numbers,
    kilobytes: numbers,
    dataKilobytes: numbers,
    files: numbers,
    dedup: numbers,
    tries: numbers,
    flags: v.optional(numbers),
  }),
  v.check((columns) => areOfOneLength(Object.values(columns)), "columns of different lengths"),
);

/** Completions of which nothing else is kept. */
export const bareDocument = v.pipe(
  v.object({ jobId: numbers, end: numbers }),
  v.check((columns) => areOfOneLength(Object.values(columns)), "columns of different lengths"),
);

function areOfOneLength(columns: readonly (NumberList | undefined)[]): boolean {
  return new Set(columns.flatMap((column) => column?.length ?? [])).size === 1;
}

/** The job runs again: it has been resumed since its last completion. */
const OPEN = 1;
/** Nothing but id and end are known: the figures were not worth a restart. */
const BARE = 2;
/** Its last completion was not counted. */
const UNCOUNTED = 4;
/** NetBackup named no end: that of the record is the time of an update. */
const ASSUMED_END = 8;
/** The primary does not show the job any more: it was deleted. The record tells it if it comes back. */
const GONE = 16;
/** Whether the primary still shows the job is being found out. */
const DOUBTED = 32;
/** Flags that are kept across restarts: whether a job runs again is seen anew at the next poll. */
const KEPT = UNCOUNTED | ASSUMED_END | GONE;

function flagsOf({ counted, assumedEnd }: JobRecord): number {
  return (counted ? 0 : UNCOUNTED) | (assumedEnd ? ASSUMED_END : 0);
}

/** Records that are restored without a pause. */
const RESTORED_AT_ONCE = 1000;

/** The records, at most one per job id. Rows change their numbers in `retain()` only. */
export class JobTable {
  readonly #jobId = new NumberColumn();
  readonly #end = new NumberColumn();
  readonly #update = new NumberColumn();
  readonly #kilobytes = new NumberColumn();
  readonly #dataKilobytes = new NumberColumn();
  readonly #files = new NumberColumn();
  readonly #dedup = new NumberColumn();
  readonly #key = new IntegerColumn(Uint32Array);
  readonly #tries = new NumberColumn();
  readonly #flags = new IntegerColumn(Uint8Array);
  /** Number of the poll that last saw the job finished, modulo 256. */
  readonly #seen = new IntegerColumn(Uint8Array);
  readonly #index = new JobIndex((row) => this.#jobId.get(row));
  #size = 0;

  /** How many jobs there are. */
  get size(): number {
    return this.#size;
  }

  /** The row of a job; -1 when there is none. */
  find(jobId: number): number {
    return this.#index.find(jobId);
  }

  /** Adds a job that is not there yet, and of which only its completion is known. */
  insertBare(jobId: number, endMs: number, counted: boolean): void {
    const row = this.insert({
      ...{ jobId, endMs, updateMs: endMs, key: 0, kilobytes: 0, dataKilobytes: 0, files: 0 },
      ...{ dedupRatio: 0, tries: 0, counted, assumedEnd: false },
    });
    this.#flags.set(row, this.#flags.get(row) | BARE);
  }

  /** Adds a job that is not there yet, and gives its row. */
  insert(record: JobRecord): number {
    const row = this.#size++;
    this.#jobId.set(row, record.jobId);
    this.#index.add(record.jobId, row);
    this.update(row, record);
    return row;
  }

  /** Overwrites all but the id. The job counts as finished, and as one that is there. */
  update(row: number, record: JobRecord): void {
    this.#end.set(row, record.endMs);
    this.#update.set(row, record.updateMs);
    this.#kilobytes.set(row, record.kilobytes);
    this.#dataKilobytes.set(row, record.dataKilobytes);
    this.#files.set(row, record.files);
    this.#dedup.set(row, record.dedupRatio);
    this.#key.set(row, record.key);
    this.#tries.set(row, record.tries);
    this.#flags.set(row, flagsOf(record));
  }

  /** Whether a row has just this record, and the job does not run again. */
  holds(row: number, record: JobRecord): boolean {
    return (this.#flags.get(row) & ~DOUBTED) === flagsOf(record) &&
      this.#end.get(row) === record.endMs && this.#update.get(row) === record.updateMs &&
      this.#key.get(row) === record.key && this.#tries.get(row) === record.tries &&
      this.#kilobytes.get(row) === record.kilobytes &&
      this.#dataKilobytes.get(row) === record.dataKilobytes &&
      this.#files.get(row) === record.files && this.#dedup.get(row) === record.dedupRatio;
  }

  /** The whole record of a row. */
  record(row: number): JobRecord {
    return {
      jobId: this.#jobId.get(row),
      endMs: this.#end.get(row),
      updateMs: this.#update.get(row),
      key: this.#key.get(row),
      kilobytes: this.#kilobytes.get(row),
      dataKilobytes: this.#dataKilobytes.get(row),
      files: this.#files.get(row),
      dedupRatio: this.#dedup.get(row),
      tries: this.#tries.get(row),
      counted: this.isCounted(row),
      assumedEnd: this.hasAssumedEnd(row),
    };
  }

  jobId(row: number): number {
    return this.#jobId.get(row);
  }

  endMs(row: number): number {
    return this.#end.get(row);
  }

  updateMs(row: number): number {
    return this.#update.get(row);
  }

  key(row: number): number {
    return this.#key.get(row);
  }

  kilobytes(row: number): number {
    return this.#kilobytes.get(row);
  }

  dataKilobytes(row: number): number {
    return this.#dataKilobytes.get(row);
  }

  files(row: number): number {
    return this.#files.get(row);
  }

  dedupRatio(row: number): number {
    return this.#dedup.get(row);
  }

  tries(row: number): number {
    return this.#tries.get(row);
  }

  /** Whether the job has been seen unfinished after its last completion. */
  isOpen(row: number): boolean {
    return this.#has(row, OPEN);
  }

  /** Whether nothing but id and end are known: the figures were not worth a restart. */
  isBare(row: number): boolean {
    return this.#has(row, BARE);
  }

  /** Whether the last completion was counted. */
  isCounted(row: number): boolean {
    return !this.#has(row, UNCOUNTED);
  }

  /** Whether NetBackup named no end. */
  hasAssumedEnd(row: number): boolean {
    return this.#has(row, ASSUMED_END);
  }

  /** Notes that the job runs again. */
  setOpen(row: number): void {
    this.#flags.set(row, this.#flags.get(row) | OPEN);
  }

  /** Notes that the last completion was not counted: it was that of another job. */
  setUncounted(row: number): void {
    this.#flags.set(row, UNCOUNTED);
  }

  /** Whether the primary does not show the job any more. */
  isGone(row: number): boolean {
    return this.#has(row, GONE);
  }

  /** Notes that the primary does not show the job any more. */
  setGone(row: number): void {
    this.#flags.set(row, this.#flags.get(row) & ~DOUBTED | GONE);
  }

  /** Whether nobody has seen the job since it was doubted. */
  isDoubted(row: number): boolean {
    return this.#has(row, DOUBTED);
  }

  /** Sets whether it is to be found out if the primary still shows the job; an update ends that. */
  setDoubted(row: number, doubted: boolean): void {
    this.#flags.set(row, this.#flags.get(row) & ~DOUBTED | (doubted ? DOUBTED : 0));
  }

  /** Notes that the primary shows the job, whatever it shows of it. */
  confirm(row: number): void {
    this.#flags.set(row, this.#flags.get(row) & ~(DOUBTED | GONE));
  }

  /**
   * Whether the job ended in a time, and is what a primary shows that is asked for such jobs: it does
   * not run again, was not deleted, and has an end that NetBackup names.
   */
  isShownIn(row: number, fromMs: number, toMs: number): boolean {
    const end = this.#end.get(row);
    return end >= fromMs && end < toMs && !this.#has(row, OPEN | BARE | ASSUMED_END | GONE);
  }

  /** Notes which poll saw the job finished. */
  setSeen(row: number, poll: number): void {
    this.#seen.set(row, poll & 0xff);
  }

  /** Whether this poll, or one 256 before it, saw the job finished. */
  wasSeen(row: number, poll: number): boolean {
    return this.#seen.get(row) === (poll & 0xff);
  }

  /** Drops the rows that are not to be kept, and gives back their memory. */
  retain(keep: (row: number) => boolean): void {
    const rows = new Uint32Array(this.#size);
    let kept = 0;
    for (let row = 0; row < this.#size; row++) if (keep(row)) rows[kept++] = row;
    if (kept === this.#size) return;
    this.#size = kept;
    for (const column of this.#columns()) column.select(rows.subarray(0, kept));
    this.#index.rebuild(kept);
  }

  /** Records as lists that are made when they are written. */
  serializeRecords(
    rows: Uint32Array,
  ): Readonly<Record<keyof v.InferOutput<typeof recordsDocument>, NumberList>> {
    const list = (get: (row: number) => number) =>
      new NumberList(rows.length, (index) => get(rows[index] ?? 0));
    return {
      jobId: list((row) => this.#jobId.get(row)),
      end: list((row) => this.#end.get(row)),
      update: list((row) => this.#update.get(row)),
      combo: list((row) => this.#key.get(row)),
      kilobytes: list((row) => this.#kilobytes.get(row)),
      dataKilobytes: list((row) => this.#dataKilobytes.get(row)),
      files: list((row) => this.#files.get(row)),
      dedup: list((row) => this.#dedup.get(row)),
      tries: list((row) => this.#tries.get(row)),
      flags: list((row) => this.#flags.get(row) & KEPT),
    };
  }

  /** Completions as lists that are made when they are written. */
  serializeBare(
    rows: Uint32Array,
  ): Readonly<Record<keyof v.InferOutput<typeof bareDocument>, NumberList>> {
    const list = (get: (row: number) => number) =>
      new NumberList(rows.length, (index) => get(rows[index] ?? 0));
    return { jobId: list((row) => this.#jobId.get(row)), end: list((row) => this.#end.get(row)) };
  }

  /**
   * Adds what was serialized. Of a job that is there twice, what comes later holds, and a record rather
   * than its mere completion.
   *
   * @param keyOf The number of a key that had another one then.
   * @param countedFrom Where no flags were kept, jobs that ended since were counted.
   */
  async restore(
    records: v.InferOutput<typeof recordsDocument>,
    bare: v.InferOutput<typeof bareDocument>,
    keyOf: (index: number) => number,
    countedFrom: number,
    pause: Pause,
  ): Promise<void> {
    this.#index.reserve(this.#size + records.jobId.length + bare.jobId.length);
    for (let index = 0; index < records.jobId.length; index++) {
      if (index % RESTORED_AT_ONCE === 0) await pause();
      const at = (column: NumberList) => column.at(index);
      const flags = records.flags && at(records.flags);
      const row = this.#put({
        jobId: at(records.jobId),
        endMs: at(records.end),
        updateMs: at(records.update),
        key: keyOf(at(records.combo)),
        kilobytes: at(records.kilobytes),
        dataKilobytes: at(records.dataKilobytes),
        files: at(records.files),
        dedupRatio: at(records.dedup),
        tries: at(records.tries),
        counted: flags === undefined ? at(records.end) >= countedFrom : (flags & UNCOUNTED) === 0,
        assumedEnd: ((flags ?? 0) & ASSUMED_END) !== 0,
      });
      if (((flags ?? 0) & GONE) !== 0) this.setGone(row);
    }
    for (let index = 0; index < bare.jobId.length; index++) {
      if (index % RESTORED_AT_ONCE === 0) await pause();
      const jobId = bare.jobId.at(index);
      const end = bare.end.at(index);
      if (this.find(jobId) < 0) this.insertBare(jobId, end, end >= countedFrom);
    }
  }

  #put(record: JobRecord): number {
    const row = this.find(record.jobId);
    if (row < 0) return this.insert(record);
    this.update(row, record);
    return row;
  }

  #has(row: number, flag: number): boolean {
    return (this.#flags.get(row) & flag) !== 0;
  }

  #columns(): Column[] {
    return [
      this.#jobId,
      this.#end,
      this.#update,
      this.#kilobytes,
      this.#dataKilobytes,
      this.#files,
      this.#dedup,
      this.#key,
      this.#tries,
      this.#flags,
      this.#seen,
    ];
  }
}
