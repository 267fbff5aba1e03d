/**
 * Names of the codes in `jobQueueReason` (11.2 admin.yaml).
 *
 * @module
 */

const NAMES: ReadonlyMap<number, string> = new Map([
  [0, "NONE"],
  [1, "MEDIA_IN_USE"],
  [2, "DRIVES_IN_USE"],
  [3, "MEDIA_SERVER_OFFLINE"],
  [4, "ROBOT_DOWN"],
  [5, "MAX_STORAGE_UNIT_JOBS"],
  [6, "MEDIA_REQUEST_DELAY"],
  [7, "LOCAL_DRIVES_DOWN"],
  [8, "MEDIA_IN_DRIVE_IN_USE"],
  [9, "PHYSICAL_DRIVE_UNAVAILABLE"],
  [10, "CLEANING_MEDIA_UNAVAILABLE"],
  [11, "DRIVE_SCAN_HOST_OFFLINE"],
  [12, "DISK_MEDIA_SERVER_OFFLINE"],
  [13, "NO_MASTER_MEDIA_CONNECTIVITY"],
  [14, "MEDIA_SERVER_NON_ACTIVE_MODE"],
  [15, "STORAGEUNIT_JOB_COUNTS_THROTTLED"],
  [16, "JOB_HISTORY_DRIVES_IN_USE"],
  [17, "DISK_VOLUME_UNAVAILABLE"],
  [18, "MAX_CONCURRENT_VOLUME_READERS"],
  [19, "DISK_GROUP_UNAVAILABLE"],
  [20, "FAT_PIPE_IN_USE"],
  [21, "DISK_VOLUME_UNMOUNTING"],
  [22, "DISK_VOLUME_IN_USE"],
  [23, "MAX_PARTIAL_MEDIA"],
  [24, "LOGICAL_RESOURCE"],
  [25, "DRIVES_IN_STORAGE_UNIT_IN_USE"],
  [26, "STOP_DRIVE_SCAN"],
  [27, "DISK_VOLUME_MOUNTING"],
  [28, "MOUNT_FILE_EXISTS"],
  [29, "PENDING_ACTION"],
  [30, "DISK_VOLUME_STREAM_LIMIT"],
  [31, "MEDIA_SERVER_JOBS_THROTTLED"],
]);

/** The codes that are documented, as label values. */
export const QUEUE_REASONS: readonly string[] = [...NAMES.keys()].map(String);

/** The name of a reason; `UNKNOWN` for a code that no release documents. */
export function queueReasonName(reason: number): string {
  return NAMES.get(reason) ?? "UNKNOWN";
}
