/**
 * A time limit that aborts what takes too long.
 *
 * @module
 */
import type { Clock } from "./clock.ts";
import { linkSignals } from "./signals.ts";

/** A time limit; dispose of it as soon as the work has ended, or its timer goes on. */
export interface Deadline extends Disposable {
  /** Aborted when the time is over, or one of the signals that it follows is aborted before. */
  readonly signal: AbortSignal;
  /** True once the time is over, and nothing else aborted the signal before. */
  readonly expired: boolean;
}

/** Options of `startDeadline()`. */
export interface DeadlineOptions {
  readonly clock: Clock;
  /** How long, in milliseconds; nothing or less is over at once. */
  readonly milliseconds: number;
  /** Makes the reason of the abort, but only when the time is over: most deadlines are kept. */
  readonly reason: () => unknown;
  /** Signals to follow: each aborts the deadline's with its own reason. */
  readonly signals?: readonly AbortSignal[];
}

/**
 * Starts a time limit.
 *
 * @example
 * ```ts
 * import type { Clock } from "./clock.ts";
 *
 * async function limited(clock: Clock, work: (signal: AbortSignal) => Promise<void>) {
 *   using limit = startDeadline({
 *     clock,
 *     milliseconds: 5_000,
 *     reason: () => new Error("no response within 5 s"),
 *   });
 *   await work(limit.signal);
 * }
 * ```
 */
export function startDeadline(options: DeadlineOptions): Deadline {
  const { clock, milliseconds, reason, signals = [] } = options;
  const linked = linkSignals(...signals);
  let expired = false;
  const cancel = clock.after(milliseconds, () => {
    if (linked.signal.aborted) return;
    expired = true;
    linked.abort(reason());
  });
  return {
    signal: linked.signal,
    get expired() {
      return expired;
    },
    [Symbol.dispose]() {
      cancel();
      linked[Symbol.dispose]();
    },
  };
}
