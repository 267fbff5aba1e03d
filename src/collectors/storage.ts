/**
 * Storage units: capacity, limits and properties.
 *
 * @module
 */
import { familyBuilder } from "../metrics/family.ts";
import {
  diskBytes,
  diskCapacityBytes,
  storageInfo,
  storageMaxConcurrentJobs,
  storageMaxFragmentSizeBytes,
} from "../metrics/catalogue.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { StorageUnit } from "../netbackup/resources/storage_unit.ts";
import { fetchStorageUnits, STORAGE_UNITS_ENDPOINT } from "../netbackup/resources/storage_units.ts";
import type { Collector } from "./collector.ts";

const BYTES_PER_MEGABYTE = 1_048_576;

/** 2^63 − 1 as a double: what cloud storage servers answer for "no limit". */
const UNLIMITED_BYTES = 2 ** 63;

/**
 * Makes the collector of storage units.
 *
 * Tape units are excluded, as the drop-in contract says: they have no capacity.
 */
export function createStorageCollector(): Collector {
  return {
    name: "storage",
    async collect({ site, session, request, logger }) {
      const { rows } = await fetchStorageUnits(session, request);
      const { families, duplicates } = storageFamilies(site, rows);
      if (duplicates > 0) {
        session.client.observer.rowsRejected(STORAGE_UNITS_ENDPOINT, duplicates);
        logger.warn("storage units with the same name and type: the first of each is kept", {
          collector: "storage",
          duplicates,
        });
      }
      return { families, cumulative: [], rows: rows.length };
    },
  };
}

/** The families of a list of storage units, and how many of them repeated another's labels. */
export function storageFamilies(
  site: string,
  units: readonly StorageUnit[],
): { families: MetricFamily[]; duplicates: number } {
  const bytes = familyBuilder(diskBytes);
  const capacity = familyBuilder(diskCapacityBytes);
  const concurrentJobs = familyBuilder(storageMaxConcurrentJobs);
  const fragmentSize = familyBuilder(storageMaxFragmentSizeBytes);
  const info = familyBuilder(storageInfo);
  const seen = new Set<string>();
  let duplicates = 0;
  for (const unit of units) {
    if (isTape(unit)) continue;
    const labels = { site, name: unit.name, type: unit.storageServerType };
    const identity = JSON.stringify([unit.name, unit.storageServerType]);
    if (seen.has(identity)) {
      duplicates += 1;
      continue;
    }
    seen.add(identity);
    const free = realCapacity(unit, unit.freeCapacityBytes);
    const used = realCapacity(unit, unit.usedCapacityBytes);
    const total = realCapacity(unit, unit.totalCapacityBytes);
    if (free !== undefined) bytes.set({ ...labels, size: "free" }, free);
    if (used !== undefined) bytes.set({ ...labels, size: "used" }, used);
    if (total !== undefined) capacity.set(labels, total);
    if (unit.maxConcurrentJobs !== undefined) concurrentJobs.set(labels, unit.maxConcurrentJobs);
    if (unit.maxFragmentSizeMegabytes !== undefined) {
      fragmentSize.set(labels, unit.maxFragmentSizeMegabytes * BYTES_PER_MEGABYTE);
    }
    info.set({
      ...labels,
      subtype: unit.storageSubType,
      is_cloud: String(unit.isCloud),
      worm_capable: String(unit.wormCapable),
      use_worm: String(unit.useWorm),
      replication_capable: String(unit.replicationCapable),
      instant_access: String(unit.instantAccessEnabled),
    }, 1);
  }
  const families = [bytes, capacity, concurrentJobs, fragmentSize, info].map((f) => f.build());
  return { families, duplicates };
}

/** Tape units by category, or by storage type where a release names no category. */
function isTape(unit: StorageUnit): boolean {
  return unit.storageCategory.toUpperCase() === "TAPE" ||
    unit.storageType.toUpperCase() === "MEDIA_MANAGER" ||
    unit.storageType.toUpperCase() === "TAPE";
}

/**
 * A capacity, unless it is a fake. "Capacity fields are not applicable to CLOUD and CLOUD_CATALYST"
 * (11.0 storage.yaml); what such units answer all the same is 0 or 2^63 − 1.
 */
function realCapacity(unit: StorageUnit, bytes: number | undefined): number | undefined {
  if (bytes === undefined || bytes < 0 || bytes >= UNLIMITED_BYTES) return undefined;
  const category = unit.storageCategory.toUpperCase();
  if (category === "CLOUD" || category === "CLOUD_CATALYST") return undefined;
  // A cloud unit of another category says nothing by a total of 0, nor by what goes with it.
  if (unit.isCloud && !((unit.totalCapacityBytes ?? 0) > 0)) return undefined;
  if ((unit.totalCapacityBytes ?? 0) >= UNLIMITED_BYTES) return undefined;
  return bytes;
}
