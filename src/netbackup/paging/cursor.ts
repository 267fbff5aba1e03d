/**
 * Paging by cursor (`page[after]`): the jobs since API 9.0, SLP images, tape media, volume pools.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { ApiSession, Page, RequestContext } from "../api.ts";
import { type ErrorPlace, PagingError, UnexpectedBodyError } from "../errors.ts";
import { createListBounds } from "./bounds.ts";
import { placeOf } from "./envelope.ts";
import { type PagingRequest, type ReceivedPage, receivePage } from "./request.ts";

/**
 * Reads a list page by page. The cursor is an opaque text. The list ends with the page that names no
 * successor; a page without rows is no end, since the row behind a cursor may have gone. A cursor
 * may come back (that of `/catalog/slp-images` is made of a time and a client, which many rows
 * share): only when the rows come back with it the list leads in circles.
 *
 * @throws PagingError When it leads in circles, or is longer than `maxRows` or `maxCharacters`.
 * @throws UnexpectedBodyError When a response is no page.
 * @throws NetBackupError What the client throws.
 */
export async function* cursorPages<T>(
  session: ApiSession,
  request: PagingRequest<T>,
  context: RequestContext,
): AsyncGenerator<Page<T>, void> {
  const place = placeOf(session.client, request.endpoint);
  const bounds = createListBounds(place, request);
  const circle = createCircleDetector();
  const warned = { yet: false };
  let after: string | undefined;
  for (let pages = 1;; pages++) {
    const position = {
      "page[limit]": request.limit,
      ...(after !== undefined && { "page[after]": after }),
    };
    const received: ReceivedPage<T> = await receivePage(
      session,
      request,
      position,
      bounds,
      warned,
      context,
    );
    if (circle.closes(after, received)) {
      throw new PagingError(place, `page ${pages} has the rows of an earlier page once more`);
    }
    after = nextCursor(received.pagination["next"], place);
    if (received.received > 0) yield { ...received.page, hasNext: after !== undefined };
    if (after === undefined) return;
  }
}

/** Recognizes a page that was there before. */
function createCircleDetector(): {
  closes(after: string | undefined, page: ReceivedPage<unknown>): boolean;
} {
  const seen = new Map<string | undefined, string>();
  let last: { readonly after: string | undefined; readonly mark: string } | undefined;
  return {
    closes(after, { mark, received }) {
      // Of most lists, one page is read: its mark is kept as it is, and needs no digest.
      if (last) seen.set(last.after, digestOf(last.mark));
      // Pages without rows are all alike: only the cursor tells them apart.
      const again = received > 0 && last?.mark === mark;
      last = { after, mark };
      return again || (seen.has(after) && seen.get(after) === digestOf(mark));
    },
  };
}

/** A list has many pages: their marks must be short. */
function digestOf(mark: string): string {
  return createHash("sha1").update(mark).digest("base64");
}

/** An existing exporter broke by taking it for a number; here a number is taken for a text. */
function nextCursor(next: unknown, place: ErrorPlace): string | undefined {
  if (next === undefined || next === null || next === "") return undefined;
  if (typeof next === "string") return next;
  if (typeof next === "number") return String(next);
  throw new UnexpectedBodyError(
    place,
    `a cursor "meta.pagination.next" that is neither text nor number but ${typeof next}`,
  );
}
