/**
 * The time by the clock of the primary, which is the one that its jobs are dated by.
 *
 * @module
 */
import type { CollectContext } from "./collector.ts";

/**
 * The primary's present time: what its last response said, and the time that has passed since.
 *
 * @returns Milliseconds since the epoch; undefined while it has told none.
 */
export function primaryTime(
  { session, clock }: Pick<CollectContext, "session" | "clock">,
): number | undefined {
  const last = session.client.serverTime;
  return last && last.serverMs + clock.monotonic() - last.monotonicMs;
}
