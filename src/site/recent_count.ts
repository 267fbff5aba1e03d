/**
 * How often something happened lately, in constant memory.
 *
 * @module
 */

const SLOT_MS = 60_000;
const SLOTS = 60;

/** Counts what happened in the last hour, to the minute. */
export class RecentCount {
  readonly #monotonic: () => number;
  readonly #counts = new Uint32Array(SLOTS);
  /** Number of the newest minute that has a slot. */
  #newest: number;

  /** @param monotonic Milliseconds of a clock that never goes backwards. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#newest = this.#minute();
  }

  /** Notes that it happened just now. */
  add(): void {
    this.#moveOn();
    const slot = this.#newest % SLOTS;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  /** How often it happened in this minute and the 59 before. */
  count(): number {
    this.#moveOn();
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** Empties the slots of the minutes that have passed since the last look. */
  #moveOn(): void {
    const now = this.#minute();
    const passed = Math.min(now - this.#newest, SLOTS);
    for (let i = 0; i < passed; i++) this.#counts[(now - i) % SLOTS] = 0;
    this.#newest = now;
  }

  #minute(): number {
    return Math.floor(this.#monotonic() / SLOT_MS);
  }
}
