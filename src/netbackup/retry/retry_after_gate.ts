/**
 * The time for which a primary wants to be left alone.
 *
 * @module
 */
import type { Clock } from "../../base/clock.ts";
import { linkSignals } from "../../base/signals.ts";
import { type ErrorPlace, HttpStatusError, RetryAfterError } from "../errors.ts";

/** What `Retry-After` said to one request holds for all to the same primary. */
export interface RetryAfterGate {
  /** Takes note of what a failed request was told. */
  note(error: unknown): void;
  /**
   * Waits until requests are welcome again.
   *
   * @throws RetryAfterError When that is after the deadline: nothing is waited for then.
   * @throws The reason of the signal that is aborted first.
   */
  wait(place: ErrorPlace, deadline: number, ...signals: readonly AbortSignal[]): Promise<void>;
}

/** Starts with requests welcome. */
export function createRetryAfterGate(clock: Clock): RetryAfterGate {
  let until = -Infinity;
  return {
    note(error) {
      if (!(error instanceof HttpStatusError) || error.retryAfterMs === undefined) return;
      // RFC 9110 gives the header a meaning of its own with a redirect.
      if (error.status !== 429 && error.status !== 503) return;
      until = Math.max(until, clock.monotonic() + error.retryAfterMs);
    },
    async wait(place, deadline, ...signals) {
      const left = until - clock.monotonic();
      if (left <= 0) return;
      if (until >= deadline) throw new RetryAfterError(place, left);
      using both = linkSignals(...signals);
      await clock.sleep(left, both.signal);
    },
  };
}
