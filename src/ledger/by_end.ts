/**
 * Reads finished jobs by the time at which they ended.
 *
 * @module
 */
import type { RequestContext } from "../netbackup/api.ts";
import type { Job } from "../netbackup/resources/job.ts";
import { jobPages } from "../netbackup/resources/jobs.ts";
import type { LedgerContext } from "./context.ts";
import { finishedQuery, isFinished, MIN_SPAN_MS, placeOf } from "./queries.ts";
import type { RangeCursors } from "./range_cursors.ts";
import { readRanges } from "./reader.ts";

/** What is read, and who takes it in. */
export interface EndedJobs {
  /** Ranges of ends that are to be read, all of them past: what lies there does not move. */
  readonly cursors: RangeCursors;
  /** Ranges read at the same time. */
  readonly concurrency: number;
  readonly apply: (jobs: readonly Job[]) => void;
}

/**
 * Reads all ranges.
 *
 * @throws ListFault When the list is not what was asked for.
 * @throws NetBackupError What was read until then is not read again.
 */
export async function readByEnd(
  { site, session }: LedgerContext,
  request: RequestContext,
  jobs: EndedJobs,
): Promise<void> {
  await readRanges({
    ...jobs,
    list: {
      site,
      pages: (range, inner) => jobPages(session, finishedQuery("endTime", range), inner),
      placeOf: (job) => placeOf("endTime", job),
      admits: isFinished,
    },
    minSpan: MIN_SPAN_MS,
    settled: (place) => place,
    divisibleUntil: () => Promise.resolve(undefined),
  }, request);
}
