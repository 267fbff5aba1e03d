/**
 * How long to wait before a retry.
 *
 * @module
 */
import type { RetryConfig } from "../../config/types.ts";

/** Share of the wait by which it is varied, so that clients do not come back together. */
const JITTER = 0.1;

/**
 * The wait before a retry: doubles from `minWaitMs`, varied by up to 10 % either way, never above
 * `maxWaitMs`. What the server asks for in `Retry-After` is never undercut, even above `maxWaitMs`.
 *
 * @param retry Number of the retry, from 1.
 * @param random Source of numbers from 0 to below 1.
 * @param retryAfterMs What the server asks for, in milliseconds.
 * @returns Milliseconds.
 */
export function backoffMs(
  config: RetryConfig,
  retry: number,
  random: () => number,
  retryAfterMs?: number,
): number {
  const base = Math.min(config.minWaitMs * 2 ** (retry - 1), config.maxWaitMs);
  const varied = base * (1 - JITTER + 2 * JITTER * random());
  const own = Math.round(Math.min(varied, config.maxWaitMs));
  return retryAfterMs === undefined ? own : Math.max(own, retryAfterMs);
}
