/**
 * `GET /admin/jobs`.
 *
 * @module
 */
import { FilterError } from "../filter/error.ts";
import type { FieldTable } from "../filter/fields.ts";
import { type Expression, parseFilter } from "../filter/parser.ts";
import { parseSort, type SortKey } from "../filter/sort.ts";
import type { Settings } from "../options.ts";
import { badRequest } from "../protocol/error.ts";
import { linkTo, onlyPageParameters, pageLimit, pageOffset } from "../protocol/query.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { jobFilterFields, jobSortFields } from "./fields.ts";
import { jobJson } from "./resource.ts";
import { type Plan, planFilter } from "./plan.ts";
import { matchingRows, type Place, type PlacedRow } from "./query.ts";
import type { JobSource } from "./source.ts";

/** Page sizes of the job list: the documents allow 0 to 100. */
const LIMITS = { min: 0, max: 100 };

/** The order without a `sort`. */
const NEWEST_FIRST = "-startTime";

/** From this version on, jobs are paged by cursor; before, by offset. */
const CURSOR_VERSION = 9;

/**
 * Answers with a page of jobs, as JSON.
 *
 * @throws ApiError 400
 */
export function listJobs(
  sources: readonly JobSource[],
  url: URL,
  version: number,
  settings: Settings,
): string {
  const query = url.searchParams;
  const limit = pageLimit(query, LIMITS);
  const filter = query.get("filter") ?? "";
  const sort = query.get("sort") ?? NEWEST_FIRST;
  const table = withoutFields(jobFilterFields(version), settings.rejectedFilterFields);
  const asked = whereBadRequest(() => ({
    plan: planFilter(parsed(filter), table),
    keys: parseSort(sort, jobSortFields(version)),
  }));
  const scope = { filter, sort };
  const resource = (placed: PlacedRow) =>
    jobJson(placed.row, encodeCursor(scope, placed.place), url, settings);

  if (version < CURSOR_VERSION) {
    onlyPageParameters(query, ["page[limit]", "page[offset]"]);
    return offsetPage(sources, asked, limit, url, resource);
  }
  onlyPageParameters(query, ["page[limit]", "page[after]", "page[before]"]);
  const place = (name: string): Place | undefined => {
    const cursor = query.get(name);
    return cursor === null ? undefined : whereBadRequest(() => decodeCursor(scope, cursor));
  };
  const after = place("page[after]");
  const before = place("page[before]");
  if (after && before) throw badRequest("Use either page[after] or page[before].");

  const rows = matchingRows(sources, asked.plan, asked.keys, before ?? after, before !== undefined);
  const page = take(rows, limit);
  if (before) page.rows.reverse();
  // Going backwards, it is the page after this one that is known to be there.
  const hasNext = page.rows.length > 0 && (before !== undefined || page.more);
  const hasPrevious = page.rows.length > 0 && (before ? page.more : after !== undefined);
  const last = page.rows.at(-1);
  const first = page.rows[0];
  const next = last && (hasNext || settings.nextOnLastPage)
    ? encodeCursor(scope, last.place)
    : undefined;
  const prev = first && hasPrevious ? encodeCursor(scope, first.place) : undefined;
  const link = (changes: Record<string, string | undefined>) => ({
    href: linkTo(url, { "page[after]": undefined, "page[before]": undefined, ...changes }),
  });
  return pageJson(page.rows.map(resource), {
    meta: { pagination: { limit, ...(next && { next }), ...(prev && { prev }) } },
    links: {
      self: { href: linkTo(url, {}) },
      first: link({}),
      ...(next && { next: link({ "page[after]": next }) }),
      ...(prev && { prev: link({ "page[before]": prev }) }),
    },
  });
}

/** Puts rows that are JSON already together with the rest of the page. */
function pageJson(rows: readonly string[], rest: Readonly<Record<string, unknown>>): string {
  return `{"data":[${rows.join(",")}],${JSON.stringify(rest).slice(1)}`;
}

/** Parses a filter that may be empty. */
export function parsed(filter: string): Expression | undefined {
  return filter.trim() === "" ? undefined : parseFilter(filter);
}

/** Turns complaints about filters, sorts and cursors into 400. */
export function whereBadRequest<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FilterError) throw badRequest(`${error.message}.`);
    throw error;
  }
}

function withoutFields(table: FieldTable, rejected: ReadonlySet<string>): FieldTable {
  if (rejected.size === 0) return table;
  return new Map([...table].filter(([name]) => !rejected.has(name)));
}

function take(
  rows: Iterator<PlacedRow>,
  limit: number,
): { rows: PlacedRow[]; more: boolean } {
  const page: PlacedRow[] = [];
  for (let next = rows.next(); !next.done; next = rows.next()) {
    if (page.length === limit) return { rows: page, more: true };
    page.push(next.value);
  }
  return { rows: page, more: false };
}

/** The pages of API versions before 9.0. */
function offsetPage(
  sources: readonly JobSource[],
  asked: { plan: Plan; keys: readonly SortKey[] },
  limit: number,
  url: URL,
  resource: (placed: PlacedRow) => string,
): string {
  const offset = pageOffset(url.searchParams);
  const rows = [...matchingRows(sources, asked.plan, asked.keys, undefined)];
  const last = limit > 0 ? Math.max(0, Math.ceil(rows.length / limit) - 1) * limit : 0;
  const link = (to: number) => ({ href: linkTo(url, { "page[offset]": String(to) }) });
  const more = limit > 0 && offset + limit < rows.length;
  return pageJson(rows.slice(offset, offset + limit).map(resource), {
    meta: {
      pagination: {
        count: rows.length,
        offset,
        limit,
        first: 0,
        last,
        ...(more && { next: offset + limit }),
      },
    },
    links: {
      self: link(offset),
      first: link(0),
      last: link(last),
      ...(more && { next: link(offset + limit) }),
    },
  });
}
