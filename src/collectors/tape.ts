/**
 * Tape: drives, media, volume pools, robots, and the volumes of disk pools, which the old names count
 * among them (the vendor's storage.yaml).
 *
 * @module
 */
import * as v from "valibot";
import { gauge } from "../metrics/define.ts";
import { numeric, optionalNumeric, text } from "../netbackup/fields.ts";
import { listOf, nested } from "../netbackup/nested_fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector, everyPoll } from "./define.ts";
import { diskPoolList } from "./rows/disk_pool_list.ts";

const path = v.object({ driveName: text(), deviceHost: text(), pathStatus: text("UNKNOWN") });

/** The id of a row is the name of the drive, which several media servers may give to theirs. */
const driveList = listResource({
  endpoint: "/storage/drives",
  permission: "|STORAGE|TAPE-DEVICES|",
  since: "10.0",
  query: { sort: "id" },
  row: row({
    devicePaths: listOf(path),
    driveType: text("UNKNOWN"),
    robotType: text("NONE"),
    robotNumber: optionalNumeric(0),
    driveStatus: text("UNKNOWN"),
    cleaningComment: text(),
  }),
});

const mediaList = listResource({
  endpoint: "/storage/tape-media",
  permission: "|STORAGE|TAPE-MEDIA|",
  since: "11.0",
  paging: "cursor",
  row: row({
    volumePool: text("UNKNOWN"),
    mediaType: text("UNKNOWN"),
    mediaStatus: text(),
    kiloBytes: numeric(0, 0),
    robot: nested(v.object({ robotType: text("NONE") })),
  }),
  key: ({ id }) => id,
});

const poolList = listResource({
  endpoint: "/storage/tape-volume-pools",
  permission: "|STORAGE|TAPE-MEDIA|VOLUME-POOLS|",
  since: "11.0",
  paging: "cursor",
  row: row({
    volumePoolName: text(),
    poolType: text("UNKNOWN"),
    partiallyFullMedia: numeric(0, 0),
  }),
});

/** Names of hosts and nothing else, in one page. */
const robotHostList = listResource({
  endpoint: "/storage/robots-device-hosts",
  permission: "|STORAGE|TAPE-DEVICES|",
  since: "11.0",
  paging: "none",
  row: row({}),
});

const drive = ["drive_type", "robot_type", "status"] as const;
const volume = ["pool", "media_type", "robot_type"] as const;
const pool = ["pool_name", "pool_type"] as const;
const diskPool = ["pool_name", "storage_category", "state"] as const;
const BYTES_PER_KILOBYTE = 1024;
/** What drives say in their comment; no field has it. */
const CLEANING = /NEEDS CLEANING/i;

/** Drives and disk pools in every release; media, pools and robots where the release has them. */
export const tape = defineCollector({
  name: "tape",
  summary: "Tape drives, media, pools and robots.",
  interval: everyPoll,
  resources: { driveList, mediaList, poolList, robotHostList, diskPoolList },
  metrics: {
    drives: gauge("nbu_tape_drives_count", "Tape drives by type, robot and status", drive),
    driveInfo: gauge(
      "nbu_tape_drive_info",
      "A tape drive as one of its media servers has it; the value is always 1",
      ["drive_name", "media_server", "drive_type", "robot_number", "status"],
    ),
    media: gauge("nbu_tape_media_count", "Tape volumes by pool, media type and robot", volume),
    robotHosts: gauge("nbu_tape_robot_device_hosts", "Hosts with robots"),
    partiallyFull: gauge("nbu_tape_pool_partially_full", "Partially full volumes of a pool", pool),
    needsCleaning: gauge(
      "nbu_tape_drive_needs_cleaning",
      "Whether a tape drive needs cleaning (1) or not (0); drives that share a name are added up",
      ["drive_name"],
    ),
    paths: gauge("nbu_tape_drive_paths", "Paths to tape drives by status", ["status"], {
      zeros: { status: ["PATH_STATUS_UP", "PATH_STATUS_DOWN", "PATH_STATUS_DISABLED"] },
    }),
    usedBytes: gauge("nbu_tape_media_used_bytes", "Bytes on the tape volumes of a pool", ["pool"]),
    mediaStatus: gauge(
      "nbu_tape_media_status",
      "Tape volumes by each word of their status; a volume without any counts as NONE",
      ["status"],
      { zeros: { status: ["ACTIVE", "FROZEN", "FULL", "IMPORTED", "SUSPENDED", "NONE"] } },
    ),
    poolMedia: gauge(
      "nbu_tape_pool_media",
      "Tape volumes of a volume pool, 0 for a pool without any: scratch pools by their type",
      pool,
    ),
    volumes: gauge("nbu_disk_pool_volume_count", "Disk volumes of a disk pool by state", diskPool),
  },
  async collect({ read, readIfSupported, metrics }) {
    for (const drive of await read(driveList)) {
      const { driveType: drive_type, robotType: robot_type, driveStatus: status } = drive;
      const robot_number = String(drive.robotNumber ?? "");
      metrics.drives.add({ drive_type, robot_type, status }, 1);
      metrics.needsCleaning.add({ drive_name: drive.id }, CLEANING.test(drive.cleaningComment));
      // Names live in the paths; a drive without any is named by its row.
      for (const path of drive.devicePaths.length > 0 ? drive.devicePaths : [undefined]) {
        const drive_name = path?.driveName || drive.id;
        const media_server = path?.deviceHost ?? "";
        metrics.driveInfo.set({ drive_name, media_server, drive_type, robot_number, status }, 1);
        if (path) metrics.paths.add({ status: path.pathStatus }, 1);
      }
    }
    const volumes = await readIfSupported(mediaList);
    const byPool = Map.groupBy(volumes ?? [], ({ volumePool }) => volumePool);
    for (const volume of volumes ?? []) {
      const { volumePool: pool, mediaType: media_type, robot: { robotType: robot_type } } = volume;
      metrics.media.add({ pool, media_type, robot_type }, 1);
      metrics.usedBytes.add({ pool }, volume.kiloBytes * BYTES_PER_KILOBYTE);
      const words = new Set(volume.mediaStatus.match(/\S+/g) ?? ["NONE"]);
      for (const status of words) metrics.mediaStatus.add({ status }, 1);
    }
    for (const pool of await readIfSupported(poolList) ?? []) {
      const labels = { pool_name: pool.volumePoolName || pool.id, pool_type: pool.poolType };
      metrics.partiallyFull.set(labels, pool.partiallyFullMedia);
      if (volumes) metrics.poolMedia.set(labels, byPool.get(labels.pool_name)?.length ?? 0);
    }
    metrics.robotHosts.set({}, (await readIfSupported(robotHostList))?.length);
    for (const pool of await readIfSupported(diskPoolList) ?? []) {
      const labels = { pool_name: pool.name, storage_category: pool.storageCategory };
      for (const { state } of pool.diskVolumes) metrics.volumes.add({ ...labels, state }, 1);
    }
  },
});
