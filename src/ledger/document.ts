/**
 * The ledger as a checkpoint holds it.
 *
 * @module
 */
import * as v from "valibot";
import type { Pause } from "../state/json_pieces.ts";
import { jobKeysDocument } from "./job_keys.ts";
import { bareDocument, recordsDocument } from "./job_table.ts";
import { latestDocument } from "./latest.ts";
import { clockDocument } from "./primary_clock.ts";
import { rangesDocument } from "./range_cursors.ts";
import { runningDocument } from "./running_jobs.ts";
import { statusTextsDocument } from "./status_texts.ts";
import { totalsDocument } from "./totals.ts";

/** The ledger's section in a checkpoint: the ledger, and what its collector has learned. */
export const jobsSectionDocument = v.object({
  ...totalsDocument.entries,
  countFrom: v.number(),
  heldFrom: v.number(),
  /** Null = nothing was evicted. */
  forgottenBefore: v.nullable(v.number()),
  /** Null = no finished job was seen. */
  newest: v.nullable(v.number()),
  caughtUpTo: v.number(),
  keepFrom: v.optional(v.number()),
  /** What is still to be read; exactly one range has no end. */
  ranges: v.pipe(
    rangesDocument,
    v.check((ranges) => ranges.filter(([, to]) => to === null).length === 1, "no range to go on"),
  ),
  combos: jobKeysDocument,
  records: recordsDocument,
  /** What was counted since `keepFrom` and is not among the records. */
  bare: bareDocument,
  latest: v.optional(latestDocument),
  running: v.optional(runningDocument),
  clock: v.optional(v.nullable(clockDocument)),
  statusTexts: statusTextsDocument,
  actions: v.array(v.string()),
});

/** See `jobsSectionDocument`. */
export type JobsSectionDocument = v.InferOutput<typeof jobsSectionDocument>;

/** State of a `Ledger`. */
export type LedgerDocument = Omit<JobsSectionDocument, "statusTexts" | "actions">;

/** Version of the ledger's section. Version 1 is a subset of it, with numbers for status codes. */
export const JOBS_SECTION_VERSION = 2;

/** Records that are looked at without a pause. */
const LOOKED_AT_ONCE = 10_000;

/**
 * What is wrong with the records of a document; undefined = nothing.
 *
 * @param pause To let others work: there may be a million.
 */
export async function recordsFault(
  { combos, records }: LedgerDocument,
  pause: Pause,
): Promise<string | undefined> {
  for (let index = 0; index < records.combo.length; index++) {
    if (index % LOOKED_AT_ONCE === 0) await pause();
    if (combos[records.combo.at(index)] === undefined) return "a record of an unknown combination";
  }
  return undefined;
}
