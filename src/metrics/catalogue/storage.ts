/**
 * Metrics on storage units.
 *
 * @module
 */
import { defineMetric } from "./define.ts";

const legacy = { legacy: true };

export const diskBytes = defineMetric(
  "nbu_disk_bytes",
  "gauge",
  "Free and used bytes of a disk storage unit, collected in the background",
  ["site", "name", "type", "size"],
  legacy,
);

export const diskCapacityBytes = defineMetric(
  "nbu_disk_capacity_bytes",
  "gauge",
  "Total capacity in bytes of a disk storage unit, collected in the background",
  ["site", "name", "type"],
  legacy,
);

export const storageMaxConcurrentJobs = defineMetric(
  "nbu_storage_max_concurrent_jobs",
  "gauge",
  "Jobs that a storage unit is configured to run at the same time",
  ["site", "name", "type"],
  legacy,
);

export const storageMaxFragmentSizeBytes = defineMetric(
  "nbu_storage_max_fragment_size_bytes",
  "gauge",
  "Largest fragment in bytes that a storage unit is configured to write",
  ["site", "name", "type"],
  legacy,
);

export const storageInfo = defineMetric(
  "nbu_storage_info",
  "gauge",
  "Properties of a storage unit, in the labels; the value is always 1",
  [
    "site",
    "name",
    "type",
    "subtype",
    "is_cloud",
    "worm_capable",
    "use_worm",
    "replication_capable",
    "instant_access",
  ],
  legacy,
);
