/**
 * A job as it stands in a response, attribute by attribute (admin.yaml, the same in all releases).
 *
 * @module
 */

/** States of a job. */
export const JOB_STATES = [
  "QUEUED",
  "ACTIVE",
  "REQUEUED",
  "DONE",
  "SUSPENDED",
  "INCOMPLETE",
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** `endTime` of a job that has not ended. */
export const NOT_ENDED = "1970-01-01T00:00:00.000Z";

/** Attributes of a job that differ from one to the next; the rest is the same for all. */
export type JobFigures = {
  jobId: number;
  parentJobId: number;
  jobType: string;
  jobSubType: string;
  /** Absent for jobs without a policy, image deletion for one. */
  policyType?: string;
  policyName: string;
  scheduleType: string;
  scheduleName: string;
  clientName: string;
  backupId: string;
  destinationStorageUnitName: string;
  destinationMediaServerName: string;
  streamNumber: number;
  status: number;
  state: JobState;
  numberOfFiles: number;
  estimatedFiles: number;
  kilobytesTransferred: number;
  kilobytesToTransfer: number;
  kilobytesDataTransferred: number;
  transferRate: number;
  percentComplete: number;
  resumable: number;
  suspendable: number;
  cancellable: number;
  dedupRatio: number;
  dedupSpaceRatio: number;
  compressionSpaceRatio: number;
  acceleratorOptimization: number;
  currentOperation: number;
  jobQueueReason: number;
  jobQueueResource: string;
  startTime: string;
  endTime: string;
  activeTryStartTime: string;
  lastUpdateTime: string;
  try: number;
  elapsedTime: string;
  activeElapsedTime: string;
  childCount: number;
  jobPath: string;
};

/** All attributes of a job. */
export type JobAttributes = JobFigures & typeof SAME_FOR_ALL;

/** Attributes that are the same for all jobs of the simulated world. */
export const SAME_FOR_ALL = {
  activeProcessId: 8624,
  mainProcessId: 0,
  controlHost: "primary.example.com",
  jobOwner: "root",
  jobGroup: "",
  sourceMediaId: "",
  sourceStorageUnitName: "",
  sourceMediaServerName: "",
  destinationMediaId: "",
  dataMovement: "STANDARD",
  copyNumber: 1,
  priority: 0,
  retentionLevel: 1,
  compression: 0,
  currentFile: "",
  restartable: 0,
  frozenImage: 0,
  transportType: "LAN",
  robotName: "",
  vaultName: "",
  profileName: "",
  sessionId: 0,
  numberOfTapeToEject: 0,
  submissionType: 0,
  dumpHost: "",
  instanceDatabaseName: "",
  auditUserName: "",
  auditDomainName: "",
  auditDomainType: 0,
  restoreBackupIDs: "",
  assetID: "",
  assetDisplayableName: "",
  workloadDisplayName: "",
  dteMode: "OFF",
  offHostType: "STANDARD",
};

/** ISO 8601 duration of a number of milliseconds, to the second. */
export function isoDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return `PT${hours ? `${hours}H` : ""}${minutes ? `${minutes}M` : ""}${seconds % 60}S`;
}
