/**
 * What pages are asked for, and one page of them.
 *
 * @module
 */
import type { ApiSession, JsonRequest, Page, Query, RequestContext } from "../api.ts";
import { parseRows, type RowSchema } from "../rows.ts";
import type { ListBounds } from "./bounds.ts";
import { openEnvelope, placeOf, type RowsOf } from "./envelope.ts";

/** What pages of an endpoint are asked for. */
export interface PagingRequest<T> extends Pick<JsonRequest, "endpoint" | "path" | "headers"> {
  /** Filter and sort; the same for every page. */
  readonly query?: Query;
  /** Rows per page: the largest number the endpoint allows. */
  readonly limit: number;
  readonly schema: RowSchema<T>;
  /** A faster way for rows of the usual form; undefined = the schema decides. */
  readonly plain?: (row: unknown) => T | undefined;
  /** Where the rows are in a response, when not in a list named `data`. */
  readonly rowsOf?: RowsOf;
  /** Rows after which the list is taken to be endless. */
  readonly maxRows?: number;
  /** Size of all bodies together, in characters, after which the list is taken to be endless. */
  readonly maxCharacters?: number;
}

/** A page and what tells how to go on. */
export interface ReceivedPage<T> {
  readonly page: Page<T>;
  /** Rows that came, the rejected ones included. */
  readonly received: number;
  readonly pagination: Readonly<Record<string, unknown>>;
  /** The same for two pages that have the same rows: number of rows, first and last row. */
  readonly mark: string;
}

/** Whether a list's rejected rows were warned about: once is enough for all of its pages. */
export interface Warned {
  yet: boolean;
}

/**
 * Reads one page. What was parsed lives in here only: a generator that waits for the next page would
 * hold on to it, and the garbage collector would carry it along.
 *
 * @param position Parameters that say which page.
 * @throws PagingError When the list is longer than `bounds`.
 * @throws UnexpectedBodyError When the response is no page.
 */
export async function receivePage<T>(
  { client, version }: ApiSession,
  request: PagingRequest<T>,
  position: Query,
  bounds: ListBounds,
  warned: Warned,
  context: RequestContext,
): Promise<ReceivedPage<T>> {
  const { endpoint, path, headers, query, schema, plain, rowsOf } = request;
  bounds.beforePage();
  const json = await client.getJson({
    endpoint,
    ...(path !== undefined && { path }),
    ...(headers && { headers }),
    query: { ...query, ...position },
    version,
    ...(bounds.onBody && { onBody: bounds.onBody }),
  }, context);
  const { data, pagination } = openEnvelope(json, placeOf(client, endpoint), rowsOf);
  bounds.onRows(data.length);
  const page = parseRows(client, endpoint, data, schema, warned.yet ? "debug" : "warn", plain);
  warned.yet ||= page.rejected > 0;
  const { count } = pagination;
  return {
    page: isCount(count) ? { ...page, total: count } : page,
    ...{ received: data.length, pagination, mark: markOf(data) },
  };
}

/** Whether a `count` says something: the vendor's own examples have 0 beside rows. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function markOf(rows: readonly unknown[]): string {
  return `${rows.length} ${JSON.stringify([rows[0], rows.at(-1)])}`;
}
