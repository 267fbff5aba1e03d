/**
 * `GET /storage/disk-pools`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { simulatedList } from "./define.ts";
import { type Pool, poolAt, poolsOf, volumesOf } from "./pools.ts";

/** Every fifth pool is down, and each of these has a volume that is. */
const stateOf = (index: number) => index % 5 === 2 ? "DOWN" : index % 5 === 4 ? "TRANSIENT" : "UP";

function volumes(pool: Pool, index: number) {
  const names = volumesOf(pool);
  const { totalCapacityBytes: total, freeCapacityBytes: free } = pool.unit;
  return names.map((name, volume) => ({
    name,
    id: name,
    diskMediaId: `@aaa${String.fromCharCode(97 + index % 26)}${String.fromCharCode(98 + volume)}`,
    state: volume > 0 ? "UNKNOWN" : stateOf(index) === "DOWN" ? "DOWN" : "UP",
    // Pools in the cloud have no size.
    ...(total !== undefined && { rawSizeBytes: Math.floor(total / names.length) }),
    ...(free !== undefined && { freeSizeBytes: Math.floor(free / names.length) }),
    isReplicationSource: pool.unit.replicationSourceCapable,
    isReplicationTarget: pool.unit.replicationTargetCapable,
    wormIndelibleMinimumInterval: 0,
    wormIndelibleMaximumInterval: 0,
    diskVolumeCapabilities: [],
  }));
}

/** The disk pools: those of the storage units. */
export const diskPools = simulatedList({
  endpoint: "/storage/disk-pools",
  detail: "/storage/disk-pools/{diskPoolId}",
  document: "storage",
  type: "diskPool",
  permission: "|STORAGE|DISK-POOLS|",
  paging: { kind: "offset", limits: { min: 1, max: 500 } },
  selfLinks: true,
  filters: new Map([
    ...fields("name sType", "string", `${ORDER} contains endswith startswith tolower toupper`),
    ...fields("storageCategory", "string", "eq contains tolower toupper"),
    ...fields("wormCapable", "boolean", "eq"),
  ]),
  sorts: {
    names: "name sType storageCategory highWaterMark lowWaterMark diskPoolState rawSizeBytes " +
      "usableSizeBytes availableSpaceBytes usedCapacityBytes maximumIoStreams wormCapable",
    standard: "name",
  },
  rows(world) {
    const pools = poolsOf(world);
    return world.many(pools.length, (index) => {
      const pool = poolAt(world, pools, index);
      const { unit } = pool;
      const total = unit.totalCapacityBytes;
      return {
        id: pool.id,
        attributes: {
          name: pool.name,
          sType: unit.storageServerType,
          storageCategory: unit.storageCategory,
          diskVolumes: volumes(pool, index),
          highWaterMark: 98,
          lowWaterMark: 80,
          maximumIoStreams: index % 2 === 0
            ? { limitIoStreams: false }
            : { limitIoStreams: true, streamsPerVolume: 16 },
          diskPoolState: stateOf(index),
          ...(total !== undefined && {
            rawSizeBytes: total,
            usableSizeBytes: Math.floor(total * 0.96),
            availableSpaceBytes: unit.freeCapacityBytes,
            usedCapacityBytes: unit.usedCapacityBytes,
          }),
          wormCapable: unit.wormCapable,
          readOnly: false,
          comment: "",
          diskPoolCapabilities: ["VISIBLE", "OPEN_STORAGE", "ADMIN_UP", "INTERNAL_UP"],
          mediaServersCount: 1,
        },
        relationships: {
          storageServers: {
            links: { related: { href: `/storage/storage-servers/${pool.serverId}` } },
            data: [{ type: "storageServer", id: pool.serverId }],
          },
        },
      };
    });
  },
});
