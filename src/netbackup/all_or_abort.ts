/**
 * Reads that belong together.
 *
 * @module
 */
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
  const controller = new AbortController();
  const signal = AbortSignal.any([context.signal, controller.signal]);
  let first: { error: unknown } | undefined;
  await Promise.all(reads.map(async (read) => {
    try {
      await read({ ...context, signal });
    } catch (error) {
      first ??= { error };
      controller.abort(error);
    }
  }));
  if (first) throw first.error;
}
