/**
 * Responds to requests for lists, and knows what is true about them.
 *
 * @module
 */
import { notFound } from "../protocol/error.ts";
import type { ListRow, PathParameters, SimulatedList } from "./define.ts";
import { type GivenRows, giveRows } from "./given.ts";
import type { Page } from "./pages.ts";
import { type CursorMemory, paginate } from "./paginate.ts";
import { findList } from "./registry.ts";
import { selectRows } from "./select.ts";
import type { ListWorld } from "./world.ts";

/** A request for a list. */
export interface ListRequest {
  readonly url: URL;
  /** Below the base path. */
  readonly path: string;
  readonly headers: Headers;
  readonly parameters: PathParameters;
  /** Version of the API that the response is to be in. */
  readonly version: string;
  /** Whether permissions hide all rows. */
  readonly hidden: boolean;
}

/** Which rows, and when. */
export interface RowsQuery {
  /** Values of path parameters, where the path has any. */
  readonly parameters?: PathParameters;
  /** Now unless given. */
  readonly atMs?: number | undefined;
}

/** The lists of one simulated primary. */
export interface Lists {
  /**
   * The body of a page.
   *
   * @throws ApiError 400, 404
   */
  page(list: SimulatedList, request: ListRequest): unknown;
  /**
   * The body of one row.
   *
   * @throws ApiError 404
   */
  one(list: SimulatedList, id: string, request: ListRequest): unknown;
  /**
   * All rows of a list, as a client that reads every page ought to see them.
   *
   * @param endpoint Path template.
   * @throws Error When there is no such list, or the path names something that does not exist.
   */
  rows(endpoint: string, query?: RowsQuery): readonly ListRow[];
  /**
   * Sets the rows of a list, or only their number; undefined takes that back.
   *
   * @param endpoint Path template.
   * @throws Error When there is no such list.
   */
  give(endpoint: string, given: GivenRows | undefined): void;
}

/** Makes the lists of a simulated primary. */
export function createLists(
  makeWorld: (atMs?: number, count?: number) => ListWorld,
): Lists {
  const given = new Map<string, GivenRows>();
  const memories = new Map<string, CursorMemory>();

  const rowsOf = (list: SimulatedList, parameters: PathParameters, atMs?: number) => {
    const rows = given.get(list.endpoint);
    const count = typeof rows === "number" ? rows : rows?.length;
    return giveRows(list.rows(makeWorld(atMs, count), parameters), rows);
  };
  const memoryOf = (path: string): CursorMemory => {
    const memory = memories.get(path) ?? new Map<string, number>();
    memories.set(path, memory);
    return memory;
  };

  const shownRows = (list: SimulatedList, request: ListRequest): readonly ListRow[] => {
    const { url, path, headers, parameters, hidden } = request;
    const rows = rowsOf(list, list.detail ? {} : parameters);
    if (!rows) throw notFound(path);
    const { alwaysVisible = () => false, shown } = list;
    const visible = hidden ? rows.filter(alwaysVisible) : rows;
    if (!shown) return visible;
    const asked = { query: url.searchParams, headers, version: Number(request.version) };
    return visible.map((row) => shown(row, asked));
  };

  return {
    page(list, request) {
      const { url, path, version } = request;
      const query = new URLSearchParams(url.searchParams);
      if (list.impliedFilter) {
        query.set("filter", list.impliedFilter(query.get("filter") ?? "", makeWorld().nowMs));
      }
      const selected = selectRows(list, shownRows(list, request), query, Number(version));
      return body(list, paginate(list.paging, selected, url, memoryOf(path)), path);
    },
    one(list, id, request) {
      const row = shownRows(list, request).find((candidate) => candidate.id === id);
      if (!row) throw notFound(id);
      return { data: resource(list, row, list.endpoint) };
    },
    rows(endpoint, { parameters = {}, atMs } = {}) {
      const rows = rowsOf(findList(endpoint), parameters, atMs);
      if (!rows) throw new Error(`${endpoint} has no ${JSON.stringify(parameters)}`);
      return rows;
    },
    give(endpoint, rows) {
      const list = findList(endpoint);
      if (rows === undefined) given.delete(list.endpoint);
      else given.set(list.endpoint, rows);
    },
  };
}

function body(list: SimulatedList, page: Page<ListRow>, path: string): unknown {
  const { rows, meta, links } = page;
  const { envelope = "data" } = list;
  const rest = { ...(meta && { meta }), ...(links && { links }) };
  const [first] = rows;
  switch (envelope) {
    case "data":
      return { data: rows.map((row) => resource(list, row, path)), ...rest };
    case "resource":
    case "body":
      if (!first) throw notFound(path);
      return envelope === "body" ? first.attributes : { data: resource(list, first, path) };
    default:
      return { [envelope.name]: rows.map(({ attributes }) => attributes), ...rest };
  }
}

function resource(list: SimulatedList, row: ListRow, path: string): unknown {
  const { id, type = list.type, attributes, relationships, links } = row;
  const own = list.envelope === "resource" ? path : `${path}/${encodeURIComponent(id)}`;
  const href = own.replaceAll("//", "/");
  return {
    ...(links ? { links } : list.selfLinks && { links: { self: { href } } }),
    type,
    ...(!list.withoutIds && { id }),
    ...(!list.withoutAttributes && { attributes }),
    ...(relationships && { relationships }),
  };
}
