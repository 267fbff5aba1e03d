/**
 * Lists of the API as data: where they are, what it takes to read them, and what their rows hold.
 *
 * @module
 */
import type { ApiSession, Query, RequestContext, RequestHeaders } from "./api.ts";
import { type HttpStatusError, NetBackupError } from "./errors.ts";
import type { RowsOf } from "./paging/envelope.ts";
import { type PagingKind, readList } from "./paging/list.ts";
import type { RowSchema } from "./rows.ts";

/** An endpoint of the API, and the permission to read it. */
export interface Endpoint {
  /** Path template below the base URL, `/storage/drives`: the label value of the metrics. */
  readonly endpoint: string;
  /**
   * RBAC object that the role of the API key must be allowed to view, `|STORAGE|TAPE-DEVICES|`; empty
   * where any key will do.
   */
  readonly permission: string;
  /** Operation on that object. @default {"|OPERATIONS|VIEW|"} */
  readonly operation?: string;
  /** Oldest API version that has it. */
  readonly since: string;
  /**
   * Whether the vendor's documents at hand name the endpoint but not the fields of its rows, so that
   * their names are assumed.
   *
   * @default {false}
   */
  readonly assumed?: boolean;
  /** What is sent by POST to read it, where there is no GET. */
  readonly body?: unknown;
}

/** An endpoint with its method, `GET /storage/drives`. */
export function operationOf({ endpoint, body }: Pick<Endpoint, "endpoint" | "body">): string {
  return `${body === undefined ? "GET" : "POST"} ${endpoint}`;
}

/** A list of the API. `R` is one of its rows. */
export interface ListResource<R> extends Endpoint {
  readonly paging: PagingKind;
  /**
   * Rows per page: the largest number that the vendor documents. Without paging, it is of no use.
   */
  readonly limit: number;
  /** Filter and sort that are always sent. */
  readonly query?: Query;
  /** Headers beside those of every request. */
  readonly headers?: RequestHeaders;
  /** The path, encoded, where the template has parameters, see `resourceAt()`. */
  readonly path?: string;
  /** Where the rows are in a response, when not in a list named `data`. */
  readonly rowsOf?: RowsOf;
  /** Whether to read on after the first page. @default {true} */
  readonly allPages?: boolean;
  readonly row: RowSchema<R>;
  /** What tells rows apart, so that one that comes twice counts once; undefined = any row counts. */
  readonly key?: (row: R) => string;
}

/** All rows of a list. */
export interface ListRows<R> {
  readonly rows: readonly R[];
  /** Rows that did not fit the schema, or repeated another one, and were dropped. */
  readonly dropped: number;
  /** Rows that the list has according to NetBackup; undefined where it does not say. */
  readonly total: number | undefined;
}

/** How most of the vendor's lists are read: by offset, in pages of 100 rows. */
const USUAL_PAGES = { paging: "offset", limit: 100 } as const;

/** A list as it is declared: pages need not be named where they are the usual ones. */
export type ListDeclaration<R> =
  & Omit<ListResource<R>, keyof typeof USUAL_PAGES>
  & Partial<Pick<ListResource<R>, keyof typeof USUAL_PAGES>>;

/**
 * Names a list; the type of its rows comes from their schema.
 *
 * @example
 * ```ts
 * import { text } from "./fields.ts";
 * import { listResource } from "./resource.ts";
 * import { row } from "./row.ts";
 *
 * const groups = listResource({
 *   endpoint: "/storage/volume-groups",
 *   permission: "|STORAGE|TAPE-MEDIA|VOLUME-GROUPS|",
 *   since: "11.0",
 *   paging: "cursor",
 *   row: row({ volumeGroupName: text("UNKNOWN") }),
 *   key: ({ id }) => id,
 * });
 * ```
 */
export function listResource<R>(declaration: ListDeclaration<R>): ListResource<R> {
  return Object.freeze({ ...USUAL_PAGES, ...declaration });
}

/**
 * A list whose path template has parameters, for particular values of them.
 *
 * @param parameters By name; each value becomes one segment of the path.
 * @throws RangeError When a parameter of the template has no value, or one that cannot be a segment.
 * @example
 * ```ts
 * import { type ListResource, resourceAt } from "./resource.ts";
 *
 * // Of the template `/config/policies/{policyName}` it makes `/config/policies/night%20shift`.
 * const ofPolicy = <R>(details: ListResource<R>) =>
 *   resourceAt(details, { policyName: "night shift" });
 * ```
 */
export function resourceAt<R>(
  resource: ListResource<R>,
  parameters: Readonly<Record<string, string>>,
): ListResource<R> {
  const path = resource.endpoint.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name] ?? "";
    // URLs resolve dot segments, encoded ones too: another path would be asked for.
    if (/^\.{0,2}$/.test(value)) {
      throw new RangeError(`cannot ask for ${resource.endpoint} with "${value}" as ${name}`);
    }
    return encodeURIComponent(value);
  });
  return Object.freeze({ ...resource, path });
}

/** The list cut down to its first rows, for one request. */
export function firstRows<R>(resource: ListResource<R>, limit: number): ListResource<R> {
  return Object.freeze({ ...resource, limit, allPages: false });
}

/**
 * The release of a primary has no such endpoint, so that it is not asked for some time; or what the
 * path names is not there.
 */
export class EndpointUnsupportedError extends NetBackupError {
  override readonly name = "EndpointUnsupportedError";

  /** @param refusal The response that says so; undefined when nothing was asked this time. */
  constructor(
    site: string,
    resource: Pick<Endpoint, "endpoint" | "body">,
    version: string,
    refusal?: HttpStatusError,
  ) {
    super(`Site "${site}" has no ${operationOf(resource)} in version ${version} of the API`, {
      reason: "unsupported",
      site,
      endpoint: resource.endpoint,
      cause: refusal,
    });
  }
}

/** Whether an error says that the release lacks an endpoint, as it is known, without having asked. */
export function isKnownAsUnsupported(error: unknown): boolean {
  return error instanceof EndpointUnsupportedError && error.cause === undefined;
}

/**
 * Reads a list; a row that comes twice counts once.
 *
 * @param query Filter and sort beside those of the resource.
 * @throws NetBackupError What `readList()` throws.
 */
export async function readResource<R>(
  session: ApiSession,
  resource: ListResource<R>,
  query: Query,
  context: RequestContext,
): Promise<ListRows<R>> {
  const { row: schema, key, query: ownQuery } = resource;
  const request = { ...resource, schema, query: { ...ownQuery, ...query } };
  const { rows, rejected, total } = await readList(session, request, context);
  const distinct = key ? distinctBy(rows, key) : rows;
  const repeated = rows.length - distinct.length;
  if (repeated > 0) session.client.observer.rowsRejected(resource.endpoint, repeated);
  return { rows: distinct, dropped: rejected + repeated, total };
}

/** The first row of each key; a row whose key is empty is like no other. */
function distinctBy<R>(rows: readonly R[], key: (row: R) => string): readonly R[] {
  const keys = new Set<string>();
  return rows.filter((row) => {
    const own = key(row);
    return own === "" || !keys.has(own) && keys.add(own);
  });
}
