/**
 * Cursors of lists: opaque to the client, and good for one query only.
 *
 * @module
 */
import { FilterError } from "../filter/error.ts";

/** The filter and the sort a cursor belongs to. */
export interface CursorScope {
  readonly filter: string;
  readonly sort: string;
}

/** What a cursor holds: where a row stands. */
export type CursorParts = readonly (string | number)[];

/** Writes a cursor. */
export function encodeCursor(scope: CursorScope, parts: CursorParts): string {
  return toBase64(JSON.stringify([scopeMark(scope), ...parts]));
}

/**
 * Reads a cursor.
 *
 * @throws FilterError When it is damaged or comes from another filter or sort.
 */
export function decodeCursor(scope: CursorScope, cursor: string): CursorParts {
  const values = parse(cursor);
  if (!values?.every(isPart) || typeof values[1] !== "number") {
    throw new FilterError("The page cursor is not valid");
  }
  const [mark, ...parts] = values;
  if (mark !== scopeMark(scope)) {
    throw new FilterError("The page cursor belongs to another filter or sort");
  }
  return parts;
}

function isPart(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function parse(cursor: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(fromBase64(cursor));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** FNV-1a of the query. */
function scopeMark({ filter, sort }: CursorScope): number {
  let hash = 0x811c9dc5;
  for (const character of `${sort}?${filter}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

/** Base64 of the UTF-8 bytes, in the alphabet for URLs. */
export function toBase64(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text: string): string {
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}
