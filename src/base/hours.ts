/**
 * Time in full hours since the epoch.
 *
 * @module
 */
import { HOUR_MS } from "./time_units.ts";

/** Number of the hour, since the epoch. */
export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

/** Begin of the hour that a time is in. */
export function startOfHour(ms: number): number {
  return hourOf(ms) * HOUR_MS;
}

/** Deletes the hours before that of a time; the keys are their numbers. */
export function evictHours(byHour: Map<number, unknown>, beforeMs: number): void {
  const first = hourOf(beforeMs);
  for (const hour of byHour.keys()) if (hour < first) byHour.delete(hour);
}
