/**
 * The list of collectors. Whatever is said about collectors elsewhere is derived from it.
 *
 * @module
 */
import { alerts } from "./alerts.ts";
import { apiKey } from "./api_key.ts";
import { catalog } from "./catalog.ts";
import { catalogBackup } from "./catalog_backup.ts";
import { certificates } from "./certificates.ts";
import type { CollectorDefinition } from "./collector.ts";
import { diskPools } from "./disk_pools.ts";
import { jobs } from "./jobs.ts";
import { licensing } from "./licensing.ts";
import { malware } from "./malware.ts";
import { perClient } from "./per_client.ts";
import { policies } from "./policies.ts";
import { server } from "./server.ts";
import { sla } from "./sla.ts";
import { slo } from "./slo.ts";
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
]);
