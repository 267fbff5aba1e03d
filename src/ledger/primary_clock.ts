/**
 * Finds out when the primary's clock has been set.
 *
 * A job that ends after the clock was set back is dated earlier than what has been read already. A
 * clock is known to have been set when it is not where it should be by a clock that nobody sets.
 *
 * @module
 */
import * as v from "valibot";
import type { Clock } from "../base/clock.ts";
import { DAY_MS } from "../base/time_units.ts";
import type { LedgerContext } from "./context.ts";

/** Times in milliseconds since the epoch. */
export const clockDocument = v.object({
  /** The primary's and the exporter's time at the same moment. */
  primary: v.number(),
  own: v.number(),
  /** A place that the watermark does not pass until the exporter's clock reaches the second time. */
  hold: v.nullable(v.tuple([v.number(), v.number()])),
});

/** A smaller deviation is none: responses tell full seconds, and take a while to come. */
const MIN_STEP_MS = 5000;

/** How much two clocks may part in a time, when both are right. */
const MAX_DRIFT = 1e-4;

/** Further back than this nothing is read again. */
const MAX_READ_BACK_MS = 7 * DAY_MS;

/** What was found out about the clock. */
export interface ClockStep {
  /** By how much it was set, in milliseconds; negative = back. */
  readonly stepMs: number;
  /** From this place on everything is to be read again. */
  readonly place: number;
}

/** Follows the primary's clock from poll to poll. */
export class PrimaryClock {
  #last:
    | { readonly primary: number; readonly own: number; readonly monotonic?: number }
    | undefined;
  #hold: { readonly place: number; readonly until: number } | undefined;

  /**
   * Whether the clock was set since the last poll that read everything; undefined = it was not.
   *
   * @param overlapMs How late jobs may become visible.
   */
  step({ clock, primaryTime }: LedgerContext, overlapMs: number): ClockStep | undefined {
    const now = primaryTime?.();
    const last = this.#last;
    if (now === undefined || !last) return undefined;
    // Over a restart there is only the clock of this host to go by.
    const elapsed = last.monotonic === undefined
      ? Math.max(0, clock.now() - last.own)
      : clock.monotonic() - last.monotonic;
    const stepMs = now - (last.primary + elapsed);
    const drift = last.monotonic === undefined ? elapsed * MAX_DRIFT : 0;
    if (Math.abs(stepMs) < MIN_STEP_MS + drift) return undefined;
    // Set right after the last poll, it has been running from here.
    const earliest = Math.min(last.primary, now - elapsed);
    const place = Math.max(earliest, now - MAX_READ_BACK_MS) - overlapMs;
    // What was updated before a step forward may still become visible, for as long as ever.
    this.#hold = {
      place: Math.min(place, this.limit(clock) ?? place),
      until: clock.now() + overlapMs,
    };
    return { stepMs, place };
  }

  /** A place that the watermark must not pass yet; undefined = there is none. */
  limit(clock: Clock): number | undefined {
    return this.#hold && clock.now() < this.#hold.until ? this.#hold.place : undefined;
  }

  /** A poll has read everything: what happens from now on is noticed by the next. */
  keep({ clock, primaryTime }: LedgerContext): void {
    const primary = primaryTime?.();
    if (primary === undefined) return;
    this.#last = { primary, own: clock.now(), monotonic: clock.monotonic() };
  }

  serialize(): v.InferOutput<typeof clockDocument> | null {
    if (!this.#last) return null;
    const { primary, own } = this.#last;
    return { primary, own, hold: this.#hold ? [this.#hold.place, this.#hold.until] : null };
  }

  restore(document: v.InferOutput<typeof clockDocument> | null): void {
    if (!document) return;
    const { primary, own, hold } = document;
    this.#last = { primary, own };
    this.#hold = hold ? { place: hold[0], until: hold[1] } : undefined;
  }
}
