/**
 * What people look for first: what is running, and what waits.
 *
 * @module
 */
import type { LiveJob } from "./live_jobs.ts";
import { queueReasonName } from "./queue_reasons.ts";

/** The unfinished jobs of a primary in short. */
export interface JobQueue {
  readonly active: number;
  readonly queued: number;
  /** The job that has been queued longest; undefined when none is queued. */
  readonly oldest: QueuedJob | undefined;
  /** The active jobs that have run longest, those first that began first. */
  readonly longest: readonly ActiveJob[];
}

/** A job that is active. */
export interface ActiveJob {
  readonly jobId: number;
  readonly client: string;
  readonly policy: string;
  /** Empty where the job belongs to no schedule. */
  readonly schedule: string;
  readonly action: string;
  /** When it began, in milliseconds since the epoch, by the clock of the primary. */
  readonly sinceMs: number;
}

/** Active jobs that are named. */
const MAX_LONGEST = 50;

/** A job that is queued. */
export interface QueuedJob {
  readonly jobId: number;
  /** Milliseconds since the epoch, by the clock of the primary. */
  readonly sinceMs: number;
  /** Why it is queued, in words. */
  readonly reason: string;
}

/** A job that is known to have begun. */
type BegunJob = LiveJob & { readonly startTimeMs: number };

/** Sums up unfinished jobs. */
export function jobQueue(unfinished: Iterable<LiveJob>): JobQueue {
  let active = 0;
  let queued = 0;
  let oldest: QueuedJob | undefined;
  const running: BegunJob[] = [];
  for (const job of unfinished) {
    const { jobId, state, startTimeMs, jobQueueReason } = job;
    if (state === "ACTIVE") {
      active++;
      if (hasBegun(job)) running.push(job);
    }
    if (state !== "QUEUED") continue;
    queued++;
    if (startTimeMs === undefined || startTimeMs >= (oldest?.sinceMs ?? Infinity)) continue;
    oldest = { jobId, sinceMs: startTimeMs, reason: inWords(jobQueueReason) };
  }
  const longest = running.sort((a, b) => a.startTimeMs - b.startTimeMs).slice(0, MAX_LONGEST);
  return { active, queued, oldest, longest: longest.map(activeJob) };
}

/** Whether it is known since when a job runs, and it does not just wait for jobs below it. */
function hasBegun(job: LiveJob): job is BegunJob {
  return job.startTimeMs !== undefined && job.childCount <= 0;
}

function activeJob(
  { jobId, clientName, policyName, scheduleName, jobType, startTimeMs }: BegunJob,
): ActiveJob {
  return {
    ...{ jobId, client: clientName, policy: policyName, schedule: scheduleName, action: jobType },
    sinceMs: startTimeMs,
  };
}

function inWords(reason: number): string {
  const name = queueReasonName(reason);
  if (name === "UNKNOWN") return `reason ${reason}`;
  return name === "NONE" ? "no reason given" : name.toLowerCase().replaceAll("_", " ");
}
