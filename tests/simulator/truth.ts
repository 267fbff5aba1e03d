/**
 * What is really so, for tests to compare with. Found by going through the jobs one by one: neither
 * the indexes and pages of the simulator nor any code of the exporter take part.
 *
 * @module
 */
import type { JobAttributes } from "./jobs/attributes.ts";
import type { Revision } from "./jobs/injected.ts";
import type { JobStore } from "./jobs/store.ts";
import type { ListRow } from "./lists/define.ts";
import type { Lists, RowsQuery } from "./lists/service.ts";
import type { StorageUnitAttributes } from "./storage/units.ts";

/** A job with its times as numbers. */
export interface TrueJob {
  readonly jobId: number;
  readonly parentJobId: number;
  readonly childCount: number;
  readonly jobPath: string;
  readonly jobType: string;
  /** Empty when the job has none. */
  readonly policyType: string;
  readonly policyName: string;
  readonly clientName: string;
  readonly state: string;
  readonly status: number;
  readonly tryNumber: number;
  /** Milliseconds since the epoch, as all times. */
  readonly startTimeMs: number;
  /** Undefined while the job has not ended. */
  readonly endTimeMs: number | undefined;
  readonly lastUpdateTimeMs: number;
  readonly activeTryStartTimeMs: number;
  readonly kilobytesTransferred: number;
  readonly kilobytesDataTransferred: number;
  readonly numberOfFiles: number;
  readonly dedupRatio: number;
  readonly transferRate: number;
  readonly jobQueueReason: number;
  /** Storage unit that the job writes to; empty when there is none. */
  readonly storageUnit: string;
}

/** One end of a job; a resumed job has several. */
export interface TrueEnd {
  readonly jobId: number;
  readonly endTimeMs: number;
  /** The job as it was last seen with this end. */
  readonly job: TrueJob;
}

/** What is really so. Times are NetBackup's own, in milliseconds since the epoch. */
export interface Truth {
  /** NetBackup's present time. */
  now(): number;
  /** All jobs at a time; now unless told otherwise. */
  jobs(atMs?: number): TrueJob[];
  /** Jobs that are DONE at a time and ended between two times, both inclusive. */
  finishedBetween(fromMs: number, toMs?: number, atMs?: number): TrueJob[];
  /** Jobs that are not DONE at a time. */
  unfinished(atMs?: number): TrueJob[];
  /** Every end between two times, both inclusive, that has been visible until a time. */
  endsBetween(fromMs: number, toMs?: number, atMs?: number): TrueEnd[];
  /** All storage units, with their capacities at a time. */
  storageUnits(atMs?: number): StorageUnitAttributes[];
  /**
   * All rows of a list, as a client ought to see them once it has read every page.
   *
   * @param endpoint Path template: "/storage/drives".
   * @throws Error When there is no such list, or the path names something that does not exist.
   */
  rows(endpoint: string, query?: RowsQuery): readonly ListRow[];
}

/** Makes the truth about a store of jobs and a list of storage units. */
export function createTruth(
  store: JobStore,
  storageUnits: (nowMs: number) => StorageUnitAttributes[],
  rows: Lists["rows"],
  now: () => number,
): Truth {
  const jobs = (atMs = now()): TrueJob[] => [
    ...[...store.generated.jobsAt(atMs)].map(trueJob),
    ...[...store.injected.history.values()].flatMap((revisions) => {
      const row = revisions.findLast((revision) => revision.atMs <= atMs)?.row;
      return row ? [trueJob(row.attributes)] : [];
    }),
  ];
  return {
    now,
    jobs,
    finishedBetween: (fromMs, toMs = Infinity, atMs = now()) =>
      jobs(atMs).filter(({ state, endTimeMs = -Infinity }) =>
        state === "DONE" && endTimeMs >= fromMs && endTimeMs <= toMs
      ),
    unfinished: (atMs) => jobs(atMs).filter(({ state }) => state !== "DONE"),
    endsBetween: (fromMs, toMs = Infinity, atMs = now()) => [
      ...[...store.generated.endsBetween(fromMs, toMs, atMs)].map(({ endMs, attributes }) => ({
        jobId: attributes.jobId,
        endTimeMs: endMs,
        job: trueJob(attributes),
      })),
      ...[...store.injected.history.values()].flatMap((revisions) =>
        endsOf(revisions, atMs).filter(({ endTimeMs }) => endTimeMs >= fromMs && endTimeMs <= toMs)
      ),
    ],
    storageUnits: (atMs = now()) => storageUnits(atMs),
    rows,
  };
}

function endsOf(revisions: readonly Revision[], atMs: number): TrueEnd[] {
  const ends = new Map<number, TrueEnd>();
  for (const revision of revisions) {
    if (revision.atMs > atMs || revision.row?.attributes.state !== "DONE") continue;
    const job = trueJob(revision.row.attributes);
    const { jobId, endTimeMs } = job;
    if (endTimeMs !== undefined) ends.set(endTimeMs, { jobId, endTimeMs, job });
  }
  return [...ends.values()];
}

function trueJob(attributes: JobAttributes): TrueJob {
  const endTimeMs = Date.parse(attributes.endTime);
  return {
    jobId: attributes.jobId,
    parentJobId: attributes.parentJobId,
    childCount: attributes.childCount,
    jobPath: attributes.jobPath,
    jobType: attributes.jobType,
    policyType: attributes.policyType ?? "",
    policyName: attributes.policyName,
    clientName: attributes.clientName,
    state: attributes.state,
    status: attributes.status,
    tryNumber: attributes.try,
    startTimeMs: Date.parse(attributes.startTime),
    endTimeMs: endTimeMs > 0 ? endTimeMs : undefined,
    lastUpdateTimeMs: Date.parse(attributes.lastUpdateTime),
    activeTryStartTimeMs: Date.parse(attributes.activeTryStartTime),
    kilobytesTransferred: attributes.kilobytesTransferred,
    kilobytesDataTransferred: attributes.kilobytesDataTransferred,
    numberOfFiles: attributes.numberOfFiles,
    dedupRatio: attributes.dedupRatio,
    transferRate: attributes.transferRate,
    jobQueueReason: attributes.jobQueueReason,
    storageUnit: attributes.destinationStorageUnitName,
  };
}
