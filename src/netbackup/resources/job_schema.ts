/**
 * How a row of `GET /admin/jobs` becomes a `Job`.
 *
 * @module
 */
import * as v from "valibot";
import { instant, numeric, optionalNumeric, plainInstant, text } from "../fields.ts";
import type { RowSchema } from "../rows.ts";
import type { Job } from "./job.ts";

/** Stands for the status a finished job does not name: 0 would mean success. */
const NO_STATUS = -1;

const attributes = v.object({
  jobId: optionalNumeric(0),
  parentJobId: numeric(0, 0),
  jobType: text(),
  policyType: text(),
  policyName: text(),
  clientName: text(),
  scheduleName: text(),
  scheduleType: text(),
  state: text(),
  status: numeric(NO_STATUS),
  startTime: instant(),
  endTime: instant(),
  lastUpdateTime: instant(),
  activeTryStartTime: instant(),
  kilobytesTransferred: numeric(0, 0),
  kilobytesDataTransferred: numeric(0, 0),
  numberOfFiles: numeric(0, 0),
  dedupRatio: optionalNumeric(),
  transferRate: numeric(0, 0),
  try: numeric(1, 1),
  childCount: numeric(0, 0),
  jobQueueReason: numeric(0),
  destinationStorageUnitName: text(),
});

const row = v.object({ id: v.optional(v.unknown()), attributes });
type Row = v.InferOutput<typeof row>;

/**
 * A job. Its id is `attributes.jobId`, or else the id of the row; without one it is no job. Fields
 * that are missing get a default; one of a wrong type costs the job.
 */
export const jobSchema: RowSchema<Job> = v.pipe(
  row,
  v.rawTransform(({ dataset, addIssue, NEVER }): Job => {
    const jobId = idOf(dataset.value);
    if (jobId === undefined) {
      addIssue({ message: "no job id", expected: "job id" });
      return NEVER;
    }
    return toJob(jobId, dataset.value.attributes);
  }),
);

function idOf(value: Row): number | undefined {
  const id = value.attributes.jobId ?? rowId(value.id);
  return Number.isSafeInteger(id) ? id : undefined;
}

/**
 * A job from a row whose attributes all have their plain form, as nearly all rows do. Checking just
 * that takes a fraction of the time of the schema, and a night has a million rows. Each attribute is
 * named, and looked at once: a loop over names takes twice as long.
 *
 * @returns Undefined for any other row: the schema decides on it.
 */
export function plainJob(row: unknown): Job | undefined {
  const from = isRecord(row) ? row["attributes"] : undefined;
  if (!isRecord(from)) return undefined;
  const jobId = from["jobId"];
  const parentJobId = from["parentJobId"];
  const jobType = from["jobType"];
  const policyType = from["policyType"];
  const policyName = from["policyName"];
  const clientName = from["clientName"];
  const scheduleName = from["scheduleName"];
  const scheduleType = from["scheduleType"];
  const state = from["state"];
  const status = from["status"];
  const kilobytesTransferred = from["kilobytesTransferred"];
  const kilobytesDataTransferred = from["kilobytesDataTransferred"];
  const numberOfFiles = from["numberOfFiles"];
  const dedupRatio = from["dedupRatio"];
  const transferRate = from["transferRate"];
  const tryNumber = from["try"];
  const childCount = from["childCount"];
  const jobQueueReason = from["jobQueueReason"];
  const destinationStorageUnitName = from["destinationStorageUnitName"];
  if (
    !isAmount(jobId) || !Number.isSafeInteger(jobId) || !isAmount(parentJobId) ||
    !isOptionalText(jobType) || !isOptionalText(policyType) || !isOptionalText(policyName) ||
    !isOptionalText(clientName) || !isOptionalText(scheduleName) ||
    !isOptionalText(scheduleType) || !isOptionalText(state) || !isNumber(status) ||
    !isAmount(kilobytesTransferred) || !isAmount(kilobytesDataTransferred) ||
    !isAmount(numberOfFiles) || !isNumber(dedupRatio) || !isAmount(transferRate) ||
    !isNumber(tryNumber) || tryNumber < 1 || !isAmount(childCount) || !isNumber(jobQueueReason) ||
    !isOptionalText(destinationStorageUnitName)
  ) return undefined;
  const startTime = plainInstant(from["startTime"]);
  const endTime = plainInstant(from["endTime"]);
  const lastUpdateTime = plainInstant(from["lastUpdateTime"]);
  const activeTryStartTime = plainInstant(from["activeTryStartTime"]);
  if (Number.isNaN(startTime + endTime + lastUpdateTime + activeTryStartTime)) return undefined;
  return toJob(jobId, {
    jobId,
    parentJobId,
    jobType: jobType ?? "",
    policyType: policyType ?? "",
    policyName: policyName ?? "",
    clientName: clientName ?? "",
    scheduleName: scheduleName ?? "",
    scheduleType: scheduleType ?? "",
    state: state ?? "",
    status,
    startTime: startTime || undefined,
    endTime: endTime || undefined,
    lastUpdateTime: lastUpdateTime || undefined,
    activeTryStartTime: activeTryStartTime || undefined,
    kilobytesTransferred,
    kilobytesDataTransferred,
    numberOfFiles,
    dedupRatio,
    transferRate,
    try: tryNumber,
    childCount,
    jobQueueReason,
    destinationStorageUnitName: destinationStorageUnitName ?? "",
  });
}

/** A text, which many a job does without: a deletion of images has no policy type. */
function isOptionalText(value: unknown): value is string | null | undefined {
  return typeof value === "string" || value === undefined || value === null;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A number of 0 or more, as the attributes that it is for are in every document of the vendor. */
function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Infinity;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The id of a row is text in the schema and a number in the examples. */
function rowId(id: unknown): number | undefined {
  if (typeof id === "string" && /^\d{1,15}$/.test(id)) return Number(id);
  return typeof id === "number" && id >= 0 ? id : undefined;
}

function toJob(jobId: number, from: Row["attributes"]): Job {
  const state = from.state === "" ? "UNKNOWN" : from.state;
  return {
    jobId,
    parentJobId: from.parentJobId,
    jobType: from.jobType,
    policyType: from.policyType,
    policyName: from.policyName,
    clientName: from.clientName,
    scheduleName: from.scheduleName,
    scheduleType: from.scheduleType,
    state,
    status: from.status,
    startTimeMs: from.startTime,
    endTimeMs: endTime(state, from.startTime, from.endTime),
    lastUpdateTimeMs: from.lastUpdateTime,
    activeTryStartTimeMs: from.activeTryStartTime,
    kilobytesTransferred: from.kilobytesTransferred,
    kilobytesDataTransferred: from.kilobytesDataTransferred,
    numberOfFiles: from.numberOfFiles,
    dedupRatio: from.dedupRatio,
    transferRate: from.transferRate,
    tryNumber: from.try,
    childCount: from.childCount,
    jobQueueReason: from.jobQueueReason,
    storageUnit: from.destinationStorageUnitName,
  };
}

/**
 * An unfinished job's end is absent, null, 1970 or a time before its start; none of these is an end.
 * A finished job has ended, so its end is kept even if clocks that disagree put it before the start:
 * whoever takes the difference must not expect it to be positive.
 */
function endTime(
  state: string,
  start: number | undefined,
  end: number | undefined,
): number | undefined {
  if (end === undefined || state === "DONE") return end;
  return start !== undefined && end < start ? undefined : end;
}
