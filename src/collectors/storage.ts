/**
 * Storage units: capacity, limits and properties (the vendor's storage.yaml).
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { flag, optionalNumeric, text } from "../netbackup/fields.ts";
import { requiredText } from "../netbackup/nested_fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row, type RowOf } from "../netbackup/row.ts";
import { isUnlimited, isWithoutCapacity } from "./capacity.ts";
import { defineCollector } from "./define.ts";
import { labelFilter } from "./options/label_filter.ts";

const BYTES_PER_MEGABYTE = 1_048_576;

const fields = {
  name: requiredText(),
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
};

type StorageUnit = RowOf<typeof fields>;

/** `GET /storage/storage-units`; sorted, so that pages by offset do not overlap. */
const storageUnitList = listResource({
  endpoint: "/storage/storage-units",
  permission: "|STORAGE|STORAGE-UNITS|",
  since: "10.0",
  limit: 500,
  query: { sort: "name" },
  row: row(fields),
  key: ({ name, storageServerType }) => JSON.stringify([name, storageServerType]),
});

const unit = ["name", "type"] as const;

/** Free and used bytes of a storage unit. */
export const unitBytes = gauge("nbu_disk_bytes", "Free and used bytes of a disk storage unit", [
  ...unit,
  "size",
]);

/** Tape units are excluded, as the drop-in contract says: they have no capacity. */
export const storage = defineCollector({
  name: "storage",
  summary: "Storage units.",
  enabledByDefault: true,
  main: true,
  // Reusing a result never means asking more often than the site is polled.
  interval: ({ collectionIntervalMs, cacheTtlMs }) => Math.max(collectionIntervalMs, cacheTtlMs),
  resources: { storageUnitList },
  options: { units: labelFilter("storage units") },
  metrics: {
    bytes: unitBytes,
    capacity: gauge(
      "nbu_disk_capacity_bytes",
      "Total capacity in bytes of a disk storage unit",
      unit,
    ),
    concurrentJobs: gauge(
      "nbu_storage_max_concurrent_jobs",
      "Jobs that a storage unit is configured to run at the same time",
      unit,
    ),
    fragmentSize: gauge(
      "nbu_storage_max_fragment_size_bytes",
      "Largest fragment in bytes that a storage unit is configured to write",
      unit,
    ),
    info: gauge(
      "nbu_storage_info",
      "Properties of a storage unit, in the labels; the value is always 1",
      [
        ...unit,
        "subtype",
        "is_cloud",
        "worm_capable",
        "use_worm",
        "replication_capable",
        "instant_access",
      ],
    ),
  },
  async collect({ options, read, metrics }) {
    for (const unit of await read(storageUnitList)) {
      if (isTape(unit) || !options.units.allows(unit.name)) continue;
      const labels = { name: unit.name, type: unit.storageServerType };
      const free = realCapacity(unit, unit.freeCapacityBytes);
      const used = realCapacity(unit, unit.usedCapacityBytes);
      const total = realCapacity(unit, unit.totalCapacityBytes);
      metrics.bytes.set({ ...labels, size: "free" }, free);
      metrics.bytes.set({ ...labels, size: "used" }, used);
      metrics.capacity.set(labels, total);
      metrics.concurrentJobs.set(labels, unit.maxConcurrentJobs);
      if (unit.maxFragmentSizeMegabytes !== undefined) {
        metrics.fragmentSize.set(labels, unit.maxFragmentSizeMegabytes * BYTES_PER_MEGABYTE);
      }
      metrics.info.set({
        ...labels,
        subtype: unit.storageSubType,
        is_cloud: String(unit.isCloudSTU),
        worm_capable: String(unit.wormCapable),
        use_worm: String(unit.useWorm),
        replication_capable: String(unit.replicationCapable),
        instant_access: String(unit.instantAccessEnabled),
      }, 1);
    }
  },
});

/** Tape units by category, or by storage type where a release names no category. */
function isTape({ storageCategory, storageType }: StorageUnit): boolean {
  return storageCategory.toUpperCase() === "TAPE" ||
    ["MEDIA_MANAGER", "TAPE"].includes(storageType.toUpperCase());
}

/** A capacity, unless it is a fake. */
function realCapacity(unit: StorageUnit, bytes: number | undefined): number | undefined {
  const total = unit.totalCapacityBytes;
  if (isWithoutCapacity(unit.storageCategory) || isUnlimited(bytes) || isUnlimited(total)) {
    return undefined;
  }
  // A cloud unit of another category says nothing by a total of 0, nor by what goes with it.
  return unit.isCloudSTU && (total ?? 0) <= 0 ? undefined : bytes;
}
