/**
 * Fields of storage units that can be filtered and sorted by, as the tables in storage.yaml name
 * them. The tables also list `and`, `or`, `not` and parentheses by field; here every filter may use
 * those.
 *
 * @module
 */
import { fields, type FieldTable, ORDER } from "../filter/fields.ts";

const FOLDED = "tolower toupper";

/** Fields one can filter storage units by. */
export const STORAGE_UNIT_FILTERS: FieldTable = new Map([
  ...fields(
    "name storageServerType ndmpHost",
    "string",
    `${ORDER} contains endswith startswith ${FOLDED}`,
  ),
  ...fields("storageCategory storageType storageSubType", "string", `eq contains ${FOLDED}`),
  ...fields(
    "useWorm wormCapable accelerator replicationCapable replicationSourceCapable " +
      "replicationTargetCapable instantAccessEnabled snapshot mirror independent primary " +
      "scaleOutEnabled isCloudSTU",
    "boolean",
    "eq",
  ),
  ...fields("robotType density", "string", "eq ne"),
  ...fields("enableBlockSharing fileSystemExport", "boolean", "eq ne"),
  ...fields("robotNumber multiplexing transferThrottle", "integer", ORDER),
  ...fields("path", "string", `${ORDER} contains ${FOLDED}`),
]);

/** Attributes of storage units one can sort by. */
export const STORAGE_UNIT_SORTS: string =
  "name storageType storageServerType storageCategory storageSubType useAnyAvailableMediaServer " +
  "accelerator replicationCapable replicationSourceCapable replicationTargetCapable snapshot " +
  "mirror independent primary instantAccessEnabled scaleOutEnabled isCloudSTU " +
  "freeCapacityBytes totalCapacityBytes usedCapacityBytes maxFragmentSizeMegabytes " +
  "maxConcurrentJobs maxConcurrentDrives onDemandOnly useWorm wormCapable robotType " +
  "robotNumber density multiplexing path ndmpHost enableBlockSharing transferThrottle " +
  "fileSystemExport";
