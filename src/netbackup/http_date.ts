/**
 * Dates in HTTP headers.
 *
 * @module
 */

// IMF-fixdate, RFC 850 and asctime (RFC 9110, section 5.6.7) all begin with the name of a day.
const HTTP_DATE = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .*\d/i;

/**
 * Reads the three forms of an HTTP date (RFC 9110, section 5.6.7).
 *
 * @param value The header; null when absent.
 * @returns Milliseconds since the Unix epoch; undefined for none or for what is no date.
 */
export function parseHttpDate(value: string | null): number | undefined {
  const text = value?.trim() ?? "";
  if (!HTTP_DATE.test(text)) return undefined;
  // asctime names no zone, but is UTC by definition.
  const milliseconds = Date.parse(/ (GMT|UTC)$/i.test(text) ? text : `${text} GMT`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
