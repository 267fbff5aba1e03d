/**
 * Cuts the rows of a list into pages.
 *
 * @module
 */
import { whereBadRequest } from "../filter/request.ts";
import { decodeCursor, encodeCursor, toBase64 } from "../protocol/cursor.ts";
import { badRequest } from "../protocol/error.ts";
import { onlyPageParameters, pageLimit, pageOffset } from "../protocol/query.ts";
import type { ListRow, Paging } from "./define.ts";
import { cursorLinks, neighbours, offsetLinks, offsetPagination, type Page } from "./pages.ts";

/** Where the page behind a cursor begins, for cursors that do not say it themselves. */
export type CursorMemory = Map<string, number>;

/** Cursors of one list that are remembered: more than any client reads at once. */
const MAX_REMEMBERED = 10_000;

/**
 * The page that a request asks for.
 *
 * @throws ApiError 400
 */
export function paginate(
  paging: Paging,
  rows: readonly ListRow[],
  url: URL,
  memory: CursorMemory,
): Page<ListRow> {
  const query = url.searchParams;
  switch (paging.kind) {
    case "none":
      onlyPageParameters(query, []);
      return { rows };
    case "cursor":
      onlyPageParameters(query, ["page[limit]", "page[after]", "page[before]"]);
      return cursorPage(paging, rows, url, memory);
    default:
      onlyPageParameters(query, [
        "page[limit]",
        "page[offset]",
        ...(paging.kind !== "bare" && paging.disable ? ["page[disable]"] : []),
      ]);
      return offsetPage(paging, rows, url);
  }
}

type OffsetPaging = Exclude<Paging, { kind: "none" | "cursor" }>;

function offsetPage(paging: OffsetPaging, rows: readonly ListRow[], url: URL): Page<ListRow> {
  const query = url.searchParams;
  const all = paging.kind !== "bare" && paging.disable && query.get("page[disable]") === "true";
  const asked = all ? rows.length : pageLimit(query, paging.limits);
  const offset = all ? 0 : pageOffset(query);
  const limit = paging.kind === "bare" ? Math.min(paging.cap, asked) : asked;
  const page = rows.slice(offset, offset + limit);
  const place = { count: rows.length, offset, limit };
  const links = offsetLinks(url, place);
  switch (paging.kind) {
    case "bare":
      return { rows: page, ...(paging.withLinks && { links }) };
    case "lookahead": {
      const { next, prev } = neighbours(place);
      const { first, self, next: nextLink, prev: prevLink } = links;
      return {
        rows: page,
        meta: {
          pagination: {
            offset,
            limit,
            first: 0,
            ...(next !== undefined && { next }),
            ...(prev !== undefined && { prev }),
            hasNext: next !== undefined,
          },
        },
        links: {
          self,
          first,
          ...(nextLink !== undefined && { next: nextLink }),
          ...(prevLink !== undefined && { prev: prevLink }),
        },
      };
    }
    case "offset": {
      const pagination = offsetPagination(place, paging.withoutPages);
      return {
        rows: page,
        meta: paging.flatMeta ? pagination : { pagination },
        ...(!paging.withoutLinks && { links }),
      };
    }
  }
}

function cursorPage(
  paging: Extract<Paging, { kind: "cursor" }>,
  rows: readonly ListRow[],
  url: URL,
  memory: CursorMemory,
): Page<ListRow> {
  const query = url.searchParams;
  const limit = pageLimit(query, paging.limits);
  const scope = { filter: query.get("filter") ?? "", sort: query.get("sort") ?? "" };
  const scoped = JSON.stringify(scope);
  const positionOf = (cursor: string): number => {
    const known = memory.get(scoped + cursor);
    if (known !== undefined) return known;
    if (paging.mark) throw badRequest("The page cursor is not valid.");
    const [position, id] = whereBadRequest(() => decodeCursor(scope, cursor));
    // Rows may have come and gone since.
    const found = rows.findIndex((row) => row.id === id);
    return found >= 0 ? found : Number(position);
  };
  const cursorAt = (position: number): string => {
    const row = rows[position];
    if (!row) throw new RangeError(`No row ${position}`);
    if (!paging.mark) return encodeCursor(scope, [position, row.id]);
    const cursor = toBase64(paging.mark(row));
    if (memory.size >= MAX_REMEMBERED) memory.clear();
    memory.set(scoped + cursor, position);
    return cursor;
  };

  const after = query.get("page[after]");
  const before = query.get("page[before]");
  if (after !== null && before !== null) throw badRequest("Use page[after] or page[before].");
  const end = before === null ? undefined : positionOf(before);
  const begin = end !== undefined
    ? Math.max(0, end - limit)
    : after === null
    ? 0
    : positionOf(after) + 1;
  const page = rows.slice(begin, end ?? begin + limit);
  const last = begin + page.length - 1;
  const next = page.length > 0 && last + 1 < rows.length ? cursorAt(last) : undefined;
  const prev = page.length > 0 && begin > 0 ? cursorAt(begin) : undefined;
  const links = cursorLinks(url, { next, prev });
  return {
    rows: page,
    meta: {
      pagination: {
        limit,
        ...(next !== undefined && { next }),
        ...(prev !== undefined && { prev }),
      },
    },
    ...(paging.links === "flat" && { links }),
    ...(paging.links === "nested" && { links: { pagination: links } }),
  };
}
