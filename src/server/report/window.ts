/**
 * How far back a report looks.
 *
 * @module
 */
import { HOUR_MS } from "../../base/time_units.ts";
import { DurationSyntaxError, parseDuration } from "../../config/schema/duration.ts";

/** What a report and the page of a site look back on unless told otherwise, in milliseconds. */
export const DEFAULT_WINDOW_MS = 24 * HOUR_MS;

/** What is kept of the jobs is a day more than this. */
const MAX_WINDOW_MS = 7 * 24 * HOUR_MS;

/** A window that no report can be made of. The message says why. */
export class WindowError extends RangeError {
  override readonly name = "WindowError";
}

/**
 * Reads a window: a duration as the configuration has it (`24h`, `90m`), or days (`7d`).
 *
 * @returns Milliseconds.
 * @throws WindowError When it is no duration, shorter than an hour or longer than 7 days.
 */
export function parseWindow(text: string): number {
  const [, days] = /^(\d{1,3})d$/.exec(text) ?? [];
  const ms = days === undefined ? duration(text) : Number(days) * 24 * HOUR_MS;
  if (ms < HOUR_MS || ms > MAX_WINDOW_MS) {
    throw new WindowError("the window must be between 1h and 7d");
  }
  return ms;
}

function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof DurationSyntaxError)) throw error;
    throw new WindowError("the window must be a duration such as 24h or 7d");
  }
}
