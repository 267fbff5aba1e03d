/**
 * All lists of the simulated primary.
 *
 * @module
 */
import {
  authorityMigration,
  instantAccessMachines,
  snapshotManagers,
  universalShares,
} from "./assumed.ts";
import { alerts } from "./alerts.ts";
import { aggregateAnomalies, anomalies, systemAnomalies } from "./anomalies.ts";
import { apiKeys } from "./api_keys.ts";
import { assets, discovery, workloads } from "./assets.ts";
import { authorities, caCertificates, externalAuthorities } from "./authorities.ts";
import {
  certificateMappings,
  certificates,
  currentCertificates,
  pendingRenewals,
} from "./certificates.ts";
import { catalogTapes, robots, storageDevices, volumeGroups } from "./devices.ts";
import { diskPools } from "./disk_pools.ts";
import { diskVolumes } from "./disk_volumes.ts";
import { drives } from "./drives.ts";
import { auditLog, eventLog } from "./event_log.ts";
import { allHosts, hosts } from "./hosts.ts";
import { images } from "./images.ts";
import { capacity, entitlements } from "./licensing.ts";
import { latestMalwareScans, latestScans, malwareScans, scanHosts } from "./malware.ts";
import { mediaServers } from "./media_servers.ts";
import { pausedClients } from "./paused_clients.ts";
import { policies, policyClients, policyDetail } from "./policies.ts";
import { robotHosts } from "./robots.ts";
import { freezeMode, keys, keyServers, securityStatus, tickets } from "./security.ts";
import { serverInfo, serverTime } from "./server.ts";
import { services } from "./services.ts";
import { slos } from "./slos.ts";
import { lifecycleImages, lifecycles } from "./slp.ts";
import { storageServers } from "./storage_servers.ts";
import { storageUnits } from "./storage_units.ts";
import { tapeMedia } from "./tape_media.ts";
import { volumePools } from "./volume_pools.ts";
import type { SimulatedList } from "./define.ts";

/** A list needs nothing but its line here. */
export const LISTS: readonly SimulatedList[] = [
  authorityMigration,
  instantAccessMachines,
  snapshotManagers,
  universalShares,
  alerts,
  aggregateAnomalies,
  anomalies,
  systemAnomalies,
  apiKeys,
  assets,
  discovery,
  workloads,
  authorities,
  caCertificates,
  certificateMappings,
  certificates,
  currentCertificates,
  externalAuthorities,
  pendingRenewals,
  catalogTapes,
  robots,
  storageDevices,
  volumeGroups,
  diskPools,
  diskVolumes,
  drives,
  auditLog,
  eventLog,
  allHosts,
  hosts,
  images,
  capacity,
  entitlements,
  latestMalwareScans,
  latestScans,
  malwareScans,
  scanHosts,
  mediaServers,
  pausedClients,
  policies,
  policyClients,
  policyDetail,
  robotHosts,
  freezeMode,
  keys,
  keyServers,
  securityStatus,
  tickets,
  serverInfo,
  serverTime,
  services,
  slos,
  lifecycleImages,
  lifecycles,
  storageServers,
  storageUnits,
  tapeMedia,
  volumePools,
];

/**
 * The list of a path template.
 *
 * @throws Error When there is none.
 */
export function findList(endpoint: string): SimulatedList {
  const list = LISTS.find((candidate) => candidate.endpoint === endpoint);
  if (!list) throw new Error(`${endpoint} is no list of the simulated primary`);
  return list;
}
