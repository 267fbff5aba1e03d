/**
 * Time as a dependency, so that a test can pass its own.
 *
 * @module
 */

/** Source of time and of waiting. */
export interface Clock {
  /** Wall clock time in milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes backwards; only differences mean anything. */
  monotonic(): number;
  /**
   * Waits.
   *
   * @param milliseconds How long to wait; nothing or less resolves at once.
   * @param signal Ends the wait at once when it is aborted.
   * @throws The signal's reason when it is aborted before the wait is over.
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The longest delay `setTimeout` can represent; a longer one fires immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(milliseconds, signal) {
    let left = milliseconds;
    while (left > 0) {
      const step = Math.min(left, MAX_TIMER_MS);
      await timer(step, signal);
      left -= step;
    }
    signal?.throwIfAborted();
  },
};

function timer(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      clearTimeout(handle);
      reject(signal?.reason);
    };
    const handle = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
