/**
 * Reads that belong together.
 *
 * @module
 */
import { linkSignals } from "../base/signals.ts";
import type { RequestContext } from "./api.ts";

/**
 * Runs several reads side by side. When one fails the others are aborted, and all have ended when
 * this settles: nothing goes on in the background.
 *
 * @param context Limits of all of them.
 * @param reads Each gets the context to make its requests with.
 * @throws The error of the read that failed first.
 */
export async function allOrAbort(
  context: RequestContext,
  reads: readonly ((context: RequestContext) => Promise<void>)[],
): Promise<void> {
  using all = linkSignals(context.signal);
  let first: { error: unknown } | undefined;
  await Promise.all(reads.map(async (read) => {
    try {
      await read({ ...context, signal: all.signal });
    } catch (error) {
      first ??= { error };
      all.abort(error);
    }
  }));
  if (first) throw first.error;
}
