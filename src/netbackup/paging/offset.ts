/**
 * Paging by offset (`page[offset]`): storage, alerts, images and most other lists.
 *
 * @module
 */
import type { ApiSession, Page, RequestContext } from "../api.ts";
import { type ErrorPlace, PagingError } from "../errors.ts";
import { createListBounds } from "./bounds.ts";
import { placeOf } from "./envelope.ts";
import { isCount, type PagingRequest, type ReceivedPage, receivePage } from "./request.ts";

/**
 * Reads a list page by page. The next offset is what has been received, never what `meta.pagination`
 * says. The list ends as `hasNext` says where there is one, else with `count` where that makes sense
 * (the vendor's own examples have `count: 0, limit: 0` beside rows), else with an empty page. A page
 * that is not full is no end: a server may grant fewer rows than asked for, and not say so.
 *
 * @throws PagingError When a page comes twice, an empty page promises more, or the list is
 *   longer than `maxRows` or `maxCharacters`.
 * @throws UnexpectedBodyError When a response is no page.
 * @throws NetBackupError What the client throws.
 */
export async function* offsetPages<T>(
  session: ApiSession,
  request: PagingRequest<T>,
  context: RequestContext,
): AsyncGenerator<Page<T>, void> {
  const place = placeOf(session.client, request.endpoint);
  const bounds = createListBounds(place, request);
  const warned = { yet: false };
  let offset = 0;
  let previous = "";
  for (let pages = 1;; pages++) {
    const position = { "page[limit]": request.limit, "page[offset]": offset };
    const received: ReceivedPage<T> = await receivePage(
      session,
      request,
      position,
      bounds,
      warned,
      context,
    );
    if (received.received > 0) {
      if (received.mark === previous) {
        // A server without paging: all there is came at once, unless just that was the limit.
        if (pages === 2 && received.received !== request.limit) return;
        throw new PagingError(place, `page ${pages} is the page before it once more`);
      }
      previous = received.mark;
      offset += received.received;
      yield received.page;
    }
    if (ends(received, offset, place)) return;
  }
}

function ends(
  { received, pagination }: ReceivedPage<unknown>,
  offset: number,
  place: ErrorPlace,
): boolean {
  const { hasNext, count } = pagination;
  if (received === 0) {
    if (hasNext !== true) return true;
    throw new PagingError(place, "a page without rows promises further ones");
  }
  if (typeof hasNext === "boolean") return !hasNext;
  return isCount(count) && count === offset;
}
