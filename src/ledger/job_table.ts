/**
 * A compact record per finished job: columns of numbers and an index by job id, about 45 bytes a
 * job, so that a million of them fit into 50 MB.
 *
 * @module
 */
import * as v from "valibot";
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
}

/** A list of numbers, checked in one go: there are hundreds of thousands. */
const numbers = v.custom<number[]>(
  (value) => Array.isArray(value) && value.every((entry) => typeof entry === "number"),
);

/** Records by column. Whether a job runs again is not kept: it is seen anew at the next poll. */
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
  }),
  v.check((columns) => areOfOneLength(Object.values(columns)), "columns of different lengths"),
);

/** Completions of which nothing else is kept. */
export const bareDocument = v.pipe(
  v.object({ jobId: numbers, end: numbers }),
  v.check((columns) => areOfOneLength(Object.values(columns)), "columns of different lengths"),
);

function areOfOneLength(columns: readonly (readonly number[])[]): boolean {
  return new Set(columns.map((column) => column.length)).size === 1;
}

const DONE = 0;
/** The job runs again: it has been resumed since its last completion. */
const OPEN = 1;
const BARE = 2;

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
  readonly #state = new IntegerColumn(Uint8Array);
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
  insertBare(jobId: number, endMs: number): void {
    const none = { key: 0, kilobytes: 0, dataKilobytes: 0, files: 0, dedupRatio: 0, tries: 0 };
    const row = this.insert({ jobId, endMs, updateMs: endMs, ...none });
    this.#state.set(row, BARE);
  }

  /** Adds a job that is not there yet, and gives its row. */
  insert(record: JobRecord): number {
    const row = this.#size++;
    this.#jobId.set(row, record.jobId);
    this.#index.add(record.jobId, row);
    this.update(row, record);
    return row;
  }

  /** Overwrites all but the id. The job counts as finished. */
  update(row: number, record: JobRecord): void {
    this.#end.set(row, record.endMs);
    this.#update.set(row, record.updateMs);
    this.#kilobytes.set(row, record.kilobytes);
    this.#dataKilobytes.set(row, record.dataKilobytes);
    this.#files.set(row, record.files);
    this.#dedup.set(row, record.dedupRatio);
    this.#key.set(row, record.key);
    this.#tries.set(row, record.tries);
    this.#state.set(row, DONE);
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
    return this.#state.get(row) === OPEN;
  }

  /** Whether nothing but id and end are known: the figures were not worth a restart. */
  isBare(row: number): boolean {
    return this.#state.get(row) === BARE;
  }

  /** Notes that the job runs again. */
  setOpen(row: number): void {
    this.#state.set(row, OPEN);
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

  serializeRecords(rows: readonly number[]): v.InferOutput<typeof recordsDocument> {
    return {
      jobId: rows.map((row) => this.#jobId.get(row)),
      end: rows.map((row) => this.#end.get(row)),
      update: rows.map((row) => this.#update.get(row)),
      combo: rows.map((row) => this.#key.get(row)),
      kilobytes: rows.map((row) => this.#kilobytes.get(row)),
      dataKilobytes: rows.map((row) => this.#dataKilobytes.get(row)),
      files: rows.map((row) => this.#files.get(row)),
      dedup: rows.map((row) => this.#dedup.get(row)),
      tries: rows.map((row) => this.#tries.get(row)),
    };
  }

  serializeBare(rows: readonly number[]): v.InferOutput<typeof bareDocument> {
    return {
      jobId: rows.map((row) => this.#jobId.get(row)),
      end: rows.map((row) => this.#end.get(row)),
    };
  }

  /**
   * Adds what was serialized.
   *
   * @param keyOf The number of a key that had another one then.
   */
  restore(
    records: v.InferOutput<typeof recordsDocument>,
    bare: v.InferOutput<typeof bareDocument>,
    keyOf: (index: number) => number,
  ): void {
    for (let index = 0; index < records.jobId.length; index++) {
      const at = (column: readonly number[]) => column[index] ?? 0;
      this.insert({
        jobId: at(records.jobId),
        endMs: at(records.end),
        updateMs: at(records.update),
        key: keyOf(at(records.combo)),
        kilobytes: at(records.kilobytes),
        dataKilobytes: at(records.dataKilobytes),
        files: at(records.files),
        dedupRatio: at(records.dedup),
        tries: at(records.tries),
      });
    }
    bare.jobId.forEach((jobId, index) => this.insertBare(jobId, bare.end[index] ?? 0));
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
      this.#state,
      this.#seen,
    ];
  }
}
