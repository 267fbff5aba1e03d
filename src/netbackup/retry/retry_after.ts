/**
 * The header `Retry-After`.
 *
 * @module
 */
import { parseHttpDate } from "../http_date.ts";

const SECONDS = /^\d+(\.\d+)?$/;
const ISO_DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/** What a wait is measured by. */
export interface RetryAfterOptions {
  /** Wall clock time in milliseconds, for dates in a response that has no `Date` of its own. */
  readonly nowMs: number;
  /** Longest wait, in milliseconds: longer ones are cut, so that the primary is asked once in a while. */
  readonly maxMs: number;
}

/**
 * How long a response asks to wait. A date is taken relative to the response's own `Date`: the two
 * clocks may differ by hours.
 *
 * @returns Milliseconds, at most `maxMs`; undefined where nothing is asked for.
 */
export function retryAfterOf(headers: Headers, options: RetryAfterOptions): number | undefined {
  const nowMs = parseHttpDate(headers.get("date")) ?? options.nowMs;
  const wait = parseRetryAfter(headers.get("retry-after"), nowMs);
  return wait === undefined ? undefined : Math.min(wait, options.maxMs);
}

/**
 * Reads the three forms that occur: seconds and an HTTP date (RFC 9110, section 10.2.3), and the ISO
 * 8601 date-time that NetBackup sends (`2022-01-14T14:46:01.311Z`).
 *
 * @param value The header; null when absent.
 * @param nowMs What dates are relative to, in milliseconds since the Unix epoch.
 * @returns Milliseconds to wait, 0 for a date that has passed; undefined for none or for what cannot
 * be understood.
 */
function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? "";
  if (SECONDS.test(text)) return Number(text) * 1000;
  if (ISO_DATE_TIME.test(text)) {
    const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
    return until(Date.parse(zoned), nowMs);
  }
  return until(parseHttpDate(text), nowMs);
}

function until(dateMs: number | undefined, nowMs: number): number | undefined {
  return dateMs === undefined || Number.isNaN(dateMs) ? undefined : Math.max(dateMs - nowMs, 0);
}
