/**
 * Fields of jobs that can be filtered and sorted by, as the tables in admin.yaml name them.
 *
 * @module
 */
import { fields, type FieldSpec, type FieldTable, ORDER, TEXT } from "../filter/fields.ts";
import { JOB_STATES } from "./attributes.ts";

const codes = (text: string): ReadonlyMap<number, string> =>
  new Map(
    text.split(" ").map((pair): [number, string] => {
      const [code = "", name = ""] = pair.split("=");
      return [Number(code), name];
    }),
  );

const LIST_FIELDS: [string, FieldSpec][] = [
  ...fields(
    "jobId parentJobId status transferRate kilobytesTransferred activeProcessId try " +
      "numberOfFiles priority sessionId percentComplete copyNumber numberOfTapeToEject",
    "integer",
    ORDER,
  ),
  ...fields("endTime startTime lastUpdateTime activeTryStartTime", "date", ORDER),
  ...fields("dedupRatio acceleratorOptimization", "float", ORDER),
  ...fields("activeElapsedTime elapsedTime", "duration", ORDER),
  ...fields(
    "clientName restoreBackupIDs assetDisplayableName workloadDisplayName jobPath " +
      "destinationMediaServerName sourceMediaServerName scheduleName",
    "string",
    TEXT,
  ),
  ...fields("state", "string", "eq ne", { values: JOB_STATES }),
  ...fields("jobType policyType", "string", "eq ne"),
  ...fields("policyName", "string", "contains startswith endswith"),
  ...fields(
    "assetID destinationStorageUnitName destinationMediaId dteMode jobOwner " +
      "instanceDatabaseName profileName robotName vaultName dumpHost currentFile",
    "string",
    "eq",
  ),
  ...fields("qResource", "string", "eq", { attribute: "jobQueueResource" }),
  ...fields("currentOperation", "integer", "eq ne"),
  ...fields("qReasonCode", "integer", "eq ne", { attribute: "jobQueueReason" }),
  ...fields("offHostType", "integer", "eq ne", {
    codes: codes("0=STANDARD 1=ATLCLIENT 2=TPC 3=MEDIASERVER 4=NAS 5=NDMP -99=UNRECOGNIZED_VALUE"),
  }),
  ...fields("applicationType", "integer", "eq", {
    codes: codes("0=NONE 1=VMWARE 2=HYPERV 3=VXVI 4=HYPERSCALE 5=RHV 6=AHV"),
  }),
  ...fields("dataMovement", "integer", "eq", {
    codes: codes(
      "0=STANDARD 1=INSTANTRECOVERYDISK 2=INSTANTRECOVERYDISKANDTAPE 3=SYNTHETIC " +
        "4=DISKSTAGING 5=SNAPSHOT -99=UNKNOWN_TYPE",
    ),
  }),
  ...fields("transportType", "integer", "eq", { codes: codes("0=LAN 1=FAT -99=UNKNOWN_TYPE") }),
];

/** The list's filter got this field between 10.3 and 10.5 (API 12.0). */
const BACKUP_ID: [string, FieldSpec][] = fields("backupId", "string", "eq");

/** Fields of the filter of `/admin/jobs-count-requests`: fewer than those of the list. */
const COUNT_NAMES = new Set(
  ("jobId parentJobId clientName endTime startTime state status jobType policyName policyType " +
    "restoreBackupIDs assetID assetDisplayableName workloadDisplayName " +
    "destinationStorageUnitName destinationMediaId applicationType dteMode jobPath").split(" "),
);

/** Fields one can filter the job list by, asked in a version of the API. */
export function jobFilterFields(version: number): FieldTable {
  return new Map(version >= 12 ? [...LIST_FIELDS, ...BACKUP_ID] : LIST_FIELDS);
}

/** Fields one can filter a job count by. */
export const JOB_COUNT_FIELDS: FieldTable = new Map(
  LIST_FIELDS.filter(([name]) => COUNT_NAMES.has(name)),
);

const SORTABLE = ("jobId parentJobId jobType policyType policyName clientName destinationMediaId " +
  "destinationStorageUnitName status state frozenImage restoreBackupIDs assetID " +
  "assetDisplayableName startTime endTime applicationType dteMode assetNamespace " +
  "workloadDisplayName scheduleType scheduleName dedupRatio acceleratorOptimization " +
  "activeProcessId jobSubType dataMovement estimatedFiles numberOfFiles instanceDatabaseName " +
  "kilobytesTransferred jobOwner offHostType priority profileName robotName sessionId " +
  "transportType vaultName percentComplete activeTryStartTime mainProcessId controlHost " +
  "jobGroup backupId sourceMediaId sourceStorageUnitName sourceMediaServerName " +
  "destinationMediaServerName streamNumber copyNumber compression kilobytesToTransfer " +
  "transferRate restartable suspendable resumable currentOperation numberOfTapeToEject " +
  "submissionType dumpHost auditUserName auditDomainName auditDomainType lastUpdateTime " +
  "kilobytesDataTransferred dedupSpaceRatio compressionSpaceRatio jobPath childCount " +
  "currentFile activeElapsedTime elapsedTime").split(" ");

const RENAMED: readonly (readonly [string, string])[] = [
  ["retention", "retentionLevel"],
  ["killable", "cancellable"],
  ["qReasonCode", "jobQueueReason"],
  ["qResource", "jobQueueResource"],
];

/**
 * Attributes by the name one can sort by; `tryField` became `try`, and `cursorValue` went, with
 * API 14.0.
 */
export function jobSortFields(version: number): ReadonlyMap<string, string> {
  return new Map([
    ...SORTABLE.map((name) => [name, name] as const),
    ...RENAMED,
    ...(version >= 14
      ? [["try", "try"], ["providerGeneratedId", "providerGeneratedId"]] as const
      : [["tryField", "try"], ["cursorValue", "jobId"]] as const),
  ]);
}
