/**
 * The ledger as a checkpoint holds it.
 *
 * @module
 */
import * as v from "valibot";

const count = v.pipe(v.number(), v.minValue(0));

/** A list of numbers, checked in one go: there are hundreds of thousands. */
const numbers = v.custom<number[]>(
  (value) => Array.isArray(value) && value.every((entry) => typeof entry === "number"),
);

const labels = v.record(v.string(), v.string());

/** Columns of records. Whether a job runs again is not kept: it is seen anew at the next poll. */
const records = v.object({
  jobId: numbers,
  end: numbers,
  update: numbers,
  combo: numbers,
  kilobytes: numbers,
  dataKilobytes: numbers,
  files: numbers,
  dedup: numbers,
  tries: numbers,
});

/** Completions of which nothing else is kept. */
const bare = v.object({ jobId: numbers, end: numbers });

function ofOneLength(columns: readonly (readonly number[])[]): boolean {
  return new Set(columns.map((column) => column.length)).size === 1;
}

/** Content of a ledger's checkpoint, version 1. */
export const ledgerDocument = v.pipe(
  v.object({
    countFrom: v.number(),
    heldFrom: v.number(),
    /** Null = nothing was forgotten. */
    forgottenBefore: v.nullable(v.number()),
    newest: v.nullable(v.number()),
    /** What is still to be read; exactly one range has no end. */
    ranges: v.pipe(
      v.array(v.tuple([v.number(), v.nullable(v.number())])),
      v.check((ranges) => ranges.filter(([, to]) => to === null).length === 1, "no range to go on"),
    ),
    counters: v.record(v.string(), v.array(v.tuple([labels, count]))),
    histograms: v.record(v.string(), v.array(v.tuple([labels, v.array(count), v.number()]))),
    statusTexts: v.array(v.tuple([v.number(), v.nullable(v.string())])),
    actions: v.array(v.string()),
    /** Action, policy type and status. */
    combos: v.array(v.tuple([v.string(), v.string(), v.number()])),
    records: v.pipe(
      records,
      v.check((columns) => ofOneLength(Object.values(columns)), "columns of different lengths"),
    ),
    /** See `Ledger.caughtUpTo`. */
    caughtUpTo: v.number(),
    /** What was counted since and is not among the records. */
    bare: v.pipe(
      bare,
      v.check((columns) => ofOneLength(Object.values(columns)), "columns of different lengths"),
    ),
  }),
  v.check(
    ({ records, bare }) =>
      new Set([...records.jobId, ...bare.jobId]).size === records.jobId.length + bare.jobId.length,
    "a job that is there twice",
  ),
  v.check(
    ({ combos, records }) => records.combo.every((index) => combos[index] !== undefined),
    "a record of an unknown combination",
  ),
);

/** See `ledgerDocument`. */
export type LedgerDocument = v.InferOutput<typeof ledgerDocument>;
