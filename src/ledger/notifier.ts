/**
 * Waiting for something to happen elsewhere.
 *
 * @module
 */

/** Wakes all who wait. */
export class Notifier {
  readonly #waiting = new Set<() => void>();

  /** Ends all waits begun before. */
  notify(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * Waits for the next notification.
   *
   * @throws The signal's reason when it is aborted.
   */
  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const end = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", abort);
      };
      const wake = () => {
        end();
        resolve();
      };
      const abort = () => {
        end();
        reject(signal.reason);
      };
      this.#waiting.add(wake);
      signal.addEventListener("abort", abort, { once: true });
    });
  }
}
