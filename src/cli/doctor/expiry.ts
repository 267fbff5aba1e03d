/**
 * Times of expiry in words.
 *
 * @module
 */
import { DAY_MS } from "../../base/time_units.ts";

/** `expires in 30 days (2026-12-27)`, or `expired 2 days ago (2026-11-25)`. */
export function expiryText(atMs: number, nowMs: number): string {
  const days = Math.floor(Math.abs(atMs - nowMs) / DAY_MS);
  const date = new Date(atMs).toISOString().slice(0, 10);
  const span = `${days} ${days === 1 ? "day" : "days"}`;
  return atMs <= nowMs ? `expired ${span} ago (${date})` : `expires in ${span} (${date})`;
}
