/**
 * Which jobs of a time the primary still shows.
 *
 * @module
 */
import type { JobTable } from "./job_table.ts";

/** Jobs that the primary should count when it is asked for those that ended in a time. */
export function countShown(table: JobTable, fromMs: number, toMs: number): number {
  let jobs = 0;
  for (let row = 0; row < table.size; row++) if (table.isShownIn(row, fromMs, toMs)) jobs++;
  return jobs;
}

/** Begins to find out which of them it shows: those, and no others, are doubted from now on. */
export function doubtShown(table: JobTable, fromMs: number, toMs: number): void {
  for (let row = 0; row < table.size; row++) {
    table.setDoubted(row, table.isShownIn(row, fromMs, toMs));
  }
}

/**
 * All there is of the doubted jobs has been read: those that are doubted still are gone, unless they run
 * again.
 *
 * @returns Their ids.
 */
export function dropDoubted(table: JobTable): number[] {
  const gone: number[] = [];
  for (let row = 0; row < table.size; row++) {
    if (!table.isDoubted(row) || table.isOpen(row)) continue;
    table.setGone(row);
    gone.push(table.jobId(row));
  }
  return gone;
}
