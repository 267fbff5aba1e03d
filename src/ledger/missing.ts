/**
 * Asks by id for jobs that are in neither list.
 *
 * @module
 */
import type { RequestContext } from "../netbackup/api.ts";
import { HttpStatusError } from "../netbackup/errors.ts";
import type { Job } from "../netbackup/resources/job.ts";
import { jobPages } from "../netbackup/resources/jobs.ts";
import type { LedgerContext } from "./context.ts";
import { byIdQuery } from "./queries.ts";

/** Ids in one question. */
const MAX_IDS = 40;
/** Questions per poll. */
const MAX_QUESTIONS = 5;

/** Asks for jobs by id. */
export class MissingJobs {
  /** Ids per question: one where the primary refuses to be asked for several. */
  #ids = MAX_IDS;

  /** Jobs that one poll may ask for. */
  get maxJobs(): number {
    return this.#ids * MAX_QUESTIONS;
  }

  /**
   * Asks for jobs.
   *
   * @param found Called with each job that is there.
   * @param notFound Called with the id of each job that is not.
   * @throws NetBackupError Jobs that were not asked for are told to neither.
   */
  async ask(
    { session }: LedgerContext,
    request: RequestContext,
    jobIds: readonly number[],
    found: (job: Job) => void,
    notFound: (jobId: number) => void,
  ): Promise<void> {
    for (let from = 0; from < jobIds.length;) {
      const asked = jobIds.slice(from, from + this.#ids);
      const left = new Set(asked);
      try {
        for await (const { rows } of jobPages(session, byIdQuery(asked), request)) {
          // Anything else comes from a primary that ignores filters.
          for (const job of rows) if (left.delete(job.jobId)) found(job);
          if (left.size === 0 || rows.length > asked.length) break;
        }
      } catch (error) {
        const refused = error instanceof HttpStatusError && error.status === 400;
        if (!refused || this.#ids === 1) throw error;
        this.#ids = 1;
        return;
      }
      for (const jobId of left) notFound(jobId);
      from += asked.length;
    }
  }
}
