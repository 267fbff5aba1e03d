/**
 * `GET /storage/storage-servers`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { onlyAttributes, simulatedList } from "./define.ts";
import { type Pool, poolAt, poolsOf } from "./pools.ts";
import type { ListWorld } from "./world.ts";

/** The pools of each storage server. */
function serversOf(world: ListWorld): (readonly [Pool, ...Pool[]])[] {
  const servers = new Map<string, [Pool, ...Pool[]]>();
  for (const pool of poolsOf(world)) {
    const pools = servers.get(pool.serverId);
    if (pools) pools.push(pool);
    else servers.set(pool.serverId, [pool]);
  }
  return [...servers.values()];
}

function msdp(world: ListWorld, pools: readonly Pool[], index: number) {
  const sum = (part: (pool: Pool) => number | undefined) =>
    pools.reduce((total, pool) => total + (part(pool) ?? 0), 0);
  const raw = sum(({ unit }) => unit.totalCapacityBytes);
  const used = sum(({ unit }) => unit.usedCapacityBytes);
  const reserved = Math.floor(raw * 0.04);
  const dice = world.dice("msdp", index);
  return {
    storagePath: "/msdp/data",
    spaLogPath: "/msdp/log",
    deduplicationDBPath: "/msdp/data",
    specificNetworkInterface: "",
    spaLogRetention: 90,
    verboseLevel: 3,
    replicationTargets: [],
    fipsEnabled: false,
    storagePoolDetails: {
      rawSizeBytes: raw,
      reservedSpaceBytes: reserved,
      sizeBytes: raw - reserved,
      usedSpaceBytes: used,
      availableSpaceBytes: Math.max(0, raw - reserved - used),
    },
    catalogLogicalSizeBytes: used * 12,
    catalogFilesCount: dice.below(1, 1_000_000),
    deduplicationRatioPercentage: 80 + Math.round(dice.unit(2) * 190) / 10,
  };
}

const MINIMAL = [
  "name",
  "storageCategory",
  "sType",
  "additionalMediaServersDetails",
  "storageServerState",
  "storageServerCapabilities",
  "storageUnits",
];

/** The storage servers: those of the disk pools. */
export const storageServers = simulatedList({
  endpoint: "/storage/storage-servers",
  detail: "/storage/storage-servers/{storageServerId}",
  document: "storage",
  type: "storageServer",
  permission: "|STORAGE|STORAGE-SERVERS|",
  paging: { kind: "offset", limits: { min: 1, max: 100 } },
  selfLinks: true,
  filters: new Map([
    ...fields("name sType", "string", `${ORDER} contains endswith startswith tolower toupper`),
    ...fields("storageCategory", "string", "eq contains tolower toupper"),
    ...fields("isWormSupported isUshareSupported", "boolean", "eq"),
  ]),
  sorts: {
    names: "name sType storageCategory storageServerState encryptionEnabled " +
      "isSnapshotSupported isAcceleratorSupported isAIRSupported isWormSupported",
    standard: "name",
  },
  shown: (row, { query }) =>
    query.get("fieldset[storageServer]") === "minimal" ? onlyAttributes(row, MINIMAL) : row,
  rows(world) {
    const servers = serversOf(world);
    return world.many(servers.length, (index) => {
      const pools = servers[index] ?? [poolAt(world, [], index)];
      const [{ host, serverId, unit }] = pools;
      const id = servers[index] ? serverId : `PureDisk:more${index + 1}.example.com`;
      const category = unit.storageCategory;
      return {
        id,
        attributes: {
          name: id.split(":")[1] ?? host,
          storageCategory: category,
          sType: unit.storageServerType,
          // Of these categories only.
          ...((category === "MSDP" || category === "ADVANCED_DISK") && { nbuHostVersion: "10.3" }),
          additionalMediaServersDetails: [],
          encryptionEnabled: index % 2 === 0,
          kmsEnabled: false,
          isSnapshotSupported: false,
          isAcceleratorSupported: unit.accelerator,
          isAIRSupported: unit.replicationCapable,
          // Not 0: only part of the response could be found out.
          ...(index % 3 === 1 && { nbuStatusCode: 2106 }),
          storageServerState: index % 4 === 3 ? "DOWN" : "UP",
          storageServerCapabilities: ["OPEN_STORAGE", "ADMIN_UP", "INTERNAL_UP"],
          storageUnits: pools.map((pool) => pool.unit.name),
          isWormSupported: unit.wormCapable,
          isUshareSupported: category === "MSDP",
          ...(category === "MSDP" && { msdpAttributes: msdp(world, pools, index) }),
        },
      };
    });
  },
});
