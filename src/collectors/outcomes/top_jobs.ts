/**
 * The jobs that are first by some measure, some of each hour, so that those of any number of hours are
 * known.
 *
 * @module
 */
import * as v from "valibot";
import type { Completion } from "../../ledger/completions.ts";
import { evictHours, hourOf } from "../../base/hours.ts";
import { shortNames } from "./names.ts";

/** Jobs that are kept of each hour, and so as many of several. */
const MAX_TOP = 5;

const job = v.object({
  jobId: v.number(),
  client: v.string(),
  policy: v.string(),
  action: v.string(),
  status: v.number(),
  startMs: v.number(),
  endMs: v.number(),
  usualMs: v.nullable(v.number()),
});

/** A job in a checkpoint. */
export type TopJob = v.InferOutput<typeof job>;

/** The jobs in a checkpoint. */
export const topJobsDocument = v.array(job);

/** Keeps the jobs whose measure is largest. */
export class TopJobs {
  readonly #measure: (job: TopJob) => number;
  readonly #hours = new Map<number, TopJob[]>();

  constructor(measure: (job: TopJob) => number) {
    this.#measure = measure;
  }

  /**
   * Keeps a job if it is among the first of its hour.
   *
   * @param usualMs How long such jobs take, in milliseconds; undefined where that is not known.
   */
  add(completion: Completion, startMs: number, usualMs: number | undefined): void {
    const { jobId, status, endMs } = completion;
    const { client, policy, action } = shortNames(completion);
    this.#add({
      ...{ jobId, client, policy, action, status, startMs, endMs },
      usualMs: usualMs ?? null,
    });
  }

  /** Those that ended in or after the hour of a time, the first ones first. */
  since(fromMs: number): TopJob[] {
    const first = hourOf(fromMs);
    const jobs = [...this.#hours].filter(([hour]) => hour >= first).flatMap(([, jobs]) => jobs);
    return this.#sorted(jobs).slice(0, MAX_TOP);
  }

  /** Evicts the hours before that of a time. */
  evict(beforeMs: number): void {
    evictHours(this.#hours, beforeMs);
  }

  /** The jobs as a value for JSON. */
  serialize(): TopJob[] {
    return [...this.#hours.values()].flat();
  }

  /** Adds what was serialized. */
  restore(document: readonly TopJob[]): void {
    for (const job of document) this.#add(job);
  }

  #add(job: TopJob): void {
    const hour = hourOf(job.endMs);
    const jobs = this.#hours.get(hour) ?? [];
    const last = jobs.at(-1);
    if (jobs.length >= MAX_TOP && last && this.#measure(job) <= this.#measure(last)) return;
    this.#hours.set(hour, this.#sorted([...jobs, job]).slice(0, MAX_TOP));
  }

  #sorted(jobs: readonly TopJob[]): TopJob[] {
    return jobs.toSorted((a, b) => this.#measure(b) - this.#measure(a));
  }
}
