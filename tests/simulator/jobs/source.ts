/**
 * Where jobs come from: the generated world, or what a test put there.
 *
 * @module
 */
import type { JobAttributes, JobFigures } from "./attributes.ts";
import type { SortedIndex } from "./sorted_index.ts";

/** The orders in which jobs can be walked through without sorting them first. */
export const INDEX_KEYS = ["startTime", "endTime", "lastUpdateTime", "jobId"] as const;
export type IndexKey = (typeof INDEX_KEYS)[number];

/** Times of a job in milliseconds since the epoch; the end time of an unfinished one is 0. */
export type JobTimes = Readonly<Record<IndexKey, number>>;

/** A job's attributes, and what is written over them in the response. */
export interface JobRow {
  readonly attributes: JobAttributes;
  /** The attributes that are not those of every job, where that is known: it saves time. */
  readonly figures?: JobFigures;
  /** Attributes of any name and type, for rows a server should not send. */
  readonly raw?: Readonly<Record<string, unknown>>;
}

/** A set of jobs at one instant: the one it was last advanced to. */
export interface JobSource {
  /** Moves to this time (milliseconds since the epoch). */
  advance(nowMs: number): void;
  /** The finished jobs in the order of this key. */
  finished(key: IndexKey): SortedIndex;
  /** Ids of the jobs that are not DONE. */
  unfinished(): Iterable<number>;
  /** The times of a job that is in one of the two. */
  times(jobId: number): JobTimes;
  /** The job; undefined when there is none of this id. */
  row(jobId: number): JobRow | undefined;
}
