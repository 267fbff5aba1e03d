/**
 * Lists, whichever way they are paged.
 *
 * @module
 */
import type { ApiSession, Page, RequestContext } from "../api.ts";
import { UnexpectedBodyError } from "../errors.ts";
import { cursorPages } from "./cursor.ts";
import { placeOf } from "./envelope.ts";
import { offsetPages } from "./offset.ts";
import type { PagingRequest } from "./request.ts";
import { singlePage } from "./single.ts";

/** How an endpoint is paged: `page[after]`, `page[offset]`, or not at all. */
export type PagingKind = "cursor" | "offset" | "none";

/** A list and the way it is paged. */
export interface ListRequest<T> extends PagingRequest<T> {
  readonly paging: PagingKind;
  /** Whether to read on after the first page. @default {true} */
  readonly allPages?: boolean;
}

/** All rows of a list. */
export interface RowList<T> {
  /** In NetBackup's order; a row may come twice when the list moves while it is read. */
  readonly rows: readonly T[];
  /** Rows that did not match the schema and were dropped. */
  readonly rejected: number;
  /** Rows that the list has according to its last page; undefined where that does not say. */
  readonly total: number | undefined;
}

/** Rows after which a list that is kept whole is taken to be endless. */
const MAX_LIST_ROWS = 100_000;
/** Size of all its bodies together, in characters, after which it is. */
const MAX_LIST_CHARACTERS = 256 * 1024 * 1024;

/**
 * Reads a list page by page.
 *
 * @throws NetBackupError See `cursorPages()`, `offsetPages()` and `singlePage()`.
 */
function listPages<T>(
  session: ApiSession,
  request: ListRequest<T>,
  context: RequestContext,
): AsyncGenerator<Page<T>, void> {
  switch (request.paging) {
    case "cursor":
      return cursorPages(session, request, context);
    case "offset":
      return offsetPages(session, request, context);
    case "none":
      return singlePage(session, request, context);
  }
}

/**
 * Reads a list to its end, or its first page only, and keeps all of it: at most `MAX_LIST_ROWS` rows and
 * `MAX_LIST_CHARACTERS`, unless the request says otherwise.
 *
 * @throws UnexpectedBodyError When there are rows, but every one of them was rejected: an empty list
 *   would be a lie.
 * @throws NetBackupError See `listPages()`.
 */
export async function readList<T>(
  session: ApiSession,
  request: ListRequest<T>,
  context: RequestContext,
): Promise<RowList<T>> {
  const bounded = { maxRows: MAX_LIST_ROWS, maxCharacters: MAX_LIST_CHARACTERS, ...request };
  const rows: T[] = [];
  let rejected = 0;
  let total: number | undefined;
  for await (const page of listPages(session, bounded, context)) {
    // One by one: a server that ignores the limit sends more rows than a call takes arguments.
    for (const row of page.rows) rows.push(row);
    rejected += page.rejected;
    total = page.total;
    if (request.allPages === false) break;
  }
  if (rows.length === 0 && rejected > 0) {
    const place = placeOf(session.client, request.endpoint);
    throw new UnexpectedBodyError(place, `${rejected} rows, none of which matches the schema`);
  }
  return { rows, rejected, total };
}
