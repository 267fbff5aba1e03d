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

const columns = v.object({
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

/** Columns of records. Whether a job runs again is seen anew at the next poll. */
const records = v.pipe(
  columns,
  v.check(
    (value) =>
      Object.keys(columns.entries).every((name) =>
        value[name as keyof typeof columns.entries].length === value.jobId.length
      ),
    "columns of different lengths",
  ),
  v.check(
    ({ jobId }) => new Set(jobId).size === jobId.length,
    "a job that is there twice",
  ),
);

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
    records,
  }),
  v.check(
    ({ combos, records }) => records.combo.every((index) => combos[index] !== undefined),
    "a record of an unknown combination",
  ),
);

/** See `ledgerDocument`. */
export type LedgerDocument = v.InferOutput<typeof ledgerDocument>;
