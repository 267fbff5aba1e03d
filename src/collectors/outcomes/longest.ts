/**
 * The jobs that took longest, some of each hour, so that those of any number of hours are known.
 *
 * @module
 */
import * as v from "valibot";
import type { Completion } from "../../ledger/completions.ts";
import { hourOf } from "../../base/hours.ts";

/** Jobs that are kept of each hour, and so as many of several. */
export const MAX_LONGEST = 5;

/** Characters of a name: what NetBackup gives is free text. */
const MAX_NAME = 256;

const job = v.object({
  jobId: v.number(),
  client: v.string(),
  policy: v.string(),
  action: v.string(),
  status: v.number(),
  startMs: v.number(),
  endMs: v.number(),
});

/** A job in a checkpoint. */
export type Long = v.InferOutput<typeof job>;

/** The jobs in a checkpoint. */
export const longestDocument = v.array(job);

/** Keeps the jobs that took longest. */
export class LongestJobs {
  readonly #hours = new Map<number, Long[]>();

  /** Keeps a job if it took long. One without a start is none. */
  add({ jobId, client, policy, action, status, startMs, endMs }: Completion): void {
    if (startMs === undefined || startMs >= endMs) return;
    const cut = (text: string) => text.slice(0, MAX_NAME);
    this.#add({
      ...{ jobId, status, startMs, endMs },
      ...{ client: cut(client), policy: cut(policy), action: cut(action) },
    });
  }

  /** Those that ended in or after the hour of a time, the longest first. */
  since(fromMs: number): Long[] {
    const first = hourOf(fromMs);
    const jobs = [...this.#hours].filter(([hour]) => hour >= first).flatMap(([, jobs]) => jobs);
    return longestFirst(jobs).slice(0, MAX_LONGEST);
  }

  /** Forgets the hours before that of a time. */
  forget(beforeMs: number): void {
    for (const hour of this.#hours.keys()) if (hour < hourOf(beforeMs)) this.#hours.delete(hour);
  }

  /** The jobs as a value for JSON. */
  serialize(): Long[] {
    return [...this.#hours.values()].flat();
  }

  /** Adds what was serialized. */
  restore(document: readonly Long[]): void {
    for (const job of document) this.#add(job);
  }

  #add(job: Long): void {
    const hour = hourOf(job.endMs);
    const jobs = this.#hours.get(hour) ?? [];
    const last = jobs.at(-1);
    if (jobs.length >= MAX_LONGEST && last && durationOf(job) <= durationOf(last)) return;
    this.#hours.set(hour, longestFirst([...jobs, job]).slice(0, MAX_LONGEST));
  }
}

function longestFirst(jobs: readonly Long[]): Long[] {
  return jobs.toSorted((a, b) => durationOf(b) - durationOf(a));
}

function durationOf({ startMs, endMs }: Long): number {
  return endMs - startMs;
}
