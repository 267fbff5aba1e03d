/**
 * Jobs that a test put into the simulator. They change only when the test says so.
 *
 * @module
 */
import { isoDuration, type JobAttributes, NOT_ENDED, SAME_FOR_ALL } from "./attributes.ts";
import { createSortedIndex, type SortedIndex } from "./sorted_index.ts";
import { INDEX_KEYS, type IndexKey, type JobRow, type JobSource, type JobTimes } from "./source.ts";

type TimeName = "startTime" | "endTime" | "lastUpdateTime" | "activeTryStartTime";

/**
 * Attributes of a job, each optional; times also as milliseconds since the epoch. What is not given
 * is filled in: a successful BACKUP of one minute that has just ended.
 */
export type JobInput =
  & Partial<Omit<JobAttributes, TimeName>>
  & { readonly [name in TimeName]?: string | number }
  & {
    /** Written over the attributes in the response: any name, any type. */
    readonly raw?: Readonly<Record<string, unknown>>;
  };

/** A job as it was from this time on; without a row, it was removed. */
export interface Revision {
  readonly atMs: number;
  readonly row: JobRow | undefined;
}

/** Jobs under a test's control. */
export interface InjectedJobs extends JobSource {
  /** Sets a job whole; replaces one of the same id. */
  set(row: JobRow): void;
  remove(jobId: number): boolean;
  clear(): void;
  has(jobId: number): boolean;
  ids(): Iterable<number>;
  /** Everything that ever happened, by job id. */
  readonly history: ReadonlyMap<number, readonly Revision[]>;
}

/** Starts without jobs. */
export function createInjectedJobs(now: () => number): InjectedJobs {
  const jobs = new Map<number, { row: JobRow; times: JobTimes }>();
  const running = new Set<number>();
  const indexes = new Map<IndexKey, SortedIndex>(
    INDEX_KEYS.map((key) => [key, createSortedIndex()]),
  );
  const history = new Map<number, Revision[]>();
  const index = (key: IndexKey): SortedIndex => indexes.get(key) ?? createSortedIndex();

  const drop = (jobId: number): boolean => {
    const job = jobs.get(jobId);
    if (!job) return false;
    jobs.delete(jobId);
    if (!running.delete(jobId)) {
      for (const key of INDEX_KEYS) index(key).remove(job.times[key], jobId);
    }
    return true;
  };
  const record = (jobId: number, row: JobRow | undefined) => {
    const revisions = history.get(jobId) ?? [];
    revisions.push({ atMs: now(), row });
    history.set(jobId, revisions);
  };

  return {
    history,
    set(row) {
      const { jobId } = row.attributes;
      drop(jobId);
      const times = timesOf(row.attributes);
      jobs.set(jobId, { row, times });
      if (row.attributes.state !== "DONE") running.add(jobId);
      else for (const key of INDEX_KEYS) index(key).insert(times[key], jobId);
      record(jobId, row);
    },
    remove(jobId) {
      if (!drop(jobId)) return false;
      record(jobId, undefined);
      return true;
    },
    clear() {
      for (const jobId of [...jobs.keys()]) this.remove(jobId);
    },
    has: (jobId) => jobs.has(jobId),
    ids: () => jobs.keys(),
    advance() {},
    finished: index,
    unfinished: () => running,
    times(jobId) {
      const job = jobs.get(jobId);
      if (!job) throw new RangeError(`No job ${jobId}`);
      return job.times;
    },
    row: (jobId) => jobs.get(jobId)?.row,
  };
}

function timesOf(attributes: JobAttributes): JobTimes {
  return {
    jobId: attributes.jobId,
    startTime: Date.parse(attributes.startTime),
    endTime: Date.parse(attributes.endTime),
    lastUpdateTime: Date.parse(attributes.lastUpdateTime),
  };
}

/** Fills in what a test did not say about a new job. */
export function newJob(jobId: number, input: JobInput, nowMs: number): JobRow {
  const state = input.state ?? "DONE";
  const start = millis(input.startTime) ?? nowMs - 60_000;
  const end = millis(input.endTime) ?? (state === "DONE" ? nowMs : 0);
  const parent = input.parentJobId ?? 0;
  const standard: JobAttributes = {
    ...SAME_FOR_ALL,
    jobId,
    parentJobId: parent,
    jobType: "BACKUP",
    jobSubType: "SCHEDULED",
    policyType: "STANDARD",
    policyName: "test-policy",
    scheduleType: "FULL_BACKUP",
    scheduleName: "full",
    clientName: "client.example.com",
    backupId: `client.example.com_${Math.floor(start / 1000)}`,
    destinationStorageUnitName: "stu_msdp_01",
    destinationMediaServerName: "media01.example.com",
    streamNumber: 1,
    status: 0,
    state,
    numberOfFiles: 0,
    estimatedFiles: 0,
    kilobytesTransferred: 0,
    kilobytesToTransfer: 0,
    kilobytesDataTransferred: 0,
    transferRate: 0,
    percentComplete: state === "DONE" ? 100 : 0,
    resumable: 0,
    suspendable: 0,
    cancellable: state === "DONE" ? 0 : 1,
    dedupRatio: 0,
    dedupSpaceRatio: 0,
    compressionSpaceRatio: 0,
    acceleratorOptimization: 0,
    currentOperation: 3,
    jobQueueReason: 0,
    jobQueueResource: "",
    startTime: iso(start),
    endTime: NOT_ENDED,
    activeTryStartTime: iso(start),
    lastUpdateTime: iso(nowMs),
    try: 1,
    elapsedTime: isoDuration((end || nowMs) - start),
    activeElapsedTime: isoDuration((end || nowMs) - start),
    childCount: 0,
    jobPath: parent === 0 || parent === jobId ? String(jobId) : `${parent}.${jobId}`,
  };
  return merge(standard, { ...input, jobId, endTime: end }, undefined);
}

/**
 * Changes a job. `lastUpdateTime` becomes now, and the end time follows the state, unless the test
 * says otherwise.
 */
export function changedJob(row: JobRow, input: JobInput, nowMs: number): JobRow {
  const ended = input.state === undefined
    ? {}
    : { endTime: input.state === "DONE" ? nowMs : NOT_ENDED };
  return merge(row.attributes, { lastUpdateTime: nowMs, ...ended, ...input }, row.raw);
}

function merge(attributes: JobAttributes, input: JobInput, before: JobRow["raw"]): JobRow {
  const { raw, startTime, endTime, lastUpdateTime, activeTryStartTime, ...rest } = input;
  const merged: JobAttributes = {
    ...attributes,
    ...rest,
    startTime: isoTime(startTime) ?? attributes.startTime,
    endTime: isoTime(endTime) ?? attributes.endTime,
    lastUpdateTime: isoTime(lastUpdateTime) ?? attributes.lastUpdateTime,
    activeTryStartTime: isoTime(activeTryStartTime) ?? attributes.activeTryStartTime,
  };
  const over = raw ?? before;
  return over ? { attributes: merged, raw: over } : { attributes: merged };
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
const isoTime = (time: string | number | undefined): string | undefined =>
  typeof time === "number" ? iso(time) : time;
const millis = (time: string | number | undefined): number | undefined =>
  typeof time === "string" ? Date.parse(time) : time;
