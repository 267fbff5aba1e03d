/**
 * Reads the query of a list.
 *
 * @module
 */
import { badRequest } from "./error.ts";

/** Limits of an endpoint's pages. */
export interface PageLimits {
  readonly min: number;
  /** None where the documents name none. */
  readonly max?: number;
  /** Page size when none is asked for. @default 10 */
  readonly standard?: number;
}

/**
 * `page[limit]`.
 *
 * @throws ApiError 400 when it is no number or beyond the limits.
 */
export function pageLimit(query: URLSearchParams, limits: PageLimits): number {
  const { min, max = Number.MAX_SAFE_INTEGER, standard = 10 } = limits;
  return wholeNumber(query, "page[limit]", standard, min, max);
}

/** `page[offset]`, in the same way. */
export function pageOffset(query: URLSearchParams): number {
  return wholeNumber(query, "page[offset]", 0, 0, Number.MAX_SAFE_INTEGER);
}

/**
 * Refuses `page[...]` parameters that the endpoint does not know.
 *
 * @throws ApiError 400
 */
export function onlyPageParameters(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (name.startsWith("page[") && !known.includes(name)) {
      throw badRequest(`The parameter ${name} is not supported.`);
    }
  }
}

function wholeNumber(
  query: URLSearchParams,
  name: string,
  standard: number,
  min: number,
  max: number,
): number {
  const text = query.get(name);
  if (text === null) return standard;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max)) {
    throw badRequest(`${name} must be a whole number from ${min} to ${max}, not ${text}.`);
  }
  return value;
}

/** The URL of this request with some parameters changed, encoded as NetBackup writes links. */
export function linkTo(url: URL, changes: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(url.searchParams);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  const text = [...query].map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  return `${url.origin}${url.pathname}${text ? `?${text}` : ""}`;
}
