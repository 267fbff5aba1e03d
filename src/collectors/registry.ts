/**
 * The list of collectors. Whatever is said about collectors elsewhere is derived from it.
 *
 * @module
 */
import type { MetricDefinition } from "../metrics/types.ts";
import { alerts } from "./alerts.ts";
import { anomalies } from "./anomalies.ts";
import { apiKey } from "./api_key.ts";
import { assets } from "./assets.ts";
import { audit } from "./audit.ts";
import { catalog } from "./catalog.ts";
import { catalogBackup } from "./catalog_backup.ts";
import { certificates } from "./certificates.ts";
import type { CollectorDefinition } from "./collector.ts";
import { discovery } from "./discovery.ts";
import { diskPools } from "./disk_pools.ts";
import { events } from "./events.ts";
import { hosts } from "./hosts.ts";
import { instantAccess } from "./instant_access.ts";
import { jobs } from "./jobs.ts";
import { kms } from "./kms.ts";
import { licensing } from "./licensing.ts";
import { malware } from "./malware.ts";
import { malwareHosts } from "./malware_hosts.ts";
import { mpaTickets } from "./mpa_tickets.ts";
import { protectionPlans } from "./protection_plans.ts";
import { securityScore } from "./security_score.ts";
import { server } from "./server.ts";
import { services } from "./services.ts";
import { perClient } from "./per_client.ts";
import { policies } from "./policies.ts";
import { sla } from "./sla.ts";
import { slo } from "./slo.ts";
import { slp } from "./slp.ts";
import { snapshotManagers } from "./snapshot_managers.ts";
import { storage } from "./storage.ts";
import { storageServers } from "./storage_servers.ts";
import { tape } from "./tape.ts";
import { universalShares } from "./universal_shares.ts";

/** Every collector, in the order in which they run first. */
export const COLLECTORS: readonly CollectorDefinition[] = Object.freeze([
  jobs,
  storage,
  server,
  apiKey,
  catalogBackup,
  diskPools,
  storageServers,
  alerts,
  catalog,
  certificates,
  licensing,
  malware,
  slo,
  tape,
  perClient,
  policies,
  sla,
  universalShares,
  hosts,
  services,
  snapshotManagers,
  slp,
  anomalies,
  events,
  audit,
  securityScore,
  kms,
  mpaTickets,
  malwareHosts,
  protectionPlans,
  assets,
  discovery,
  instantAccess,
]);

/** The names of the collectors that fill one of these metrics, in the order of the list. */
export function collectorsFilling(...wanted: readonly MetricDefinition[]): readonly string[] {
  return COLLECTORS.filter(({ metrics }) => wanted.some((metric) => metrics.includes(metric)))
    .map(({ name }) => name);
}
