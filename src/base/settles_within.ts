/**
 * Waiting for something no longer than it is worth.
 *
 * @module
 */

/**
 * Waits until a promise settles, but no longer than a time limit. What the promise stands for goes
 * on; a rejection counts as settled and is left to whoever else awaits the promise.
 *
 * @param timeoutMs Time limit in milliseconds.
 * @param signal Ends the waiting at once.
 * @returns True when the promise settled in time.
 */
export async function settlesWithin(
  promise: Promise<unknown>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  if (signal?.aborted) return false;
  const over = Promise.withResolvers<false>();
  const onAbort = () => over.resolve(false);
  const timer = setTimeout(onAbort, timeoutMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const settled = () => true;
    return await Promise.race([promise.then(settled, settled), over.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
