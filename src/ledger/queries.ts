/**
 * What is asked of the job list.
 *
 * @module
 */
import { allOf, compare } from "../netbackup/filters.ts";
import type { Job } from "../netbackup/resources/job.ts";
import type { JobQuery } from "../netbackup/resources/jobs.ts";
import type { ReadRange } from "./range_cursors.ts";

/** The field that gives a finished job its place in time. */
export type PlaceField = "lastUpdateTime" | "endTime";

/** Finished jobs whose place is in a range, ascending by place. */
export function finishedQuery(field: PlaceField, { from, to }: ReadRange): JobQuery {
  const filters = [
    compare("state", "eq", "DONE"),
    compare(field, "ge", new Date(from)),
    ...(to === undefined ? [] : [compare(field, "lt", new Date(to))]),
  ];
  return { filter: allOf(...filters), sort: field };
}

/** Finished jobs whose place is at or after a time, those with the latest place first. */
export function newestFirstQuery(field: PlaceField, from: number): JobQuery {
  return { filter: finishedQuery(field, { from, to: undefined }).filter, sort: `-${field}` };
}

/** Finished jobs, those with the latest place first. */
export function newestQuery(field: PlaceField): JobQuery {
  return { filter: compare("state", "eq", "DONE"), sort: `-${field}` };
}

/** Jobs that have not ended, with ids in a range; ascending by id. */
export function unfinishedQuery({ from, to }: ReadRange): JobQuery {
  const filters = [
    compare("state", "ne", "DONE"),
    ...(from > 0 ? [compare("jobId", "ge", from)] : []),
    ...(to === undefined ? [] : [compare("jobId", "lt", to)]),
  ];
  return { filter: allOf(...filters), sort: "jobId" };
}

/** Jobs that have not ended, those with the highest ids first. */
export const NEWEST_UNFINISHED_QUERY: JobQuery = {
  filter: compare("state", "ne", "DONE"),
  sort: "-jobId",
};

/** Whether a list of finished jobs may show a job; a row may lack its state. */
export function isFinished({ state }: Job): boolean {
  return state === "DONE" || state === "UNKNOWN";
}

/** A range of time shorter than this is not divided, in milliseconds. */
export const MIN_SPAN_MS = 2000;

/** Jobs with these ids. */
export function byIdQuery(jobIds: readonly number[]): JobQuery {
  // No parentheses: the vendor's documents have neither them nor `or` for jobs, and the fewer the better.
  return {
    filter: jobIds.map((jobId) => compare("jobId", "eq", jobId)).join(" or "),
    sort: "jobId",
  };
}

/** Place of a finished job in time. Without an update time, it is where it ended. */
export function placeOf(field: PlaceField, job: Job): number | undefined {
  return field === "endTime" ? job.endTimeMs : job.lastUpdateTimeMs ?? job.endTimeMs;
}
