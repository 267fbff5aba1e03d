/**
 * How many responses may be under way at the same time.
 *
 * @module
 */

interface Waiter {
  readonly settle: (granted: boolean) => void;
  /** When the waiting is over. */
  readonly end: number;
}

/** Places for responses; who finds none free waits a short time for one, in order. */
export class ResponseSlots {
  readonly #waitMs: number;
  #free: number;
  /** In the order of arrival, which is that of their ends as well: one timer is enough. */
  readonly #waiting = new Set<Waiter>();
  #timer: ReturnType<typeof setTimeout> | undefined;

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
  take(): boolean | Promise<boolean> {
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.add({ settle: resolve, end: performance.now() + this.#waitMs });
    this.#timer ??= setTimeout(() => this.#expire(), this.#waitMs);
    return promise;
  }

  /** Gives a slot back. */
  release(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next.settle(true);
  }

  /** Tells all who wait that there will be no slot. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const waiter of this.#waiting) waiter.settle(false);
    this.#waiting.clear();
  }

  #expire(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const waiter of this.#waiting) {
      if (waiter.end > now) {
        this.#timer = setTimeout(() => this.#expire(), waiter.end - now);
        return;
      }
      this.#waiting.delete(waiter);
      waiter.settle(false);
    }
  }
}
