/**
 * Times and durations as people say them.
 *
 * @module
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration in at most two units: `20 s`, `3 min`, `2 h 14 min`, `5 d 3 h`. */
export function inWords(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return twoUnits(ms, [HOUR, "h"], [MINUTE, "min"]);
  return twoUnits(ms, [DAY, "d"], [HOUR, "h"]);
}

/** How long ago something was: `just now`, `3 min ago`. */
export function ago(milliseconds: number): string {
  return milliseconds < SECOND ? "just now" : `${inWords(milliseconds)} ago`;
}

/** When something will be: `now`, `in 3 min`. */
export function ahead(milliseconds: number): string {
  return milliseconds < SECOND ? "now" : `in ${inWords(milliseconds)}`;
}

/** How long a run took: `12 ms`, `1.2 s`, `3 min`. */
export function runTime(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * SECOND)} ms`;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : inWords(seconds * SECOND);
}

/** A time for people who compare it with logs: `2026-11-20 22:12:00 UTC`. */
export function utc(ms: number): string {
  return new Date(ms).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");
}

/** Names in a row, the first ones only where there are many: `jobs, storage and 12 others`. */
export function listed(names: readonly string[], max = 4): string {
  if (names.length <= max + 1) return names.join(", ");
  return `${names.slice(0, max).join(", ")} and ${names.length - max} others`;
}

type Unit = readonly [size: number, name: string];

function twoUnits(ms: number, [large, largeName]: Unit, [small, smallName]: Unit): string {
  const rest = Math.floor((ms % large) / small);
  const first = `${Math.floor(ms / large)} ${largeName}`;
  return rest > 0 ? `${first} ${rest} ${smallName}` : first;
}
