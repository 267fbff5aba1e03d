/**
 * The pages of a list that is sorted by a place: a time or an id.
 *
 * NetBackup's cursor is the id of a row. When that row is updated or deleted before the next page is
 * asked for, the list ends there, or goes on elsewhere, and what lies between is never shown. So the
 * cursor is used only where there is no other way: each page is asked for anew, from the last place
 * of the one before on. The rows at that place come twice, and nothing can be skipped.
 *
 * @module
 */
import type { Page, RequestContext } from "../netbackup/api.ts";
import type { Job } from "../netbackup/resources/job.ts";
import { endlessList, ListFault } from "./list_fault.ts";
import { TIME_RESOLUTION_MS } from "./places.ts";
import type { ReadRange } from "./range_cursors.ts";

/** A list sorted by place. */
export interface PlacedList {
  /** Name of the site, for errors. */
  readonly site: string;
  /** The pages of a range, ascending by place. */
  pages(range: ReadRange, context: RequestContext): AsyncGenerator<Page<Job>, void>;
  /** Place of a job; undefined when it has none. */
  placeOf(job: Job): number | undefined;
  /** Whether the filter of the list lets a job through, its place apart. */
  admits(job: Job): boolean;
  /** No two jobs have the same place: it is a whole number, the id. @default {false} */
  readonly unique?: boolean;
}

/** Jobs of one range beyond which the list is taken to be endless. */
const MAX_JOBS = 2_000_000;

/** How often a list is asked for once more whose cursors lead nowhere. */
const MAX_RETRIES = 5;

/** A page of a list. */
export interface PlacedPage {
  readonly jobs: readonly Job[];
  /**
   * The places that it spans, to the last of which everything has been read. Undefined = none of its
   * jobs has a place, or a cursor led to it, which may have skipped jobs.
   */
  readonly extent: { readonly first: number; readonly last: number } | undefined;
}

/**
 * Reads a range page by page, to the page that names no successor. No job comes twice unchanged.
 *
 * @throws ListFault When a page holds what was not asked for, or is not sorted.
 * @throws PagingError When the list does not end.
 */
export async function* placedPages(
  list: PlacedList,
  { from, to }: ReadRange,
  context: RequestContext,
): AsyncGenerator<PlacedPage, void> {
  let start = from;
  let total = 0;
  /** How far cursors have led from `start`. */
  let beyond = start;
  let retries = 0;
  /** Jobs that have been read and may be shown again. */
  let known: ReadonlySet<number> = new Set();
  while (true) {
    let reached = start;
    let pages = 0;
    let more = false;
    let fresh = false;
    let last: readonly Job[] = [];
    for await (const { rows, hasNext = false } of list.pages({ from: start, to }, context)) {
      const jobs = known.size === 0 ? rows : rows.filter(({ jobId }) => !known.has(jobId));
      checkPage(rows, list, start, to);
      total += jobs.length;
      if (total > MAX_JOBS) throw endlessList(list.site, `it has more than ${MAX_JOBS} jobs`);
      const extent = extentOf(rows, list);
      yield { jobs, extent: pages === 0 ? extent : undefined };
      pages++;
      more = hasNext;
      last = rows;
      fresh ||= jobs.length > 0;
      reached = Math.max(reached, extent?.last ?? reached);
      if (reached > start && pages === 1) break;
      // More rows at one place than fit on a page: only the cursor leads on.
      known = new Set([...known, ...rows.map(({ jobId }) => jobId)]);
      if (reached > start) break;
    }
    if (pages <= 1 && !more) return;
    beyond = Math.max(beyond, reached);
    if (pages > 1 && fresh) continue; // Cursors led here: what they skipped is still at `start`.
    if (!more) return;
    if (reached === start) {
      // Where nothing is new either, the list names a successor of its last page, too, or the cursor's
      // row has gone. The latter is certain where it has been read further before; else it is asked for
      // once more.
      const maxRetries = beyond === start ? 1 : MAX_RETRIES;
      if (!fresh && ++retries > maxRetries) return;
      continue;
    }
    known = idsAt(reached, last, list);
    start = list.unique ? reached + 1 : reached;
    beyond = start;
    retries = 0;
  }
}

function checkPage(
  jobs: readonly Job[],
  list: PlacedList,
  from: number,
  to: number | undefined,
): void {
  const tolerance = list.unique ? 0 : TIME_RESOLUTION_MS;
  let before = -Infinity;
  for (const job of jobs) {
    if (!list.admits(job)) throw new ListFault("unfiltered");
    const place = list.placeOf(job);
    if (place === undefined) continue;
    if (place < from - tolerance || (to !== undefined && place >= to + tolerance)) {
      throw new ListFault("unfiltered");
    }
    if (place < before) throw new ListFault("unordered");
    before = place;
  }
}

function idsAt(place: number, jobs: readonly Job[], list: PlacedList): ReadonlySet<number> {
  return new Set(jobs.filter((job) => list.placeOf(job) === place).map(({ jobId }) => jobId));
}

function extentOf(jobs: readonly Job[], list: PlacedList): PlacedPage["extent"] {
  let first = Infinity;
  let last = -Infinity;
  for (const job of jobs) {
    const place = list.placeOf(job);
    if (place === undefined) continue;
    first = Math.min(first, place);
    last = Math.max(last, place);
  }
  return last === -Infinity ? undefined : { first, last };
}
