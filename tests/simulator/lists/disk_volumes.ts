/**
 * `GET /storage/storage-servers/{storageServerId}/disk-volumes`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { simulatedList } from "./define.ts";
import { poolsOf, volumesOf } from "./pools.ts";

const FLAGS = "isSnapshotEnabled isReplicationSource isReplicationTarget isPrimary isMirror " +
  "isIndependentMirror";

/** The disk volumes of a storage server: those of its pools. */
export const diskVolumes = simulatedList({
  endpoint: "/storage/storage-servers/{storageServerId}/disk-volumes",
  document: "storage",
  type: "diskVolume",
  permission: "|STORAGE|STORAGE-SERVERS|DISK-VOLUMES|",
  denial: "forbidden",
  paging: { kind: "offset", limits: { min: 1, max: 100 } },
  selfLinks: true,
  filters: new Map([
    ...fields(
      "diskVolumeName",
      "string",
      `${ORDER} contains endswith startswith tolower toupper`,
    ),
    ...fields("diskMediaId state", "string", "eq tolower toupper"),
    ...fields(FLAGS, "boolean", "eq"),
  ]),
  sorts: {
    names: `diskVolumeName rawSizeBytes freeSizeBytes diskMediaId state ${FLAGS} ` +
      "numOfReadMounts numOfWriteMounts currentReadStreams currentWriteStreams wormCapable",
    standard: "diskVolumeName",
  },
  samples: (world) =>
    [...new Set(poolsOf(world).map(({ serverId }) => serverId))]
      .map((storageServerId) => ({ storageServerId })),
  rows(world, { storageServerId }) {
    const pools = poolsOf(world).filter(({ serverId }) => serverId === storageServerId);
    const found = pools.flatMap((pool) => volumesOf(pool).map((name) => ({ pool, name })));
    const [first] = found;
    if (!first) return undefined;
    return world.many(found.length, (index) => {
      const { pool, name } = found[index] ?? { ...first, name: `/disk/more/${index + 1}` };
      const { unit } = pool;
      const dice = world.dice("diskVolume", index);
      return {
        // The MSDP pools of one server all have a volume of this name.
        id: name === "PureDiskVolume" && index > 0 ? `PureDiskVolume_${index}` : name,
        attributes: {
          diskVolumeName: name,
          storageServerType: unit.storageServerType,
          diskMediaId: `@aaa${String.fromCharCode(97 + index % 26)}`,
          rawSizeBytes: unit.totalCapacityBytes ?? 0,
          freeSizeBytes: unit.freeCapacityBytes ?? 0,
          state: index % 4 === 3 ? "DOWN" : "UP",
          isSnapshotEnabled: false,
          isReplicationSource: unit.replicationSourceCapable,
          isReplicationTarget: unit.replicationTargetCapable,
          isPrimary: false,
          isMirror: false,
          isIndependentMirror: false,
          numOfReadMounts: 0,
          numOfWriteMounts: 1,
          currentReadStreams: dice.below(1, 4),
          currentWriteStreams: dice.below(2, 20),
          wormCapable: unit.wormCapable ? 1 : 0,
          indelibleImageSupported: false,
          immutableImageSupported: false,
          wormImageAudit: false,
          unlockedImageSupported: true,
          nbControlledImmutablility: false,
          deletableImageSupported: true,
          nbControlledIndeliblity: false,
          createImmutableAndDeletableImage: false,
          wormIndelibleMinimumInterval: 0,
          wormIndelibleMaximumInterval: 0,
          encryptionEnabled: index % 2 === 0,
        },
      };
    });
  },
});
