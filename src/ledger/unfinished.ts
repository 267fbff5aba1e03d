/**
 * Reads the jobs that have not ended, all of them at every poll.
 *
 * @module
 */
import type { RequestContext } from "../netbackup/api.ts";
import type { Job } from "../netbackup/resources/job.ts";
import { jobPages } from "../netbackup/resources/jobs.ts";
import type { LedgerContext } from "./context.ts";
import { placedPages } from "./pages.ts";
import { unfinishedQuery } from "./queries.ts";

/**
 * Reads unfinished jobs into a map by id.
 *
 * @throws NetBackupError The map is incomplete then.
 */
export async function readUnfinished(
  { session }: LedgerContext,
  request: RequestContext,
  unfinished: Map<number, Job>,
): Promise<void> {
  const list = {
    pages: ({ from }: { readonly from: number }, inner: RequestContext) =>
      jobPages(session, unfinishedQuery(from), inner),
    placeOf: ({ jobId }: Job) => jobId,
    unique: true,
  };
  for await (const { jobs } of placedPages(list, { from: 0, to: undefined }, request)) {
    for (const job of jobs) if (job.state !== "DONE") unfinished.set(job.jobId, job);
  }
}
