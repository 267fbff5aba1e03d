/**
 * Joining and awaiting abort signals without leaving listeners behind.
 *
 * @module
 */

/** A signal that follows others, until it is let go. */
export interface LinkedSignal extends Disposable {
  readonly signal: AbortSignal;
  /** Aborts this signal only. */
  abort(reason: unknown): void;
}

/**
 * Makes a signal that is aborted when any of the given ones is, with the same reason. Unlike
 * `AbortSignal.any()` it leaves nothing registered on long-lived signals once disposed.
 */
export function linkSignals(...signals: readonly AbortSignal[]): LinkedSignal {
  const controller = new AbortController();
  const listeners = signals.map((signal) => {
    const follow = () => controller.abort(signal.reason);
    if (signal.aborted) follow();
    else signal.addEventListener("abort", follow, { once: true });
    return () => signal.removeEventListener("abort", follow);
  });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]() {
      for (const remove of listeners) remove();
    },
  };
}

/**
 * Waits for a promise, but not beyond an abort.
 *
 * @throws The signal's reason, or what the promise rejects with.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    const done = () => signal.removeEventListener("abort", onAbort);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(done);
  });
}
