/**
 * The newest failed jobs of a site, and whether what they were for succeeded later.
 *
 * @module
 */
import * as v from "valibot";
import type { Completion } from "../../ledger/completions.ts";
import { shortNames } from "./names.ts";
import { purposeKey, purposeOf } from "./purpose.ts";

/** Failures that are kept; the oldest give way. */
export const MAX_FAILURES = 500;

/** Trimming sorts: it is done when there are so many more. */
const SLACK = 100;

const failure = v.object({
  jobId: v.number(),
  parentJobId: v.number(),
  client: v.string(),
  policy: v.string(),
  schedule: v.string(),
  action: v.string(),
  status: v.number(),
  startMs: v.nullable(v.number()),
  endMs: v.number(),
  recoveredMs: v.nullable(v.number()),
});

/** A failed job in a checkpoint. */
export type Failure = v.InferOutput<typeof failure>;

/** The failures in a checkpoint. */
export const failuresDocument = v.array(failure);

/** Keeps failed jobs. */
export class RecentFailures {
  #failures: Failure[] = [];
  /** The same by what the jobs are for. */
  readonly #byPurpose = new Map<string, Failure[]>();
  /** Jobs with failed ones below them. */
  #parents = new Set<number>();

  /** Whether a job below this one has failed, as far as is kept. */
  hasFailedChild(jobId: number): boolean {
    return this.#parents.has(jobId);
  }

  /** Keeps a job that failed. */
  add(completion: Completion): void {
    const { jobId, parentJobId, status, startMs, endMs } = completion;
    this.#add({
      ...{ jobId, parentJobId, status, endMs, startMs: startMs ?? null, recoveredMs: null },
      ...shortNames(completion),
    });
    if (this.#failures.length > MAX_FAILURES + SLACK) this.#trim();
  }

  /** Notes that a job succeeded: what failed for the same purpose before is made up for. */
  noteSuccess(completion: Completion): void {
    const { endMs } = completion;
    for (const failure of this.#byPurpose.get(purposeKey(purposeOf(completion))) ?? []) {
      if (failure.endMs < endMs) failure.recoveredMs ??= endMs;
    }
  }

  /** The failures that ended at or after a time, the newest first. */
  since(fromMs: number): Failure[] {
    return newestFirst(this.#failures.filter(({ endMs }) => endMs >= fromMs))
      .slice(0, MAX_FAILURES);
  }

  /** Evicts what ended before a time. */
  evict(beforeMs: number): void {
    if (this.#failures.some(({ endMs }) => endMs < beforeMs)) {
      this.#replace(this.#failures.filter(({ endMs }) => endMs >= beforeMs));
    }
  }

  /** The failures as a value for JSON. */
  serialize(): Failure[] {
    return this.since(-Infinity).map((failure) => ({ ...failure }));
  }

  /** Adds what was serialized. */
  restore(document: readonly Failure[]): void {
    for (const failure of document) this.#add({ ...failure });
    this.#trim();
  }

  #add(failure: Failure): void {
    this.#failures.push(failure);
    const key = purposeKey(failure);
    const same = this.#byPurpose.get(key);
    if (same) same.push(failure);
    else this.#byPurpose.set(key, [failure]);
    if (failure.parentJobId !== failure.jobId) this.#parents.add(failure.parentJobId);
  }

  #trim(): void {
    this.#replace(newestFirst(this.#failures).slice(0, MAX_FAILURES));
  }

  #replace(failures: readonly Failure[]): void {
    this.#failures = [];
    this.#byPurpose.clear();
    this.#parents = new Set();
    for (const failure of failures) this.#add(failure);
  }
}

function newestFirst(failures: readonly Failure[]): Failure[] {
  return failures.toSorted((a, b) => b.endMs - a.endMs || b.jobId - a.jobId);
}
