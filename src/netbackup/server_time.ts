/**
 * The primary's own present time, for telling its clock from ours.
 *
 * @module
 */
import type { ServerTime } from "./api.ts";
import { parseHttpDate } from "./http_date.ts";

/** Remembers what the newest response said. */
export interface ServerTimeRecorder {
  /** Undefined before the first response that tells the time. */
  readonly latest: ServerTime | undefined;
  /**
   * Takes note of a response's `Date`. Only what is 2xx counts, since errors are often a proxy's own,
   * and nothing with an `Age`, which comes out of a cache with the time at which it went in.
   *
   * @param monotonicMs When its headers arrived.
   */
  record(response: Response, monotonicMs: number): void;
}

/** Starts without a time. */
export function createServerTimeRecorder(): ServerTimeRecorder {
  let latest: ServerTime | undefined;
  return {
    get latest() {
      return latest;
    },
    record(response, monotonicMs) {
      if (!response.ok || response.headers.has("age")) return;
      const serverMs = parseHttpDate(response.headers.get("date"));
      if (serverMs !== undefined) latest = { serverMs, monotonicMs };
    },
  };
}
