/**
 * Repeats what may work a little later. The library counts and classifies; the waiting is ours, since
 * it obeys `Retry-After`, the time budget and the clock that was passed in.
 *
 * @module
 */
import pRetry from "p-retry";
import type { Clock } from "../../base/clock.ts";
import { linkSignals } from "../../base/signals.ts";
import type { RetryConfig } from "../../config/types.ts";
import { HttpStatusError, NetBackupError } from "../errors.ts";
import { backoffMs } from "./backoff.ts";

/** Options of `withRetry()`. */
export interface RetryOptions {
  readonly config: RetryConfig;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends attempt and waiting at once. */
  readonly signal: AbortSignal;
  /** Ends the waiting at once, but not an attempt. */
  readonly closing: AbortSignal;
  /** Monotonic time at which the budget is spent: a wait that would end later is not begun. */
  readonly deadline: number;
  /** Called before each wait. */
  readonly onRetry: (error: NetBackupError, retry: number, waitMs: number) => void;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or there are no tries left.
 *
 * @param attempt Gets its number, from 1.
 * @throws What the last attempt threw, with a note on why there was no further one; the signal's
 * reason when aborted.
 */
export function withRetry<T>(
  attempt: (number: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { config, clock, random, signal, closing, deadline, onRetry } = options;
  const retries = Math.max(0, config.maxAttempts - 1);
  return pRetry(attempt, {
    retries,
    // No wait of the library's own: it knows neither our clock nor the deadline.
    minTimeout: 0,
    signal,
    onFailedAttempt({ error, attemptNumber, retriesLeft }) {
      if (error instanceof NetBackupError) error.setAttempt(attemptNumber);
      if (retriesLeft === 0 && attemptNumber > 1 && isRetryable(error)) {
        error.addNote(`given up after ${attemptNumber} attempts`);
      }
    },
    async shouldRetry({ error, attemptNumber }) {
      if (!isRetryable(error)) return false;
      const retryAfter = error instanceof HttpStatusError ? error.retryAfterMs : undefined;
      const waitMs = backoffMs(config, attemptNumber, random, retryAfter);
      const left = deadline - clock.monotonic();
      if (waitMs >= left) {
        // Without figures: they differ each time, and a failure that repeats itself must read the same.
        error.addNote(
          "not tried again: the wait does not fit into what is left of the time budget",
        );
        return false;
      }
      onRetry(error, attemptNumber, waitMs);
      using wait = linkSignals(signal, closing);
      await clock.sleep(waitMs, wait.signal);
      return true;
    },
  });
}

function isRetryable(error: Error): error is NetBackupError {
  return error instanceof NetBackupError && error.retryable;
}
