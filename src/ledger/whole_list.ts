/**
 * Reads a list of a primary that ignores filters or order: page by page, with everything that was not
 * asked for left out here.
 *
 * @module
 */
import type { Page, RequestContext } from "../netbackup/api.ts";
import type { Job } from "../netbackup/resources/job.ts";

/** A list that is read as a whole. */
export interface WholeList {
  /** The pages, those with the latest places first if the primary obeys. */
  pages(context: RequestContext): AsyncGenerator<Page<Job>, void>;
  placeOf(job: Job): number | undefined;
  /** Whether a job is wanted, its place apart. */
  admits(job: Job): boolean;
  /** Earliest place that is wanted. */
  readonly from: number;
  /** Told of every job, wanted or not. */
  see(job: Job): void;
  /** Takes in jobs; a job may come twice. */
  apply(jobs: readonly Job[]): void;
}

/** What a list turned out to be. */
export interface WholeListResult {
  /** Latest place of a job that was wanted. */
  readonly last: number | undefined;
  /** The list was what was asked for, after all. */
  readonly sound: boolean;
}

/** A list may end early where the row behind a cursor has changed: it is read again, up to so often. */
const MAX_PASSES = 3;

/**
 * Reads a list as a whole. Where it is sorted, that ends with the first page that lies before all
 * that is wanted.
 *
 * @throws NetBackupError Nothing is known to be complete then.
 */
export async function readWholeList(
  list: WholeList,
  context: RequestContext,
): Promise<WholeListResult> {
  const seen = new Set<number>();
  let last: number | undefined;
  let sound = true;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const known = seen.size;
    let pages = 0;
    let before = Infinity;
    let descending = true;
    for await (const { rows } of list.pages(context)) {
      pages++;
      const wanted: Job[] = [];
      let latest = -Infinity;
      for (const job of rows) {
        list.see(job);
        const place = list.placeOf(job) ?? before;
        const inRange = list.admits(job) && place >= list.from;
        descending &&= place <= before;
        sound &&= inRange && descending;
        before = place;
        latest = Math.max(latest, place);
        if (!inRange) continue;
        wanted.push(job);
        seen.add(job.jobId);
        if (Number.isFinite(place)) last = Math.max(last ?? place, place);
      }
      list.apply(wanted);
      if (descending && latest < list.from) break;
    }
    if (pages <= 1 || seen.size === known) break;
  }
  return { last, sound };
}
