/**
 * Tape: drives, media, volume pools, robots, and the volumes of disk pools, which the old names count
 * among them (the vendor's storage.yaml).
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { defineCollector, everyPoll } from "./define.ts";
import { tapeLists as lists } from "./tape_lists.ts";

const legacy = { legacy: true };
const BYTES_PER_KILOBYTE = 1024;
/** What drives say in their comment; no field has it. */
const NEEDS_CLEANING = /NEEDS CLEANING/i;
const PATH_STATUSES = ["PATH_STATUS_UP", "PATH_STATUS_DOWN", "PATH_STATUS_DISABLED"] as const;
/** Words of a media status; a volume may have several. */
const MEDIA_STATUSES = ["ACTIVE", "FROZEN", "FULL", "IMPORTED", "SUSPENDED"] as const;

/** Drives and disk pools in every release; media, pools and robots where the release has them. */
export const tape = defineCollector({
  name: "tape",
  summary: "Tape drives, media, pools and robots.",
  interval: everyPoll,
  resources: lists,
  metrics: {
    drives: gauge("nbu_tape_drives_count", "Tape drives by type, robot and status", [
      "drive_type",
      "robot_type",
      "status",
    ], legacy),
    driveInfo: gauge(
      "nbu_tape_drive_info",
      "A tape drive as one of its media servers has it; the value is always 1",
      ["drive_name", "media_server", "drive_type", "robot_number", "status"],
      legacy,
    ),
    media: gauge("nbu_tape_media_count", "Tape volumes by pool, media type and robot", [
      "pool",
      "media_type",
      "robot_type",
    ], legacy),
    robotHosts: gauge("nbu_tape_robot_device_hosts", "Hosts with robots", [], legacy),
    partiallyFull: gauge("nbu_tape_pool_partially_full", "Partially full volumes of a pool", [
      "pool_name",
      "pool_type",
    ], legacy),
    needsCleaning: gauge(
      "nbu_tape_drive_needs_cleaning",
      "Whether a tape drive needs cleaning (1) or not (0); drives that share a name are added up",
      ["drive_name"],
    ),
    paths: gauge("nbu_tape_drive_paths", "Paths to tape drives by status", ["status"], {
      zeros: PATH_STATUSES.map((status) => ({ status })),
    }),
    usedBytes: gauge("nbu_tape_media_used_bytes", "Bytes written to the tape volumes of a pool", [
      "pool",
    ]),
    mediaStatus: gauge(
      "nbu_tape_media_status",
      "Tape volumes by each word of their status; a volume without any counts as NONE",
      ["status"],
      { zeros: [...MEDIA_STATUSES, "NONE"].map((status) => ({ status })) },
    ),
    poolMedia: gauge(
      "nbu_tape_pool_media",
      "Tape volumes of a volume pool, 0 for a pool without any: scratch pools by their type",
      ["pool_name", "pool_type"],
    ),
    poolVolumes: gauge("nbu_disk_pool_volume_count", "Disk volumes of a disk pool by state", [
      "pool_name",
      "storage_category",
      "state",
    ], legacy),
  },
  async collect({ read, readIfSupported, metrics }) {
    for (const drive of await read(lists.drives)) {
      const { driveType: drive_type, robotType: robot_type, driveStatus: status } = drive;
      const robot_number = String(drive.robotNumber ?? "");
      metrics.drives.add({ drive_type, robot_type, status }, 1);
      const needsCleaning = Number(NEEDS_CLEANING.test(drive.cleaningComment));
      metrics.needsCleaning.add({ drive_name: drive.id }, needsCleaning);
      // Names live in the paths; a drive without any is named by its row.
      for (const path of drive.devicePaths.length > 0 ? drive.devicePaths : [undefined]) {
        const drive_name = path?.driveName || drive.id;
        const media_server = path?.deviceHost ?? "";
        metrics.driveInfo.set({ drive_name, media_server, drive_type, robot_number, status }, 1);
        if (path) metrics.paths.add({ status: path.pathStatus }, 1);
      }
    }
    const volumes = await readIfSupported(lists.media);
    const byPool = new Map<string, number>();
    for (const volume of volumes ?? []) {
      const { volumePool: pool, mediaType: media_type, robot: { robotType: robot_type } } = volume;
      metrics.media.add({ pool, media_type, robot_type }, 1);
      metrics.usedBytes.add({ pool }, volume.kiloBytes * BYTES_PER_KILOBYTE);
      for (const status of new Set(volume.mediaStatus.match(/\S+/g) ?? ["NONE"])) {
        metrics.mediaStatus.add({ status }, 1);
      }
      byPool.set(pool, (byPool.get(pool) ?? 0) + 1);
    }
    for (const pool of await readIfSupported(lists.pools) ?? []) {
      const labels = { pool_name: pool.volumePoolName || pool.id, pool_type: pool.poolType };
      metrics.partiallyFull.set(labels, pool.partiallyFullMedia);
      if (volumes) metrics.poolMedia.set(labels, byPool.get(labels.pool_name) ?? 0);
    }
    const hosts = await readIfSupported(lists.robotHosts);
    if (hosts) metrics.robotHosts.set({}, hosts.length);
    for (const pool of await readIfSupported(lists.diskPools) ?? []) {
      const labels = { pool_name: pool.name || pool.id, storage_category: pool.storageCategory };
      for (const { state } of pool.diskVolumes) metrics.poolVolumes.add({ ...labels, state }, 1);
    }
  },
});
