/**
 * The `meta` and `links` of pages.
 *
 * @module
 */
import { linkTo } from "../protocol/query.ts";

/** A page of rows and what else its response says. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly links?: Readonly<Record<string, unknown>>;
}

/** Where a page by offset stands in a list. */
export interface OffsetPlace {
  readonly count: number;
  readonly offset: number;
  readonly limit: number;
}

/** Offsets of other pages; `next` and `prev` only where there are such pages. */
export interface Neighbours {
  readonly first: number;
  readonly last: number;
  readonly next?: number;
  readonly prev?: number;
}

/** The pages around a page. */
export function neighbours({ count, offset, limit }: OffsetPlace): Neighbours {
  const size = Math.max(1, limit);
  const last = Math.max(0, Math.ceil(count / size) - 1) * limit;
  const next = limit > 0 && offset + limit < count ? offset + limit : undefined;
  const prev = offset > 0 ? Math.max(0, offset - limit) : undefined;
  return {
    first: 0,
    last,
    ...(next !== undefined && { next }),
    ...(prev !== undefined && { prev }),
  };
}

/** `meta.pagination` of a list with a total. */
export function offsetPagination(
  place: OffsetPlace,
  withoutPages = false,
): Readonly<Record<string, number>> {
  const { count, offset, limit } = place;
  const size = Math.max(1, limit);
  return {
    count,
    // Zero-based, as in the vendor's examples.
    ...(!withoutPages && { pages: Math.ceil(count / size), page: Math.floor(offset / size) }),
    offset,
    limit,
    ...neighbours(place),
  };
}

/** The links of a page by offset. */
export function offsetLinks(url: URL, place: OffsetPlace): Readonly<Record<string, unknown>> {
  const { first, last, next, prev } = neighbours(place);
  const link = (to: number) => ({ href: linkTo(url, { "page[offset]": String(to) }) });
  return {
    self: { href: linkTo(url, {}) },
    first: link(first),
    last: link(last),
    ...(next !== undefined && { next: link(next) }),
    ...(prev !== undefined && { prev: link(prev) }),
  };
}

/** Cursors to the pages before and behind this one, where there are such pages. */
export interface CursorPlace {
  readonly next?: string | undefined;
  readonly prev?: string | undefined;
}

/** The links of a page by cursor. */
export function cursorLinks(
  url: URL,
  { next, prev }: CursorPlace,
): Readonly<Record<string, unknown>> {
  const link = (changes: Record<string, string | undefined>) => ({
    href: linkTo(url, { "page[after]": undefined, "page[before]": undefined, ...changes }),
  });
  return {
    self: { href: linkTo(url, {}) },
    first: link({}),
    ...(next !== undefined && { next: link({ "page[after]": next }) }),
    ...(prev !== undefined && { prev: link({ "page[before]": prev }) }),
  };
}
