/**
 * What is under way in a client, and its end.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { startDeadline } from "../base/deadline.ts";
import { abortable, linkSignals } from "../base/signals.ts";
import type { CloseOptions, CloseResult } from "./api.ts";
import { ClientAlreadyClosedError, ClientClosedError, type ErrorPlace } from "./errors.ts";

/** How long `close()` waits unless told otherwise, in milliseconds. */
const DRAIN_TIMEOUT_MS = 30_000;

/** Keeps account of calls, those that wait for a slot or for a retry included. */
export interface InFlight {
  /** Aborted with a `ClientClosedError` as soon as closing begins: nothing is waited for then. */
  readonly closing: AbortSignal;
  /**
   * Runs `work` unless closing has begun.
   *
   * @param place The request that is made, for the error.
   * @param work Gets a signal that is aborted by `signal` and by the end of `drain()`.
   * @throws ClientClosedError When closing has begun, or ended the work.
   */
  run<T>(
    place: ErrorPlace,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /**
   * Refuses further work, waits for what is under way, then aborts the rest.
   *
   * @throws ClientAlreadyClosedError On the second call.
   */
  drain(options?: CloseOptions): Promise<CloseResult>;
}

/** Starts with nothing under way. */
export function createInFlight(site: string, clock: Clock): InFlight {
  const abort = new AbortController();
  const closing = new AbortController();
  // A number, not the promises themselves: a set of them lives long, and while the garbage collector
  // has not been at it, whatever it once held stays in memory with all its results.
  let running = 0;
  let idle: PromiseWithResolvers<void> | undefined;

  const settled = async () => {
    while (running > 0) {
      idle ??= Promise.withResolvers();
      await idle.promise;
    }
  };

  return {
    closing: closing.signal,
    async run(place, signal, work) {
      if (closing.signal.aborted) throw new ClientClosedError(site, place);
      signal.throwIfAborted();
      using linked = linkSignals(signal, abort.signal);
      running++;
      try {
        return await work(linked.signal);
      } finally {
        running--;
        if (running === 0) {
          idle?.resolve();
          idle = undefined;
        }
      }
    },
    async drain({ timeoutMs = DRAIN_TIMEOUT_MS, signal } = {}) {
      if (closing.signal.aborted) throw new ClientAlreadyClosedError(site);
      closing.abort(new ClientClosedError(site));
      if (running > 0) {
        using limit = startDeadline({
          clock,
          milliseconds: timeoutMs,
          reason: () => "drain timeout",
          signals: signal ? [signal] : [],
        });
        await abortable(settled(), limit.signal).catch(() => {});
      }
      const aborted = running;
      abort.abort(new ClientClosedError(site));
      await settled();
      return { drained: aborted === 0, aborted };
    },
  };
}
