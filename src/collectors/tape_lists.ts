/**
 * The lists that the collector `tape` reads.
 *
 * @module
 */
import * as v from "valibot";
import { numeric, optionalNumeric, text } from "../netbackup/fields.ts";
import { listOf, nested } from "../netbackup/nested_fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";

/** The id of a row is the name of the drive, which several media servers may give to theirs. */
const drives = listResource({
  endpoint: "/storage/drives",
  permission: "|STORAGE|TAPE-DEVICES|",
  since: "10.0",
  paging: "offset",
  limit: 100,
  query: { sort: "id" },
  row: row({
    devicePaths: listOf(v.object({
      driveName: text(),
      deviceHost: text(),
      pathStatus: text("UNKNOWN"),
    })),
    driveType: text("UNKNOWN"),
    robotType: text("NONE"),
    robotNumber: optionalNumeric(0),
    driveStatus: text("UNKNOWN"),
    cleaningComment: text(),
  }),
});

const media = listResource({
  endpoint: "/storage/tape-media",
  permission: "|STORAGE|TAPE-MEDIA|",
  since: "11.0",
  paging: "cursor",
  limit: 100,
  row: row({
    volumePool: text("UNKNOWN"),
    mediaType: text("UNKNOWN"),
    mediaStatus: text(),
    kiloBytes: numeric(0, 0),
    robot: nested(v.object({ robotType: text("NONE") })),
  }),
  key: ({ id }) => id,
});

const pools = listResource({
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
const robotHosts = listResource({
  endpoint: "/storage/robots-device-hosts",
  permission: "|STORAGE|TAPE-DEVICES|",
  since: "11.0",
  paging: "none",
  limit: 100,
  row: row({}),
});

const diskPools = listResource({
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

/** All of them, by what they hold. */
export const tapeLists = { drives, media, pools, robotHosts, diskPools };
