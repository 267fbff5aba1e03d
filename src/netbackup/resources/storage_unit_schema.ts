/**
 * How a row of `GET /storage/storage-units` becomes a `StorageUnit`.
 *
 * @module
 */
import * as v from "valibot";
import { flag, optionalNumeric, text } from "../fields.ts";
import type { RowSchema } from "../rows.ts";
import type { StorageUnit } from "./storage_unit.ts";

const attributes = v.object({
  name: v.pipe(v.string(), v.nonEmpty()),
  storageType: text(),
  storageSubType: text(),
  storageServerType: text(),
  storageCategory: text(),
  isCloudSTU: flag(),
  wormCapable: flag(),
  useWorm: flag(),
  replicationCapable: flag(),
  instantAccessEnabled: flag(),
  // Not applicable to cloud and tape: absent, which is not zero.
  freeCapacityBytes: optionalNumeric(0),
  totalCapacityBytes: optionalNumeric(0),
  usedCapacityBytes: optionalNumeric(0),
  // Tape has maxConcurrentDrives instead.
  maxConcurrentJobs: optionalNumeric(0),
  maxFragmentSizeMegabytes: optionalNumeric(0),
});

/** A storage unit. It needs a name; other fields may be missing. */
export const storageUnitSchema: RowSchema<StorageUnit> = v.pipe(
  v.object({ attributes }),
  v.transform(({ attributes: from }) => ({
    name: from.name,
    storageType: from.storageType,
    storageSubType: from.storageSubType,
    storageServerType: from.storageServerType,
    storageCategory: from.storageCategory,
    isCloud: from.isCloudSTU,
    wormCapable: from.wormCapable,
    useWorm: from.useWorm,
    replicationCapable: from.replicationCapable,
    instantAccessEnabled: from.instantAccessEnabled,
    freeCapacityBytes: from.freeCapacityBytes,
    totalCapacityBytes: from.totalCapacityBytes,
    usedCapacityBytes: from.usedCapacityBytes,
    maxConcurrentJobs: from.maxConcurrentJobs,
    maxFragmentSizeMegabytes: from.maxFragmentSizeMegabytes,
  })),
);
