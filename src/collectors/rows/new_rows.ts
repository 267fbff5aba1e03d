/**
 * Logs that are read from where the last run ended: each record counts once.
 *
 * @module
 */
import { DAY_MS } from "../../base/time_units.ts";

/**
 * Records may show up later than the time they bear, since clocks differ and writers are slow: each
 * run looks back beyond the begin of the one before it by so much, in milliseconds.
 */
export const OVERLAP_MS = 10 * 60_000;

/** After an outage at most so much is caught up with, in milliseconds: a log can be endless. */
const MAX_RANGE_MS = DAY_MS;

/** Tells new records from those that were there before. */
export interface NewRows {
  /**
   * From which time on records are to be read, in milliseconds since the Unix epoch. It never goes
   * back, also when the clock does: what is older than that may have been counted.
   */
  since(now: number): number;
  /**
   * The records that are new. Those of the first run are not: a counter begins with what happens
   * while it counts.
   *
   * @param rows All records since `since(now)`.
   * @param now The time of the run before anything was read, by the clock that the records bear.
   */
  take<R extends { readonly id: string }>(rows: readonly R[], now: number): readonly R[];
}

/** Starts without having read anything. */
export function createNewRows(): NewRows {
  let last:
    | { readonly since: number; readonly at: number; readonly ids: ReadonlySet<string> }
    | undefined;
  const since = (now: number) =>
    Math.max(
      Math.min(last?.at ?? now, now) - OVERLAP_MS,
      now - MAX_RANGE_MS,
      last?.since ?? -Infinity,
    );
  return {
    since,
    take(rows, now) {
      const known = last?.ids;
      // No run reads further back than the one before it: of older records no id is needed.
      last = { since: since(now), at: now, ids: new Set(rows.map(({ id }) => id)) };
      return known ? rows.filter(({ id }) => !known.has(id)) : [];
    },
  };
}
