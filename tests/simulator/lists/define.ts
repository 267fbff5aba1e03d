/**
 * What there is to say about a list of the simulated primary. Routing, the version gate, the
 * permission check, filters, sorts, pages, faults and the truth are derived from it.
 *
 * @module
 */
import type { FieldTable } from "../filter/fields.ts";
import type { PageLimits } from "../protocol/query.ts";
import type { ApiVersion } from "../protocol/version.ts";
import type { ListWorld } from "./world.ts";

/** A row of a list, as a JSON:API resource. */
export interface ListRow {
  readonly id: string;
  /** Where it is not the list's. */
  readonly type?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, unknown>>;
  readonly links?: Readonly<Record<string, unknown>>;
}

/** What of a request decides how its rows look. */
export interface RowRequest {
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** Version of the API that the response is to be in. */
  readonly version: number;
}

/** Values of the parameters of a path, by name. */
export type PathParameters = Readonly<Record<string, string>>;

/** How a list is cut into pages. */
export type Paging =
  /** By `page[offset]`, with a total: `meta.pagination.count`. */
  | {
    readonly kind: "offset";
    readonly limits: PageLimits;
    /** Whether `count`, `limit` and the rest stand directly below `meta`. @default false */
    readonly flatMeta?: boolean;
    /** Whether `page` and `pages` are absent. @default false */
    readonly withoutPages?: boolean;
    /** Whether `links` are absent. @default false */
    readonly withoutLinks?: boolean;
    /** Whether `page[disable]=true` gives all rows at once. @default false */
    readonly disable?: boolean;
  }
  /** By `page[offset]`, without any `meta`. */
  | {
    readonly kind: "bare";
    readonly limits: PageLimits;
    /** A page holds no more than this, whatever was asked for. */
    readonly cap: number;
    /** Whether `links` are there. @default false */
    readonly withLinks?: boolean;
  }
  /** By `page[offset]`, with `hasNext` in place of a total. */
  | { readonly kind: "lookahead"; readonly limits: PageLimits; readonly disable?: boolean }
  /** By `page[after]`. */
  | {
    readonly kind: "cursor";
    readonly limits: PageLimits;
    /** Whether the links stand below `links.pagination`, directly below `links`, or nowhere. */
    readonly links: "nested" | "flat" | "none";
    /** What a cursor is made of; need not be unique. A cursor of our own unless given. */
    readonly mark?: (row: ListRow) => string;
  }
  /** All rows in one response. */
  | { readonly kind: "none" };

/**
 * Where the rows stand in the response: below `data` as resources, below another name as plain
 * objects, or alone (the one row below `data`, or the whole body).
 */
export type Envelope = "data" | "resource" | "body" | { readonly name: string };

/** What a list can be sorted by. */
export interface Sorts {
  /** With spaces between them; `name=attribute` where an attribute has another name. */
  readonly names: string;
  /** @default "10.0" */
  readonly since?: ApiVersion;
  /** The order when none is asked for; that of `rows` unless given. */
  readonly standard?: string;
}

/** A list of the simulated primary. */
export interface SimulatedList {
  /** Path template below `/netbackup`. */
  readonly endpoint: string;
  /** Path template of a single row, whose parameter is the row's id. */
  readonly detail?: string;
  /** The vendor's document that describes it, `storage`; none where only the vendor has it. */
  readonly document: string | undefined;
  /** JSON:API type of a row. */
  readonly type: string;
  /** RBAC object that must be viewed; any key will do unless given. */
  readonly permission?: string;
  /** Whether no key is needed. @default false */
  readonly open?: boolean;
  /**
   * What a missing permission leads to: 401 as nearly everywhere, 403, or 200 without rows where
   * permissions are those of single objects. @default "unauthorized"
   */
  readonly denial?: "unauthorized" | "forbidden" | "empty";
  /** Which rows are seen without the permission, where `denial` is "empty". None unless given. */
  readonly alwaysVisible?: (row: ListRow) => boolean;
  /** Oldest API version that has it. @default "10.0" */
  readonly since?: ApiVersion;
  readonly paging: Paging;
  /** @default "data" */
  readonly envelope?: Envelope;
  /** Fields one can filter by; none unless given. */
  readonly filters?: FieldTable;
  /** What a filter that leaves something open means. */
  readonly impliedFilter?: (filter: string, nowMs: number) => string;
  /** Fields one can sort by; none unless given. */
  readonly sorts?: Sorts;
  /** What the request makes of a row: fieldsets and headers that leave something out. */
  readonly shown?: (row: ListRow, request: RowRequest) => ListRow;
  /** Whether rows have `links.self`. @default false */
  readonly selfLinks?: boolean;
  /** Whether rows are names only. @default false */
  readonly withoutAttributes?: boolean;
  /** Whether rows have no id in the response. @default false */
  readonly withoutIds?: boolean;
  /**
   * Values that servers send although the schemas forbid them: null where only the prose says so,
   * words that an enumeration lacks. By the name of the property.
   */
  readonly beyondSchema?: Readonly<Record<string, readonly unknown[]>>;
  /** Values of path parameters under which the list exists, for tests that go over all lists. */
  readonly samples?: (world: ListWorld) => readonly PathParameters[];
  /**
   * The rows at the world's time. How many there are is the world's to say: `world.many`.
   *
   * @returns Undefined when the path names something that does not exist: 404.
   */
  readonly rows: (world: ListWorld, parameters: PathParameters) => readonly ListRow[] | undefined;
}

/** A row with some of its attributes only. */
export function onlyAttributes(row: ListRow, names: readonly string[]): ListRow {
  const kept = Object.entries(row.attributes).filter(([name]) => names.includes(name));
  return { ...row, attributes: Object.fromEntries(kept) };
}

/**
 * Declares a list; a line in `registry.ts` makes the server have it.
 *
 * @throws Error When the declaration contradicts itself in a way that types do not see.
 * @example
 * ```ts
 * import { fields, ORDER } from "../filter/fields.ts";
 *
 * export const volumeGroups = simulatedList({
 *   endpoint: "/storage/volume-groups",
 *   document: "storage",
 *   type: "volumeGroupInfo",
 *   permission: "|STORAGE|TAPE-MEDIA|VOLUME-GROUPS|",
 *   since: "11.0",
 *   paging: { kind: "cursor", limits: { min: 0, max: 100 }, links: "none" },
 *   filters: new Map(fields("volumeCount", "integer", ORDER)),
 *   sorts: { names: "volumeGroupName volumeCount" },
 *   rows: (world) =>
 *     world.many(2, (index) => ({
 *       id: `${index}:HCART`,
 *       attributes: { volumeGroupName: `group${index}`, volumeCount: 20 },
 *     })),
 * });
 * ```
 */
export function simulatedList(list: SimulatedList): SimulatedList {
  const { endpoint, detail, samples } = list;
  const parameters = /\{\w+\}/.test(endpoint);
  if (parameters && !samples) throw new Error(`${endpoint} needs samples of its path`);
  if (parameters && detail) {
    throw new Error(`${endpoint} has parameters, so ${detail} is not known`);
  }
  return list;
}
