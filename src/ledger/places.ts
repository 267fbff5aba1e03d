/**
 * Times that are believed.
 *
 * @module
 */
import { DAY_MS } from "../base/time_units.ts";

/**
 * The primary tells its own time and the ends of jobs in full seconds, starts in some releases not, and
 * may cut times to seconds before it compares them.
 */
export const TIME_RESOLUTION_MS = 1000;

/**
 * When the counters begin: at the primary's present time, behind the newest job there is. A newest job
 * that is dated ahead says nothing.
 */
export function countingFrom(
  now: number | undefined,
  newest: number | undefined,
): number | undefined {
  if (now === undefined) return newest === undefined ? undefined : newest + 1;
  if (newest === undefined || newest >= now + TIME_RESOLUTION_MS) return now;
  return Math.max(now, newest + 1);
}

/** Clocks may differ, by a time zone too; a time further ahead is no time of an update. */
export const MAX_AHEAD_MS = DAY_MS;

/**
 * A place in time unless it lies in a future that cannot be: one such row would be the newest for
 * good, and nothing that comes after would be read.
 */
export function believable(place: number | undefined, nowMs: number): number | undefined {
  return place !== undefined && place > nowMs + MAX_AHEAD_MS ? undefined : place;
}
