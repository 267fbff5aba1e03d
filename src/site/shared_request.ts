/**
 * What several runs need to know of the primary at the same time, asked once for all of them.
 *
 * @module
 */
import { abortable } from "../base/signals.ts";
import type { RequestContext } from "../netbackup/api.ts";

/** A request whose result is a `T`. */
export class SharedRequest<T> {
  #current: { readonly result: Promise<T>; readonly signal: AbortSignal } | undefined;

  /** The result that is waited for; undefined when nobody asks. */
  get underWay(): Promise<T> | undefined {
    return this.#current?.result;
  }

  /**
   * The result for one run. Where the run that asked is ended, another one asks: what ended one of them
   * says nothing about the others.
   *
   * @param ask Asks, within the limits of the run whose context it is given.
   * @throws The reason of the signal, or what asking throws.
   */
  async get(
    ask: (context: RequestContext) => Promise<T>,
    context: RequestContext,
  ): Promise<T> {
    for (;;) {
      context.signal.throwIfAborted();
      const shared = this.#current ??= this.#begin(ask(context), context);
      try {
        return await abortable(shared.result, context.signal);
      } catch (error) {
        if (context.signal.aborted || !shared.signal.aborted) throw error;
      }
    }
  }

  #begin(asking: Promise<T>, { signal }: RequestContext) {
    const result = asking.finally(() => this.#current = undefined);
    return { result, signal };
  }
}
