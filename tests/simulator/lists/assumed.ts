/**
 * Lists that the vendor has but that the documents at hand leave out. That they exist, and what they
 * tell, is known; the names of their fields are assumed, and no test can check them.
 *
 * @module
 */
import { MEDIA_SERVERS } from "../world/hosts.ts";
import { CLIENTS } from "../world/names.ts";
import { simulatedList } from "./define.ts";
import { poolsOf } from "./pools.ts";

const GIBIBYTE = 2 ** 30;
const MSDP = "PureDisk";

/** Universal shares of an MSDP server; other servers have none. */
export const universalShares = simulatedList({
  endpoint: "/storage/storage-servers/{storageServerId}/universal-shares",
  document: undefined,
  type: "universalShare",
  permission: "|STORAGE|STORAGE-SERVERS|UNIVERSAL-SHARES|",
  paging: { kind: "offset", limits: { min: 1, max: 100 } },
  samples: () => [{ storageServerId: `${MSDP}:${MEDIA_SERVERS[0].name}` }],
  rows(world, { storageServerId = "" }) {
    if (!poolsOf(world).some(({ serverId }) => serverId === storageServerId)) return undefined;
    if (!storageServerId.startsWith(`${MSDP}:`)) return [];
    return world.many(3, (index) => ({
      id: `share${index + 1}`,
      attributes: {
        shareName: `share${index + 1}`,
        protocol: index % 2 === 0 ? "NFS" : "SMB",
        // 0: without a quota.
        quotaBytes: index === 2 ? 0 : 500 * GIBIBYTE,
        usedBytes: world.dice("share", index).below(1, 400) * GIBIBYTE,
        mountState: index === 1 ? "UNMOUNTED" : "MOUNTED",
      },
    }));
  },
});

/** Snapshot managers. */
export const snapshotManagers = simulatedList({
  endpoint: "/config/servers/snapshot-mgmt-servers",
  document: undefined,
  type: "snapshotMgmtServer",
  permission: "|MANAGE|SNAPSHOT-MGMT-SERVER|",
  paging: { kind: "none" },
  rows: (world) =>
    world.many(2, (index) => ({
      id: `snapmgr0${index + 1}.example.com`,
      attributes: {
        serverName: `snapmgr0${index + 1}.example.com`,
        status: index === 0 ? "ACTIVE" : "ERROR",
        version: "10.3",
      },
    })),
});

/** How far the move to a new CA has come; no key is needed. */
export const authorityMigration = simulatedList({
  endpoint: "/security/certificate-authorities/migration-summary",
  document: undefined,
  type: "nbcaMigrationSummary",
  open: true,
  paging: { kind: "none" },
  envelope: "resource",
  rows: () => [{ id: "migrationSummary", attributes: { migrationState: "NO_MIGRATION" } }],
});

/** VMs that run from a backup; the last one has been forgotten. */
export const instantAccessMachines = simulatedList({
  endpoint: "/recovery/workloads/vmware/instant-access-vms",
  document: undefined,
  type: "instantAccessVm",
  permission: "|ASSETS|",
  denial: "empty",
  paging: { kind: "offset", limits: { min: 1, max: 100 } },
  rows: (world) =>
    world.many(3, (index) => ({
      id: `ia-${index + 1}`,
      attributes: {
        vmName: `instant${index + 1}`,
        backupId: `${CLIENTS[index] ?? CLIENTS[0]}_${Math.floor(world.daysMs(-9) / 1000)}`,
        status: index === 1 ? "FAILED" : "ACTIVE",
        createdDateTime: world.days(index === 2 ? -45 : -index),
        expirationDateTime: world.days(index === 2 ? -15 : 30),
      },
    })),
});
