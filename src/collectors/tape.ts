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

/** The id of a row is the name of the drive, which several media servers may give to theirs. */
const driveList = listResource({
  endpoint: "/storage/drives",
  permission: "|STORAGE|TAPE-DEVICES|",
  since: "10.0",
  paging: "offset",
  limit: 100,
  query: { sort: "id" },
  row: row({
    devicePaths: listOf(v.object({ driveName: text(), deviceHost: text() })),
    driveType: text("UNKNOWN"),
    robotType: text("NONE"),
    robotNumber: optionalNumeric(0),
    driveStatus: text("UNKNOWN"),
  }),
});

const mediaList = listResource({
  endpoint: "/storage/tape-media",
  permission: "|STORAGE|TAPE-MEDIA|",
  since: "11.0",
  paging: "cursor",
  limit: 100,
  row: row({
    volumePool: text("UNKNOWN"),
    mediaType: text("UNKNOWN"),
    robot: nested(v.object({ robotType: text("NONE") })),
  }),
  key: ({ id }) => id,
});

const poolList = listResource({
  endpoint: "/storage/tape-volume-pools",
  permission: "|STORAGE|TAPE-MEDIA|VOLUME-POOLS|",
  since: "11.0",
  paging: "cursor",
  limit: 100,
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
  limit: 100,
  row: row({}),
});

const diskPoolList = listResource({
  endpoint: "/storage/disk-pools",
  permission: "|STORAGE|DISK-POOLS|",
  since: "10.0",
  paging: "offset",
  limit: 500,
  query: { sort: "name" },
  row: row({
    name: text(),
    storageCategory: text("UNKNOWN"),
    diskVolumes: listOf(v.object({ state: text("UNKNOWN") })),
  }),
});

const legacy = { legacy: true };

/** Drives and disk pools in every release; media, pools and robots where the release has them. */
export const tape = defineCollector({
  name: "tape",
  summary: "Tape drives, media, pools and robots.",
  interval: everyPoll,
  resources: { driveList, mediaList, poolList, robotHostList, diskPoolList },
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
    poolVolumes: gauge("nbu_disk_pool_volume_count", "Disk volumes of a disk pool by state", [
      "pool_name",
      "storage_category",
      "state",
    ], legacy),
  },
  async collect({ read, readIfSupported, metrics }) {
    for (const drive of await read(driveList)) {
      const { driveType: drive_type, robotType: robot_type, driveStatus: status } = drive;
      const robot_number = String(drive.robotNumber ?? "");
      metrics.drives.add({ drive_type, robot_type, status }, 1);
      // Names live in the paths; a drive without any is named by its row.
      for (const path of drive.devicePaths.length > 0 ? drive.devicePaths : [undefined]) {
        const drive_name = path?.driveName || drive.id;
        const media_server = path?.deviceHost ?? "";
        metrics.driveInfo.set({ drive_name, media_server, drive_type, robot_number, status }, 1);
      }
    }
    for (const volume of await readIfSupported(mediaList) ?? []) {
      const { volumePool: pool, mediaType: media_type, robot: { robotType: robot_type } } = volume;
      metrics.media.add({ pool, media_type, robot_type }, 1);
    }
    for (const pool of await readIfSupported(poolList) ?? []) {
      const labels = { pool_name: pool.volumePoolName || pool.id, pool_type: pool.poolType };
      metrics.partiallyFull.set(labels, pool.partiallyFullMedia);
    }
    const hosts = await readIfSupported(robotHostList);
    if (hosts) metrics.robotHosts.set({}, hosts.length);
    for (const pool of await readIfSupported(diskPoolList) ?? []) {
      const labels = { pool_name: pool.name || pool.id, storage_category: pool.storageCategory };
      for (const { state } of pool.diskVolumes) metrics.poolVolumes.add({ ...labels, state }, 1);
    }
  },
});
