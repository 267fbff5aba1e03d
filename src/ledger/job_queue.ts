/**
 * What people look for first: what is running, and what waits.
 *
 * @module
 */
import type { Job } from "../netbackup/resources/job.ts";
import { queueReasonName } from "./queue_reasons.ts";

/** The unfinished jobs of a primary in short. */
export interface JobQueue {
  readonly active: number;
  readonly queued: number;
  /** The job that has been queued longest; undefined when none is queued. */
  readonly oldest: QueuedJob | undefined;
}

/** A job that is queued. */
export interface QueuedJob {
  readonly jobId: number;
  /** Milliseconds since the epoch, by the clock of the primary. */
  readonly sinceMs: number;
  /** Why it is queued, in words. */
  readonly reason: string;
}

/** Sums up unfinished jobs. */
export function jobQueue(unfinished: Iterable<Job>): JobQueue {
  let active = 0;
  let queued = 0;
  let oldest: QueuedJob | undefined;
  for (const { jobId, state, startTimeMs, jobQueueReason } of unfinished) {
    if (state === "ACTIVE") active++;
    if (state !== "QUEUED") continue;
    queued++;
    if (startTimeMs === undefined || startTimeMs >= (oldest?.sinceMs ?? Infinity)) continue;
    oldest = { jobId, sinceMs: startTimeMs, reason: inWords(jobQueueReason) };
  }
  return { active, queued, oldest };
}

function inWords(reason: number): string {
  const name = queueReasonName(reason);
  if (name === "UNKNOWN") return `reason ${reason}`;
  return name === "NONE" ? "no reason given" : name.toLowerCase().replaceAll("_", " ");
}
