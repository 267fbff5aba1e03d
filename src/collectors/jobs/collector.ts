/**
 * Jobs: what ended within the window, and what has not ended.
 *
 * @module
 */
import type { ApiSession, RequestContext } from "../../netbackup/api.ts";
import type { Job } from "../../netbackup/resources/job.ts";
import { jobPages } from "../../netbackup/resources/jobs.ts";
import type { Collector } from "../collector.ts";
import { together } from "../together.ts";
import { createCompletions } from "./completions.ts";
import { windowTotals } from "./window.ts";

/**
 * Makes the collector of jobs. Finished and unfinished jobs are two queries: an unfinished job has
 * an end time of 1970, so that no filter on the end time finds it.
 *
 * @param site Value of the label `site`.
 */
export function createJobsCollector(site: string): Collector {
  const completions = createCompletions(site);
  return {
    name: "jobs",
    async collect(context) {
      const since = context.clock.now() - context.windowMs;
      const totals = windowTotals(site);
      const finished = new Set<number>();
      const unfinished = new Map<number, Job>();

      const readFinished = (request: RequestContext) =>
        eachJob(context.session, request, {
          filter: `state eq 'DONE' and endTime ge ${new Date(since).toISOString()}`,
          // Ascending, so that jobs that end while pages are read come after the last page.
          sort: "endTime",
        }, (job) => {
          // Rows move between pages while they are read: a second sight of a job is none.
          if (job.endTimeMs === undefined || job.endTimeMs < since || finished.has(job.jobId)) {
            return;
          }
          finished.add(job.jobId);
          totals.addFinished(job);
          completions.add(job);
        });
      const readUnfinished = (request: RequestContext) =>
        eachJob(context.session, request, {
          filter: "state ne 'DONE'",
          sort: "jobId",
        }, (job) => {
          unfinished.set(job.jobId, job);
        });
      await together(context.request, [readFinished, readUnfinished]);

      for (const job of unfinished.values()) {
        // It ended between the two queries: the later word holds.
        if (!finished.has(job.jobId) && job.state !== "DONE") totals.addUnfinished(job);
      }
      completions.forgetBefore(since);
      return {
        families: totals.build(),
        cumulative: completions.build(),
        rows: finished.size + unfinished.size,
      };
    },
  };
}

async function eachJob(
  session: ApiSession,
  request: RequestContext,
  query: { readonly filter: string; readonly sort: string },
  use: (job: Job) => void,
): Promise<void> {
  for await (const page of jobPages(session, query, request)) {
    for (const job of page.rows) use(job);
  }
}
