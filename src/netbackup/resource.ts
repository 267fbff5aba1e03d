/**
 * Lists of the API as data: where they are, what it takes to read them, and what their rows hold.
 *
 * @module
 */
import type { ApiSession, Page, Query, RequestContext } from "./api.ts";
import { type HttpStatusError, NetBackupError, UnexpectedBodyError } from "./errors.ts";
import { cursorPages } from "./paging/cursor.ts";
import { offsetPages } from "./paging/offset.ts";
import { singlePage } from "./paging/single.ts";
import type { RowSchema } from "./rows.ts";

/** How a list is divided into pages. */
export type Paging = "offset" | "cursor" | "none";

/** An endpoint of the API, and the permission to read it. */
export interface Endpoint {
  /** Path template below the base URL, `/storage/drives`: the label value of the metrics. */
  readonly endpoint: string;
  /**
   * RBAC object that the role of the API key must be allowed to view, `|STORAGE|TAPE-DEVICES|`; empty
   * where any key will do.
   */
  readonly permission: string;
  /** Oldest API version that has it. */
  readonly since: string;
}

/** A list of the API. `R` is one of its rows. */
export interface ListResource<R> extends Endpoint {
  readonly paging: Paging;
  /** Rows per page: the largest number that the vendor documents; of no use without paging. */
  readonly limit: number;
  /** Filter and sort that are always sent. */
  readonly query?: Query;
  readonly row: RowSchema<R>;
  /** What tells rows apart, so that one that comes twice counts once; undefined = any row counts. */
  readonly key?: (row: R) => string;
}

/** All rows of a list. */
export interface ListRows<R> {
  readonly rows: readonly R[];
  /** Rows that did not fit the schema, or repeated another one, and were dropped. */
  readonly dropped: number;
}

/** Names a list; the type of its rows comes from their schema. */
export function listResource<R>(resource: ListResource<R>): ListResource<R> {
  return Object.freeze(resource);
}

/** The release of a primary has no such endpoint, so that it is not asked for some time. */
export class EndpointUnsupportedError extends NetBackupError {
  override readonly name = "EndpointUnsupportedError";

  /** @param refusal The response that says so; undefined when nothing was asked this time. */
  constructor(
    site: string,
    { endpoint }: Pick<Endpoint, "endpoint">,
    version: string,
    refusal?: HttpStatusError,
  ) {
    super(`Site "${site}" has no GET ${endpoint} in version ${version} of the API`, {
      reason: "unsupported",
      site,
      endpoint,
      cause: refusal,
    });
  }
}

/**
 * Reads all pages of a list.
 *
 * @param query Filter and sort beside those of the resource.
 * @throws UnexpectedBodyError When there are rows and none of them fits: that is no empty list.
 * @throws NetBackupError What the pager throws.
 */
export async function readList<R>(
  session: ApiSession,
  resource: ListResource<R>,
  query: Query,
  context: RequestContext,
): Promise<ListRows<R>> {
  const { endpoint, key } = resource;
  const { client } = session;
  const rows: R[] = [];
  const keys = new Set<string>();
  let rejected = 0;
  let repeated = 0;
  for await (const page of pagesOf(session, resource, query, context)) {
    rejected += page.rejected;
    for (const row of page.rows) {
      const own = key?.(row);
      if (own !== undefined && keys.has(own)) {
        repeated++;
        continue;
      }
      if (own !== undefined) keys.add(own);
      rows.push(row);
    }
  }
  if (repeated > 0) client.observer.rowsRejected(endpoint, repeated);
  if (rows.length === 0 && rejected > 0) {
    throw new UnexpectedBodyError(
      { site: client.site ?? "", endpoint },
      `${rejected} rows of which none has the expected form`,
    );
  }
  return { rows, dropped: rejected + repeated };
}

function pagesOf<R>(
  session: ApiSession,
  { endpoint, paging, limit, row, query: ownQuery }: ListResource<R>,
  query: Query,
  context: RequestContext,
): AsyncGenerator<Page<R>, void> {
  const request = { endpoint, limit, schema: row, query: { ...ownQuery, ...query } };
  switch (paging) {
    case "cursor":
      return cursorPages(session, request, context);
    case "offset":
      return offsetPages(session, request, context);
    case "none":
      return singlePage(session, request, context);
  }
}
