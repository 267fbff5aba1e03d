/**
 * Time in full hours since the epoch.
 *
 * @module
 */

/** In milliseconds. */
export const HOUR_MS = 3_600_000;

/** Number of the hour, since the epoch. */
export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

/** Begin of the hour that a time is in. */
export function startOfHour(ms: number): number {
  return hourOf(ms) * HOUR_MS;
}
