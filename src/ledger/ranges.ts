/**
 * Ranges of time whose jobs have not been read yet.
 *
 * @module
 */

/**
 * Jobs whose place in time is at or after `from` and before `to`; without `to`, all that are and
 * will be. `from` advances while the range is read, and `to` comes closer when a part is given away:
 * the ranges as they stand are at any moment what is left to read.
 */
export interface ReadRange {
  from: number;
  to: number | undefined;
}

/** Whether one of the ranges holds a time. */
export function covers(ranges: readonly Readonly<ReadRange>[], time: number): boolean {
  return ranges.some(({ from, to }) => time >= from && (to === undefined || time < to));
}
