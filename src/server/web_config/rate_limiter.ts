/**
 * Limits the rate of requests.
 *
 * @module
 */
import type { RateLimit } from "./types.ts";

/** A token bucket that is full at first. */
export class RateLimiter {
  readonly #limit: RateLimit;
  #tokens: number;
  #updatedAt: number;

  /** @param now Monotonic time in milliseconds. */
  constructor(limit: RateLimit, now: number) {
    this.#limit = limit;
    this.#tokens = limit.burst;
    this.#updatedAt = now;
  }

  /**
   * Takes a token.
   *
   * @param now Monotonic time in milliseconds.
   * @returns False when there is none.
   */
  allow(now: number): boolean {
    const { intervalMs, burst } = this.#limit;
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#updatedAt) / intervalMs);
    this.#updatedAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
