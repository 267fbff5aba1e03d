/**
 * Waiting for the operating system no longer than one is ready to.
 *
 * @module
 */

/** How long to wait. */
export interface WaitLimits {
  /** Ends the wait at once. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** What is thrown when the time is over. */
  readonly onTimeout: () => Error;
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
  { signal, timeoutMs, onTimeout }: WaitLimits,
): Promise<T> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  stop.signal.addEventListener("abort", () => reject(stop.signal.reason), { once: true });
  const timer = setTimeout(() => stop.abort(onTimeout()), timeoutMs);
  const onAbort = () => stop.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work(stop.signal), stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
