/**
 * Units of time, in milliseconds.
 *
 * @module
 */

/** An hour. */
export const HOUR_MS = 3_600_000;

/** A day. */
export const DAY_MS = 24 * HOUR_MS;
