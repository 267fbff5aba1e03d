/**
 * Lists without paging: one response has all rows.
 *
 * @module
 */
import type { ApiSession, Page, RequestContext } from "../api.ts";
import { parseRows } from "../rows.ts";
import { openEnvelope, type PagingRequest, placeOf } from "./envelope.ts";

/**
 * Reads a whole list with one request, which has no parameters of paging: an endpoint that documents
 * none may refuse them, or answer the second page with the first once more.
 *
 * @throws UnexpectedBodyError When the response is no list.
 * @throws NetBackupError What the client throws.
 */
export async function* singlePage<T>(
  { client, version }: ApiSession,
  { endpoint, path, query, schema }: PagingRequest<T>,
  context: RequestContext,
): AsyncGenerator<Page<T>, void> {
  const json = await client.getJson({
    endpoint,
    ...(path !== undefined && { path }),
    ...(query !== undefined && { query }),
    version,
  }, context);
  const { data } = openEnvelope(json, placeOf(client, endpoint));
  yield parseRows(client, endpoint, data, schema);
}
