/**
 * The header `Retry-After`.
 *
 * @module
 */
import { parseHttpDate } from "../http_date.ts";

/** Longer waits than this are not believed. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

const SECONDS = /^\d+(\.\d+)?$/;
const ISO_DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Reads the three forms that occur: seconds and an HTTP date (RFC 9110, section 10.2.3), and the ISO
 * 8601 date-time that NetBackup sends (`2022-01-14T14:46:01.311Z`).
 *
 * @param value The header; null when absent.
 * @param nowMs Wall clock time in milliseconds, for the dates.
 * @returns Milliseconds to wait, 0 for a date that has passed, at most a day; undefined for none or
 * for what cannot be understood.
 */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? "";
  if (SECONDS.test(text)) return clamp(Number(text) * 1000);
  if (ISO_DATE_TIME.test(text)) {
    const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
    return until(Date.parse(zoned), nowMs);
  }
  return until(parseHttpDate(text), nowMs);
}

function until(dateMs: number | undefined, nowMs: number): number | undefined {
  return dateMs === undefined || Number.isNaN(dateMs) ? undefined : clamp(dateMs - nowMs);
}

function clamp(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, 0), LONGEST_WAIT_MS);
}
