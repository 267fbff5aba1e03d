/**
 * The stream of completions: what the ledger counts, offered to collectors that count by client, by
 * policy or otherwise, so that none of them reads the jobs once more.
 *
 * @module
 */
import type { Job } from "../netbackup/resources/job.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type StatusClass, statusClass } from "./status_meanings.ts";

/** A job that has ended, under the status with which it was counted. */
export interface Completion {
  readonly jobId: number;
  /** 0, or the id of the job itself, for a root. */
  readonly parentJobId: number;
  readonly level: "root" | "child";
  /** Jobs below this one; the sizes of a job that has any are the sums of theirs. */
  readonly childCount: number;
  readonly client: string;
  readonly policy: string;
  /** Empty where the job belongs to no schedule. */
  readonly scheduleName: string;
  /** As NetBackup names it, `FULL_BACKUP`; empty where the job belongs to no schedule. */
  readonly scheduleType: string;
  readonly action: string;
  /** Status code; −1 where NetBackup gave none. */
  readonly status: number;
  readonly class: StatusClass;
  /** Milliseconds since the epoch; undefined where NetBackup gave no start. */
  readonly startMs: number | undefined;
  /** Milliseconds since the epoch. */
  readonly endMs: number;
  /** Bytes protected, before deduplication. */
  readonly bytes: number;
}

/** Called with every completion that is counted, once. */
export type CompletionListener = (completion: Completion) => void;

const BYTES_PER_KILOBYTE = 1024;

/** A root names no parent, or 0, or itself (vendor documents and samples differ). */
export function levelOf({ jobId, parentJobId }: Job): "root" | "child" {
  return parentJobId === 0 || parentJobId === jobId ? "root" : "child";
}

interface Subscriber {
  readonly listener: CompletionListener;
  readonly onEarlier: CompletionListener | undefined;
}

/** Hands completions to whoever subscribed. */
export class CompletionStream {
  readonly #subscribers = new Set<Subscriber>();
  #failed: { readonly job_id: number; readonly error: unknown; count: number } | undefined;

  /**
   * Offers each completion from now on.
   *
   * @param onEarlier Is offered what ended before anything counted.
   * @returns Ends the subscription.
   */
  subscribe(listener: CompletionListener, onEarlier?: CompletionListener): () => void {
    // An object of its own, so that a listener subscribed twice is told twice.
    const subscriber = { listener, onEarlier };
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** Offers the completion of a job. A listener that throws costs itself that completion only. */
  publish(job: Job, endMs: number): void {
    this.#offer(job, endMs, ({ listener }) => listener);
  }

  /** Offers a job that ended before anything counted, as `publish()` does. */
  publishEarlier(job: Job, endMs: number): void {
    this.#offer(job, endMs, ({ onEarlier }) => onEarlier);
  }

  #offer(
    job: Job,
    endMs: number,
    listenerOf: (subscriber: Subscriber) => CompletionListener | undefined,
  ): void {
    if (this.#subscribers.size === 0) return;
    const completion = completionOf(job, endMs);
    for (const subscriber of this.#subscribers) {
      try {
        listenerOf(subscriber)?.(completion);
      } catch (error) {
        this.#failed ??= { job_id: job.jobId, error, count: 0 };
        this.#failed.count++;
      }
    }
  }

  /** Says in the log what listeners threw since it was last called: the first error, and how many. */
  report(logger: Logger): void {
    if (!this.#failed) return;
    logger.error("collector failed to process completed jobs", this.#failed);
    this.#failed = undefined;
  }
}

function completionOf(job: Job, endMs: number): Completion {
  return {
    jobId: job.jobId,
    parentJobId: job.parentJobId,
    level: levelOf(job),
    childCount: job.childCount,
    client: job.clientName,
    policy: job.policyName,
    scheduleName: job.scheduleName,
    scheduleType: job.scheduleType,
    action: job.jobType,
    status: job.status,
    class: statusClass(job.status),
    startMs: job.startTimeMs,
    endMs,
    bytes: job.kilobytesTransferred * BYTES_PER_KILOBYTE,
  };
}
