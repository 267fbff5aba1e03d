/**
 * Jobs as the client parses them, for tests.
 *
 * @module
 */
import type { Job } from "../../src/netbackup/resources/job.ts";

/** A backup of which nothing is known but what is given. */
export function jobOf(fields: Partial<Job> = {}): Job {
  return {
    jobId: 1,
    parentJobId: 0,
    jobType: "BACKUP",
    policyType: "STANDARD",
    policyName: "",
    clientName: "",
    scheduleName: "",
    scheduleType: "",
    state: "DONE",
    status: 0,
    startTimeMs: undefined,
    endTimeMs: undefined,
    lastUpdateTimeMs: undefined,
    activeTryStartTimeMs: undefined,
    kilobytesTransferred: 0,
    kilobytesDataTransferred: 0,
    numberOfFiles: 0,
    dedupRatio: undefined,
    transferRate: 0,
    tryNumber: 1,
    childCount: 0,
    jobQueueReason: 0,
    storageUnit: "",
    ...fields,
  };
}
