/**
 * Reads ranges of time in parallel. Nobody knows beforehand where the jobs are: a worker that has
 * nothing left to do takes over half of what remains of the range that seems to hold most, so that
 * an uneven night is not read one page after the other.
 *
 * @module
 */
import type { RequestContext } from "../netbackup/api.ts";
import type { Job } from "../netbackup/resources/job.ts";
import { allOrAbort } from "../netbackup/all_or_abort.ts";
import { type PlacedList, placedPages } from "./pages.ts";
import { Notifier } from "./notifier.ts";
import type { RangeCursors, ReadRange } from "./range_cursors.ts";

/** How ranges are read. */
export interface ReaderOptions {
  /** What is to be read. Advanced after every page; a range with an end vanishes at its end. */
  readonly cursors: RangeCursors;
  /** Ranges read at the same time. */
  readonly concurrency: number;
  readonly list: PlacedList;
  /** A range shorter than this is not divided. */
  readonly minSpan: number;
  /** Takes in jobs of a page; a job comes twice only if it has changed, or from what is not settled. */
  readonly apply: (jobs: readonly Job[]) => void;
  /** The place before which nothing is to be read again, once a range has been read to a place. */
  readonly settled: (place: number) => number;
  /**
   * Up to where a range without end may be divided: what lies before will not change any more.
   * Undefined = it may not yet. Asked after each page of such a range, with the pages read of it and
   * the place reached.
   */
  readonly divisibleUntil: (
    pages: number,
    place: number,
    context: RequestContext,
  ) => Promise<number | undefined>;
}

interface Progress {
  /** Largest place read. */
  place: number;
  /** Jobs per unit of place in the last page. */
  density: number;
  /** A page has been read since the range was last divided. */
  divisible: boolean;
  active: boolean;
  /** See `ReaderOptions.divisibleUntil`; for a range with an end, that end. */
  until: number | undefined;
}

/**
 * Reads all ranges. What is settled after a page is never read again, whatever happens next.
 *
 * @throws ListFault When a list is not what was asked for: the cursors may have gone too far then.
 * @throws The error of the request that failed first; what was read until then is settled.
 */
export async function readRanges(options: ReaderOptions, context: RequestContext): Promise<void> {
  const { cursors, concurrency } = options;
  const progress = new Map<ReadRange, Progress>();
  const notifier = new Notifier();
  let active = 0;

  const next = (): ReadRange | undefined => {
    const unread = cursors.all.find((range) => !progress.has(range));
    return unread ?? divide(options, progress);
  };

  const worker = async (inner: RequestContext): Promise<void> => {
    while (true) {
      const range = next();
      if (range) {
        active++;
        const own = { place: 0, density: 0, divisible: false, active: true, until: range.to };
        progress.set(range, own);
        try {
          await readRange(options, range, own, notifier, inner);
        } finally {
          own.active = false;
          active--;
          notifier.notify();
        }
      } else if (active === 0) {
        return;
      } else {
        await notifier.wait(inner.signal);
      }
    }
  };

  await allOrAbort(context, Array.from({ length: Math.max(1, concurrency) }, () => worker));
}

async function readRange(
  options: ReaderOptions,
  range: ReadRange,
  progress: Progress,
  notifier: Notifier,
  context: RequestContext,
): Promise<void> {
  let pages = 0;
  for await (const { jobs, extent } of placedPages(options.list, { ...range }, context)) {
    pages++;
    // What lies beyond an end that has come closer is another's, who may be done with it already.
    const end = range.to ?? Infinity;
    options.apply(jobs.filter((job) => (options.list.placeOf(job) ?? 0) < end));
    if (!extent) continue;
    options.cursors.advance(range, options.settled(extent.last));
    if (range.to !== undefined && extent.last >= range.to) break;
    if (range.to === undefined) {
      progress.until = await options.divisibleUntil(pages, extent.last, context);
    }
    progress.place = Math.max(progress.place, extent.last);
    progress.density = jobs.length / Math.max(1, extent.last - extent.first);
    progress.divisible = true;
    notifier.notify();
  }
  if (range.to !== undefined) options.cursors.close(range);
}

/** Divides the range that seems to have most left, and gives its later part; undefined = none. */
function divide(
  { cursors, minSpan }: ReaderOptions,
  progress: ReadonlyMap<ReadRange, Progress>,
): ReadRange | undefined {
  let best: { range: ReadRange; own: Progress; end: number } | undefined;
  let most = 0;
  for (const range of cursors.all) {
    const own = progress.get(range);
    if (!own?.active || !own.divisible) continue;
    const end = range.to ?? own.until;
    if (end === undefined || end - own.place < minSpan) continue;
    const left = (end - own.place) * own.density;
    if (left > most) {
      most = left;
      best = { range, own, end };
    }
  }
  if (!best) return undefined;
  const { range, own, end } = best;
  // What may not be divided is read in one piece: the sooner that begins, the better.
  const middle = range.to === undefined ? Math.floor(end) : Math.floor((own.place + end) / 2);
  // One page each time: a half that turns out to be empty costs no more than a page of the other.
  own.divisible = false;
  return cursors.split(range, middle);
}
