/**
 * Endpoints that give all they have in one response: robots, sessions, services, workloads.
 *
 * @module
 */
import type { ApiSession, Page, RequestContext } from "../api.ts";
import { PagingError } from "../errors.ts";
import { createListBounds } from "./bounds.ts";
import { listOrResource, placeOf } from "./envelope.ts";
import { isCount, type PagingRequest, receivePage } from "./request.ts";

/**
 * Reads the one page there is, without any parameter of paging. A single resource instead of a list
 * is one row.
 *
 * @throws PagingError When the response says that it is not all there is, or it is longer than
 *   `maxRows`.
 * @throws UnexpectedBodyError When there are no rows in the response.
 * @throws NetBackupError What the client throws.
 */
export async function* singlePage<T>(
  session: ApiSession,
  request: Omit<PagingRequest<T>, "limit">,
  context: RequestContext,
): AsyncGenerator<Page<T>, void> {
  const place = placeOf(session.client, request.endpoint);
  const all = { rowsOf: listOrResource, ...request, limit: 1 };
  const bounds = createListBounds(place, all);
  const { page, received, pagination } = await receivePage(
    session,
    all,
    {},
    bounds,
    { yet: false },
    context,
  );
  const { count, hasNext } = pagination;
  if (hasNext === true || (isCount(count) && count > received)) {
    throw new PagingError(place, `there are more rows than the ${received} of the only page`);
  }
  if (received > 0) yield page;
}
