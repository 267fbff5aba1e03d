/**
 * The jobs of the last days for people: counts, failures, and what took longest. It takes in each
 * completion of the ledger once, and is kept in the ledger's checkpoint, so that both are of the same
 * age.
 *
 * @module
 */
import * as v from "valibot";
import { DAY_MS } from "../../base/time_units.ts";
import type { Completion } from "../../ledger/completions.ts";
import { isFailure, isSuccess, statusClass } from "../../ledger/status_meanings.ts";
import { type CheckpointSection, defineSection } from "../../state/section.ts";
import { failuresDocument, RecentFailures } from "./failures.ts";
import { HourlyCounts, hourlyCountsDocument } from "./hourly_counts.ts";
import { startOfHour } from "../../base/hours.ts";
import { durationsDocument, overruns, UsualDurations } from "./durations.ts";
import { purposeOf } from "./purpose.ts";
import { type TopJob, TopJobs, topJobsDocument } from "./top_jobs.ts";
import type { JobOutcomes, LongJob, OutcomesReader, Purpose } from "./types.ts";

/** How far back jobs are kept, in milliseconds; a day more than the longest report. */
export const RETENTION_MS = 8 * DAY_MS;

const document = v.object({
  since: v.nullable(v.number()),
  upTo: v.nullable(v.number()),
  counts: hourlyCountsDocument,
  failures: failuresDocument,
  longest: topJobsDocument,
  overran: topJobsDocument,
  durations: durationsDocument,
});

type Document = v.InferOutput<typeof document>;

/** Keeps what is to be said about the jobs that ended lately. */
export class RecentOutcomes implements OutcomesReader {
  readonly #meaning: (status: number) => string;
  readonly #counts = new HourlyCounts();
  readonly #failures = new RecentFailures();
  readonly #longest = new TopJobs(durationOf);
  readonly #overran = new TopJobs((job) => durationOf(job) - (job.usualMs ?? 0));
  readonly #durations = new UsualDurations();
  #sinceMs: number | undefined;
  #upToMs: number | undefined;

  /** @param meaning A status in words; empty where they are not known. */
  constructor(meaning: (status: number) => string) {
    this.#meaning = meaning;
  }

  /** Its part of the checkpoint. */
  get section(): CheckpointSection {
    return defineSection<Document>({
      name: "outcomes",
      version: 1,
      schemas: { 1: document },
      serialize: () => this.#serialize(),
      restore: (kept) => this.#restore(kept),
    });
  }

  /** Takes in one completion. Each is offered once. */
  observe(completion: Completion): void {
    const { jobId, childCount, class: outcome, endMs, action, status } = completion;
    const failed = isFailure(outcome);
    if (isSuccess(outcome)) this.#failures.noteSuccess(completion);
    // What a job with jobs below it says is what these have said, unless it failed by itself.
    if (childCount > 0 && (!failed || this.#failures.hasFailedChild(jobId))) return;
    this.#counts.add(endMs, action, status, outcome);
    if (failed) this.#failures.add(completion);
    if (childCount === 0) this.#noteDuration(completion);
  }

  /**
   * Notes that all jobs that end from a time on are offered, and evicts what is too old.
   *
   * @param startMs When the reading began that has just ended well.
   * @param primaryMs The same by the clock of the primary.
   */
  noteReading(startMs: number, primaryMs: number): void {
    this.#sinceMs ??= primaryMs;
    this.#upToMs = startMs;
    this.#counts.evict(primaryMs - RETENTION_MS);
    this.#failures.evict(primaryMs - RETENTION_MS);
    this.#longest.evict(primaryMs - RETENTION_MS);
    this.#overran.evict(primaryMs - RETENTION_MS);
  }

  read(fromMs: number): JobOutcomes {
    const from = startOfHour(fromMs);
    const counts = this.#counts.sum(from).map((count) => ({
      ...count,
      meaning: count.status === undefined ? "" : this.#meaning(count.status),
    }));
    const failed = counts.filter(({ class: of }) => isFailure(of));
    return {
      fromMs: from,
      sinceMs: this.#sinceMs,
      upToMs: this.#upToMs,
      counts,
      failureCount: failed.reduce((sum, { jobs }) => sum + jobs, 0),
      failures: this.#failures.since(from).map((failure) => {
        const { jobId, client, policy, action, status, startMs, endMs, recoveredMs } = failure;
        return {
          ...{ jobId, client, policy, action, status, endMs, meaning: this.#meaning(status) },
          class: statusClass(status) === "missed_window" ? "missed_window" : "failed",
          startMs: startMs ?? undefined,
          recoveredMs: recoveredMs ?? undefined,
        };
      }),
      longest: this.#longest.since(from).map((job) => this.#longJob(job)),
      overran: this.#overran.since(from).map((job) => this.#longJob(job)),
    };
  }

  usualMs(purpose: Purpose): number | undefined {
    return this.#durations.usualMs(purpose);
  }

  #noteDuration(completion: Completion): void {
    const { startMs, endMs, class: outcome } = completion;
    if (startMs === undefined || startMs >= endMs) return;
    const purpose = purposeOf(completion);
    const usual = this.#durations.usualMs(purpose);
    this.#longest.add(completion, startMs, usual);
    if (overruns(endMs - startMs, usual)) this.#overran.add(completion, startMs, usual);
    if (isSuccess(outcome)) this.#durations.add(purpose, endMs - startMs);
  }

  #longJob(job: TopJob): LongJob {
    return {
      ...job,
      usualMs: job.usualMs ?? undefined,
      meaning: this.#meaning(job.status),
      durationMs: durationOf(job),
    };
  }

  #serialize(): Document {
    return {
      since: this.#sinceMs ?? null,
      upTo: this.#upToMs ?? null,
      counts: this.#counts.serialize(),
      failures: this.#failures.serialize(),
      longest: this.#longest.serialize(),
      overran: this.#overran.serialize(),
      durations: this.#durations.serialize(),
    };
  }

  #restore({ since, upTo, counts, failures, longest, overran, durations }: Document): void {
    this.#sinceMs = since ?? undefined;
    this.#upToMs = upTo ?? undefined;
    this.#counts.restore(counts);
    this.#failures.restore(failures);
    this.#longest.restore(longest);
    this.#overran.restore(overran);
    this.#durations.restore(durations);
  }
}

function durationOf({ startMs, endMs }: TopJob): number {
  return endMs - startMs;
}
