/**
 * The time of one poll, by the primary's clock where it tells.
 *
 * @module
 */
import type { LedgerContext } from "./context.ts";
import { believable, MAX_AHEAD_MS } from "./places.ts";

/** Times of one poll, all in milliseconds since the epoch. */
export class PollTime {
  readonly #context: LedgerContext;
  readonly #begun: number;
  /** Places up to this one are known to be believable. */
  #latest = -Infinity;

  /** Begins now. */
  constructor(context: LedgerContext) {
    this.#context = context;
    this.#begun = context.clock.monotonic();
  }

  /** Milliseconds since the poll began. */
  elapsed(): number {
    return this.#context.clock.monotonic() - this.#begun;
  }

  /** The primary's time when the poll began; undefined while it has told none. */
  get primaryBegin(): number | undefined {
    const now = this.#context.primaryTime?.();
    return now === undefined ? undefined : now - this.elapsed();
  }

  /** When the poll began, by the primary's clock, or else by that of this host. */
  get begin(): number {
    return this.primaryBegin ?? this.#context.clock.now() - this.elapsed();
  }

  /**
   * A place that no clock can have been far off for, or undefined. To look at a clock costs as much as
   * to parse a part of a job, and there are millions: it is looked at for the first of them.
   */
  believable(place: number | undefined): number | undefined {
    if (place === undefined || place <= this.#latest) return place;
    const { begin } = this;
    this.#latest = begin + MAX_AHEAD_MS;
    return believable(place, begin);
  }

  /** Begin of the look-back window. */
  get windowStart(): number {
    return this.begin - this.#context.windowMs;
  }

  /**
   * The place before which nothing changes any more, once a list has been read to a place.
   *
   * The overlap makes up for jobs that become visible late. What was updated after the poll had
   * begun may have moved from behind the reader to the end. Where the primary does not report its
   * time, the newest place read is taken to be no later than its present time, so that, less the
   * time elapsed, it is no later than its time at the begin; one row that is dated ahead breaks
   * that.
   */
  settled(place: number, overlapMs: number): number {
    const begin = this.primaryBegin;
    const limit = begin === undefined ? place - this.elapsed() : Math.min(place, begin);
    return limit - overlapMs;
  }
}
