/**
 * A limit on how much happens at the same time.
 *
 * @module
 */

/** Hands out a fixed number of slots, first come first served. */
export interface Semaphore {
  /**
   * Waits for a slot.
   *
   * @param signal Gives up the place in the queue.
   * @returns Gives the slot back; calls after the first do nothing.
   * @throws The signal's reason.
   */
  acquire(signal: AbortSignal): Promise<() => void>;
}

/**
 * Makes a semaphore.
 *
 * @param slots How many may be held at the same time; at least one.
 */
export function createSemaphore(slots: number): Semaphore {
  let free = Math.max(1, slots);
  const queue = new Set<() => void>();

  const hold = (): () => void => {
    let held = true;
    return function release() {
      if (!held) return;
      held = false;
      const next = queue.values().next();
      if (next.done) free++;
      else next.value();
    };
  };

  return {
    acquire(signal) {
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        if (free > 0) {
          free--;
          return resolve(hold());
        }
        const enter = () => {
          queue.delete(enter);
          signal.removeEventListener("abort", onAbort);
          resolve(hold());
        };
        const onAbort = () => {
          queue.delete(enter);
          reject(signal.reason);
        };
        queue.add(enter);
        signal.addEventListener("abort", onAbort, { once: true });
      });
    },
  };
}
