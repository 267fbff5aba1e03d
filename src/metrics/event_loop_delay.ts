/**
 * How long the event loop was blocked, seen as the lateness of a timer. Deno's own histogram of
 * event loop delays reports nothing useful.
 *
 * @module
 */

const INTERVAL_MS = 500;
const WINDOW_MS = 60_000;

/** What the monitor needs of its surroundings. */
export interface EventLoopDelayOptions {
  /** Milliseconds of a clock that never goes backwards. */
  readonly monotonic: () => number;
}

/** Watches a repeating timer. */
export class EventLoopDelay {
  readonly #monotonic: () => number;
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastTick = 0;
  /** Lateness by time of the tick, oldest first; each later one is smaller than those before. */
  #peaks: { readonly at: number; readonly delayMs: number }[] = [];

  constructor({ monotonic }: EventLoopDelayOptions) {
    this.#monotonic = monotonic;
  }

  /** Begins to watch; does nothing when it does already. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#lastTick = this.#monotonic();
    this.#timer = setInterval(() => this.#tick(), INTERVAL_MS);
  }

  /**
   * Longest delay within the last 60 s, in seconds. A block that is not over yet, or whose tick is
   * still to come, counts as far as it can be seen.
   */
  maxSeconds(): number {
    const now = this.#monotonic();
    this.#evict(now);
    const pending = this.#timer === undefined ? 0 : this.#lateness(now);
    return Math.max(0, this.#peaks[0]?.delayMs ?? 0, pending) / 1000;
  }

  /** Ends the watch; what was seen stays until it is too old. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const at = this.#monotonic();
    const delayMs = this.#lateness(at);
    this.#lastTick = at;
    while ((this.#peaks.at(-1)?.delayMs ?? Infinity) <= delayMs) this.#peaks.pop();
    this.#peaks.push({ at, delayMs });
    this.#evict(at);
  }

  #lateness(now: number): number {
    return Math.max(0, now - this.#lastTick - INTERVAL_MS);
  }

  #evict(now: number): void {
    while ((this.#peaks[0]?.at ?? Infinity) < now - WINDOW_MS) this.#peaks.shift();
  }
}
