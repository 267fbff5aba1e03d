/**
 * Disk pools and their volumes.
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { isUnlimited, isWithoutCapacity } from "./capacity.ts";
import { defineCollector, everyPoll } from "./define.ts";
import { diskPoolList } from "./rows/disk_pool_list.ts";

const pool = ["disk_pool", "category"] as const;
const volume = ["disk_pool", "volume"] as const;

/** Bytes of a disk pool that are used. */
export const usedBytes = gauge(
  "nbu_disk_pool_used_bytes",
  "Bytes of a disk pool that are used",
  pool,
);
/** Bytes of a disk pool that are free. */
export const availableBytes = gauge(
  "nbu_disk_pool_available_bytes",
  "Bytes of a disk pool that are free",
  pool,
);

/** Shown of every volume; another state is shown of a volume that is in it. */
const VOLUME_STATES = ["UP", "DOWN"] as const;

/** Capacities only where there is one: pools in the cloud have none. */
export const diskPools = defineCollector({
  name: "diskPools",
  summary: "Disk pools and their volumes: state, capacity and water marks.",
  enabledByDefault: true,
  interval: everyPoll,
  resources: { diskPoolList },
  labels: {
    disk_pool: "Name of the disk pool",
    volume: "Name of the disk volume",
  },
  metrics: {
    up: gauge("nbu_disk_pool_up", "Whether a disk pool is up (1) or not (0)", pool),
    raw: gauge("nbu_disk_pool_raw_bytes", "Size of a disk pool in bytes", pool),
    usable: gauge("nbu_disk_pool_usable_bytes", "Bytes of a disk pool that can be used", pool),
    used: usedBytes,
    available: availableBytes,
    highWaterMark: gauge(
      "nbu_disk_pool_high_water_mark_ratio",
      "Share of a disk pool in use above which NetBackup considers it full, 0 to 1",
      pool,
    ),
    lowWaterMark: gauge(
      "nbu_disk_pool_low_water_mark_ratio",
      "Share of a disk pool in use down to which NetBackup deletes images, 0 to 1",
      pool,
    ),
    volumeState: gauge(
      "nbu_disk_volume_state",
      "Whether a disk volume is in this state (1) or not (0)",
      [...volume, "state"],
    ),
    volumeSize: gauge("nbu_disk_volume_size_bytes", "Size of a disk volume in bytes", volume),
    volumeFree: gauge("nbu_disk_volume_free_bytes", "Bytes of a disk volume that are free", volume),
  },
  async collect({ read, metrics }) {
    for (const pool of await read(diskPoolList)) {
      const labels = { disk_pool: pool.name, category: pool.storageCategory };
      metrics.up.set(labels, pool.diskPoolState === "UP");
      const { highWaterMark, lowWaterMark } = pool;
      if (highWaterMark !== undefined) metrics.highWaterMark.set(labels, highWaterMark / 100);
      if (lowWaterMark !== undefined) metrics.lowWaterMark.set(labels, lowWaterMark / 100);
      const sized = !isWithoutCapacity(pool.storageCategory) && !isUnlimited(pool.rawSizeBytes);
      const real = (bytes: number | undefined) => sized && !isUnlimited(bytes) ? bytes : undefined;
      metrics.raw.set(labels, real(pool.rawSizeBytes));
      metrics.usable.set(labels, real(pool.usableSizeBytes));
      metrics.used.set(labels, real(pool.usedCapacityBytes));
      metrics.available.set(labels, real(pool.availableSpaceBytes));
      for (const { name, id, state, rawSizeBytes, freeSizeBytes } of pool.diskVolumes) {
        const of = { disk_pool: pool.name, volume: name || id };
        for (const known of new Set([...VOLUME_STATES, state])) {
          metrics.volumeState.set({ ...of, state: known }, known === state);
        }
        metrics.volumeSize.set(of, real(rawSizeBytes));
        metrics.volumeFree.set(of, real(freeSizeBytes));
      }
    }
  },
});
