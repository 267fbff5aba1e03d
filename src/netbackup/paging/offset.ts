/**
 * Paging by offset (`page[offset]`): storage, alerts, images and most other lists.
 *
 * @module
 */
import type { ApiSession, Page, RequestContext } from "../api.ts";
import { PagingError } from "../errors.ts";
import { parseRows } from "../rows.ts";
import { MAX_PAGES, openEnvelope, type PagingRequest, placeOf } from "./envelope.ts";

/**
 * Reads a list page by page. The next offset is what has been received, never what `meta.pagination`
 * says. The list ends with `count` where that makes sense (the vendor's own examples have
 * `count: 0, limit: 0` beside rows), else with a page that is not full, and always with an empty one.
 *
 * @throws PagingError When the same page comes twice, or there are more pages than `maxPages`.
 * @throws UnexpectedBodyError When an answer is no page.
 * @throws NetBackupError What the client throws.
 */
export async function* offsetPages<T>(
  session: ApiSession,
  request: PagingRequest<T>,
  context: RequestContext,
): AsyncGenerator<Page<T>, void> {
  const { client, version } = session;
  const { endpoint, path, query, limit, schema, maxPages = MAX_PAGES } = request;
  const place = placeOf(client, endpoint);
  let offset = 0;
  let previous = "";
  let warned = false;
  for (let pages = 1;; pages++) {
    const json = await client.getJson({
      endpoint,
      ...(path !== undefined && { path }),
      query: { ...query, "page[limit]": limit, "page[offset]": offset },
      version,
    }, context);
    const { data, pagination } = openEnvelope(json, place);
    if (data.length === 0) return;
    const content = JSON.stringify(data);
    if (content === previous) {
      throw new PagingError(place, `page ${pages} is the page before it once more`);
    }
    previous = content;
    const page: Page<T> = parseRows(client, endpoint, data, schema, warned ? "debug" : "warn");
    warned ||= page.rejected > 0;
    yield page;
    offset += data.length;
    const { count, limit: granted } = pagination;
    if (isPositive(count) && count >= offset) {
      if (count === offset) return;
    } else {
      // A server may grant fewer rows a page than asked for.
      const full = isPositive(granted) ? Math.min(limit, granted) : limit;
      if (data.length < full) return;
    }
    if (pages >= maxPages) throw new PagingError(place, `there are more than ${maxPages} pages`);
  }
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
