/**
 * How many responses may be under way at the same time.
 *
 * @module
 */

/** Places for responses; who finds none free waits a short time for one, in order. */
export class ResponseSlots {
  readonly #waitMs: number;
  #free: number;
  /** Who waits; the first to come is the first to be served. */
  readonly #waiting = new Set<(granted: boolean) => void>();

  /**
   * @param max Responses at the same time.
   * @param waitMs How long one may wait for a slot, in milliseconds.
   */
  constructor(max: number, waitMs: number) {
    this.#free = max;
    this.#waitMs = waitMs;
  }

  /**
   * Takes a slot.
   *
   * @returns False when none became free in time.
   */
  async take(): Promise<boolean> {
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.add(resolve);
    const timer = setTimeout(() => resolve(false), this.#waitMs);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(resolve);
    }
  }

  /** Gives a slot back. */
  release(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next(true);
  }

  /** Tells all who wait that there will be no slot. */
  close(): void {
    for (const resolve of this.#waiting) resolve(false);
  }
}
