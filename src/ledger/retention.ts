/**
 * Which records are worth keeping.
 *
 * @module
 */
import type { Pause } from "../state/json_pieces.ts";
import type { JobTable } from "./job_table.ts";
import type { RangeCursors } from "./range_cursors.ts";

/** Records of which the age is looked at to find one that so many are newer than. */
const MAX_SAMPLES = 16_384;

/** Update time from which on about so many records are newer; found from a sample of them. */
export function newerThan(table: JobTable, records: number): number {
  const { size } = table;
  if (size <= records) return -Infinity;
  const step = Math.ceil(size / MAX_SAMPLES);
  const sample = new Float64Array(Math.ceil(size / step));
  for (let index = 0; index < sample.length; index++) {
    sample[index] = table.updateMs(index * step);
  }
  sample.sort();
  return sample[Math.max(0, sample.length - Math.floor(records / step))] ?? Infinity;
}

/** Records that are looked at without a pause. */
const ROWS_AT_ONCE = 5000;

/** The state of a ledger as far as it decides on records; see `Ledger`. */
export interface RetentionState {
  readonly recall: number;
  readonly cursors: RangeCursors;
  readonly keepFrom: number;
}

/** Bounds on the jobs that have no record; see `Ledger`. */
export interface LeftOut {
  readonly heldFrom: number;
  readonly evictedBefore: number;
}

/** What goes into a checkpoint, and what is to be said of the rest. */
export interface CheckpointSelection {
  /** Rows that go in as they are. */
  readonly rows: Uint32Array;
  /** Rows of which only the completion goes in. */
  readonly bare: Uint32Array;
  readonly leftOut: LeftOut;
}

/**
 * Selects what may be shown again by what is still to be read, and of the others about `recall` of the
 * newest. What is left out counts as evicted.
 */
export async function selectForCheckpoint(
  table: JobTable,
  state: RetentionState,
  pause: Pause,
): Promise<CheckpointSelection> {
  const threshold = newerThan(table, state.recall);
  let heldFrom = -Infinity;
  let evictedBefore = -Infinity;
  const rows = new Uint32Array(table.size);
  const bare = new Uint32Array(table.size);
  let rowCount = 0;
  let bareCount = 0;
  for (let row = 0; row < table.size; row++) {
    if (row % ROWS_AT_ONCE === 0) await pause();
    const end = table.endMs(row);
    const update = table.updateMs(row);
    if (!table.isBare(row) && (update >= threshold || state.cursors.covers(update))) {
      rows[rowCount++] = row;
      continue;
    }
    heldFrom = Math.max(heldFrom, end + 1);
    if (update >= state.keepFrom) bare[bareCount++] = row;
    else evictedBefore = Math.max(evictedBefore, Math.min(end, update) + 1);
  }
  return {
    rows: rows.subarray(0, rowCount),
    bare: bare.subarray(0, bareCount),
    leftOut: { heldFrom, evictedBefore },
  };
}
