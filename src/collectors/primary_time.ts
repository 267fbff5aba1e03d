/**
 * The clock of a primary, which need not be right.
 *
 * @module
 */
import type { CollectContext } from "./collector.ts";

/**
 * The primary's present time: what its last response said, and the time that has passed since.
 *
 * @returns Milliseconds since the Unix epoch; undefined before the first response that told the time.
 */
export function primaryTime(
  { session, clock }: Pick<CollectContext, "session" | "clock">,
): number | undefined {
  const last = session.client.serverTime;
  return last && last.serverMs + clock.monotonic() - last.monotonicMs;
}
