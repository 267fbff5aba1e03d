/**
 * Work that gets less time than the poll it belongs to.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { startDeadline } from "../base/deadline.ts";
import type { RequestContext } from "../netbackup/api.ts";

/**
 * Does something within a time.
 *
 * @param limitMs Milliseconds; Infinity = as long as the poll may take.
 * @param work Gets the context to make its requests with.
 * @throws Error When it took longer.
 */
export async function withTimeLimit<T>(
  clock: Clock,
  request: RequestContext,
  limitMs: number,
  work: (request: RequestContext) => Promise<T>,
): Promise<T> {
  if (limitMs === Infinity) return await work(request);
  const deadline = Math.min(request.deadline, clock.monotonic() + limitMs);
  using limit = startDeadline({
    clock,
    milliseconds: limitMs,
    reason: () => new Error(`it took longer than ${Math.round(limitMs / 100) / 10} s`),
    signals: [request.signal],
  });
  return await work({ ...request, signal: limit.signal, deadline });
}
