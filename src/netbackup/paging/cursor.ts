/**
 * Paging by cursor (`page[after]`): the jobs since API 9.0, SLP images, tape media, volume pools.
 *
 * @module
 */
import type { ApiSession, Page, RequestContext } from "../api.ts";
import { type ErrorPlace, PagingError, UnexpectedBodyError } from "../errors.ts";
import { parseRows } from "../rows.ts";
import { MAX_PAGES, openEnvelope, type PagingRequest, placeOf } from "./envelope.ts";

/**
 * Reads a list page by page. The cursor is an opaque text; the list ends where there is no further
 * one, or with an empty page.
 *
 * @throws PagingError When a cursor comes back, or there are more pages than `maxPages`.
 * @throws UnexpectedBodyError When an answer is no page.
 * @throws NetBackupError What the client throws.
 */
export async function* cursorPages<T>(
  session: ApiSession,
  request: PagingRequest<T>,
  context: RequestContext,
): AsyncGenerator<Page<T>, void> {
  const { maxPages = MAX_PAGES } = request;
  const place = placeOf(session.client, request.endpoint);
  const seen = new Set<string>();
  let after: string | undefined;
  let warned = false;
  for (let pages = 1;; pages++) {
    const answer: PageAndNext<T> = await readPage(session, request, after, warned, context);
    if (answer.page.rows.length + answer.page.rejected === 0) return;
    warned ||= answer.page.rejected > 0;
    after = answer.next;
    yield { ...answer.page, hasNext: after !== undefined };
    if (after === undefined) return;
    if (seen.has(after)) {
      throw new PagingError(place, `page ${pages} names a cursor that was used before`);
    }
    if (pages >= maxPages) throw new PagingError(place, `there are more than ${maxPages} pages`);
    seen.add(after);
  }
}

interface PageAndNext<T> {
  readonly page: Page<T>;
  /** Cursor of the next page; undefined = this is the last. */
  readonly next: string | undefined;
}

/**
 * Reads one page. What was parsed lives in here only: a generator that waits for the next page would
 * hold on to it, and the garbage collector would carry it along.
 */
async function readPage<T>(
  { client, version }: ApiSession,
  { endpoint, path, query, limit, schema, plain }: PagingRequest<T>,
  after: string | undefined,
  warned: boolean,
  context: RequestContext,
): Promise<PageAndNext<T>> {
  const json = await client.getJson({
    endpoint,
    ...(path !== undefined && { path }),
    query: {
      ...query,
      "page[limit]": limit,
      ...(after !== undefined && { "page[after]": after }),
    },
    version,
  }, context);
  const place = placeOf(client, endpoint);
  const { data, pagination } = openEnvelope(json, place);
  const page = parseRows(client, endpoint, data, schema, warned ? "debug" : "warn", plain);
  // What an empty page says comes next does not matter: it is the end.
  return { page, next: data.length === 0 ? undefined : nextCursor(pagination["next"], place) };
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
