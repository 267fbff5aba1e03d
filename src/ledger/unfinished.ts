/**
 * Reads the jobs that have not ended, all of them at every poll.
 *
 * @module
 */
import type { RequestContext } from "../netbackup/api.ts";
import type { Job } from "../netbackup/resources/job.ts";
import { jobPages } from "../netbackup/resources/jobs.ts";
import type { LedgerContext } from "./context.ts";
import { UNFINISHED_QUERY } from "./queries.ts";

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
  for await (const { rows } of jobPages(session, UNFINISHED_QUERY, request)) {
    for (const job of rows) if (job.state !== "DONE") unfinished.set(job.jobId, job);
  }
}
