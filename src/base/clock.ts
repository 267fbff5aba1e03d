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
  /**
   * Calls back once, unless that is cancelled before.
   *
   * @param milliseconds How long to wait; nothing or less calls back once what runs now has ended.
   * @returns Cancels the call; does nothing once it has happened.
   */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The longest delay `setTimeout` can represent; a longer one fires immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: sleepBy(after),
  after,
};

/** Makes the `sleep()` of a clock from its `after()`. */
export function sleepBy(after: Clock["after"]): Clock["sleep"] {
  return (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const cancel = after(milliseconds, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      const onAbort = () => {
        cancel();
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
    });
}

function after(milliseconds: number, callback: () => void): () => void {
  let left = milliseconds;
  if (left <= 0) return soon(callback);
  const wait = () => {
    const step = Math.min(left, MAX_TIMER_MS);
    left -= step;
    return setTimeout(() => {
      if (left > 0) handle = wait();
      else callback();
    }, step);
  };
  let handle = wait();
  return () => clearTimeout(handle);
}

function soon(callback: () => void): () => void {
  let cancelled = false;
  queueMicrotask(() => {
    if (!cancelled) callback();
  });
  return () => {
    cancelled = true;
  };
}
