/**
 * Waiting for the operating system no longer than one is ready to.
 *
 * @module
 */
import { type Clock, systemClock } from "../../base/clock.ts";
import { startDeadline } from "../../base/deadline.ts";
import { abortable } from "../../base/signals.ts";

/** How long to wait. */
export interface WaitLimits {
  /** Ends the wait at once. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** What is thrown when the time is over. */
  readonly onTimeout: () => Error;
  readonly clock?: Clock;
}

/**
 * Waits for work on the file system. A system call that hangs cannot be interrupted: it is left
 * alone, and its late result is dropped.
 *
 * @param work Gets a signal that says when its result is no longer wanted.
 * @throws What `work` throws, `onTimeout()`, or the reason of the signal.
 */
export async function withinLimits<T>(
  work: (stop: AbortSignal) => Promise<T>,
  { signal, timeoutMs, onTimeout, clock = systemClock }: WaitLimits,
): Promise<T> {
  signal?.throwIfAborted();
  using limit = startDeadline({
    clock,
    milliseconds: timeoutMs,
    reason: onTimeout,
    signals: signal === undefined ? [] : [signal],
  });
  return await abortable(work(limit.signal), limit.signal);
}
