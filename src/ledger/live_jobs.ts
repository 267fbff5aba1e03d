/**
 * The unfinished jobs, as they are kept from poll to poll: what is shown of them, and no more.
 *
 * A primary has thousands of them, each with texts of its own for the same few clients and policies.
 *
 * @module
 */
import type { Job } from "../netbackup/resources/job.ts";

/** What is kept of an unfinished job. */
export type LiveJob = Pick<
  Job,
  | "jobId"
  | "jobType"
  | "policyName"
  | "clientName"
  | "scheduleName"
  | "scheduleType"
  | "state"
  | "startTimeMs"
  | "activeTryStartTimeMs"
  | "transferRate"
  | "childCount"
  | "jobQueueReason"
  | "storageUnit"
>;

/** Unfinished jobs by id. */
export class LiveJobs {
  #jobs = new Map<number, LiveJob>();
  /** Texts of the jobs, each once. */
  #texts: ReadonlyMap<string, string> = new Map();

  /** Keeps these jobs in place of those before. */
  replace(unfinished: ReadonlyMap<number, Job>): void {
    const texts = new Map<string, string>();
    const share = (text: string): string => {
      const known = texts.get(text) ?? this.#texts.get(text) ?? text;
      texts.set(known, known);
      return known;
    };
    const jobs = new Map<number, LiveJob>();
    for (const [jobId, job] of unfinished) jobs.set(jobId, liveJob(job, share));
    this.#jobs = jobs;
    this.#texts = texts;
  }

  /** Removes a job, which has ended. */
  delete(jobId: number): void {
    this.#jobs.delete(jobId);
  }

  /** The jobs. */
  values(): Iterable<LiveJob> {
    return this.#jobs.values();
  }
}

function liveJob(job: Job, share: (text: string) => string): LiveJob {
  return {
    jobId: job.jobId,
    jobType: share(job.jobType),
    policyName: share(job.policyName),
    clientName: share(job.clientName),
    scheduleName: share(job.scheduleName),
    scheduleType: share(job.scheduleType),
    state: share(job.state),
    startTimeMs: job.startTimeMs,
    activeTryStartTimeMs: job.activeTryStartTimeMs,
    transferRate: job.transferRate,
    childCount: job.childCount,
    jobQueueReason: job.jobQueueReason,
    storageUnit: share(job.storageUnit),
  };
}
