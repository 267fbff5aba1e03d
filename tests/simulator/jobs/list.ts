/**
 * `GET /admin/jobs`.
 *
 * @module
 */
import type { FieldTable } from "../filter/fields.ts";
import { parsed, whereBadRequest } from "../filter/request.ts";
import { parseSort, type SortKey } from "../filter/sort.ts";
import type { Settings } from "../options.ts";
import { cursorLinks, offsetLinks, offsetPagination } from "../lists/pages.ts";
import { type CursorScope, decodeCursor, encodeCursor } from "../protocol/cursor.ts";
import { badRequest } from "../protocol/error.ts";
import { onlyPageParameters, pageLimit, pageOffset } from "../protocol/query.ts";
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
 * Responds with a page of jobs, as JSON.
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
    jobJson(placed.row, cursorOf(scope, placed.place), url, settings);

  if (version < CURSOR_VERSION) {
    onlyPageParameters(query, ["page[limit]", "page[offset]"]);
    return offsetPage(sources, asked, limit, url, resource);
  }
  onlyPageParameters(query, ["page[limit]", "page[after]", "page[before]"]);
  const place = (name: string): Place | undefined => {
    const cursor = query.get(name);
    return cursor === null ? undefined : whereBadRequest(() => placeOf(scope, cursor));
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
    ? cursorOf(scope, last.place)
    : undefined;
  const prev = first && hasPrevious ? cursorOf(scope, first.place) : undefined;
  return pageJson(page.rows.map(resource), {
    meta: { pagination: { limit, ...(next && { next }), ...(prev && { prev }) } },
    links: cursorLinks(url, { next, prev }),
  });
}

/** Puts rows that are JSON already together with the rest of the page. */
function pageJson(rows: readonly string[], rest: Readonly<Record<string, unknown>>): string {
  return `{"data":[${rows.join(",")}],${JSON.stringify(rest).slice(1)}`;
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
  const place = { count: rows.length, offset, limit };
  return pageJson(rows.slice(offset, offset + limit).map(resource), {
    meta: { pagination: offsetPagination(place, true) },
    links: offsetLinks(url, place),
  });
}

function cursorOf(scope: CursorScope, { jobId, values }: Place): string {
  return encodeCursor(scope, [jobId, ...values]);
}

/** @throws FilterError */
function placeOf(scope: CursorScope, cursor: string): Place {
  const [jobId, ...values] = decodeCursor(scope, cursor);
  return { jobId: Number(jobId), values };
}
