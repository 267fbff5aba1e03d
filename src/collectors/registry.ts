/**
 * The list of collectors. Whatever is said about collectors elsewhere is derived from it.
 *
 * @module
 */
import { alerts } from "./alerts.ts";
import type { CollectorDefinition } from "./collector.ts";
import { jobs } from "./jobs.ts";
import { hosts } from "./hosts.ts";
import { services } from "./services.ts";
import { snapshotManagers } from "./snapshot_managers.ts";
import { slp } from "./slp.ts";
import { anomalies } from "./anomalies.ts";
import { events } from "./events.ts";
import { audit } from "./audit.ts";
import { securityScore } from "./security_score.ts";
import { kms } from "./kms.ts";
import { mpaTickets } from "./mpa_tickets.ts";
import { malwareHosts } from "./malware_hosts.ts";
import { protectionPlans } from "./protection_plans.ts";
import { assets } from "./assets.ts";
import { discovery } from "./discovery.ts";
import { instantAccess } from "./instant_access.ts";
import { storage } from "./storage.ts";
import { tape } from "./tape.ts";

/** Every collector, in the order in which they run first. */
export const COLLECTORS: readonly CollectorDefinition[] = Object.freeze([
  jobs,
  storage,
  alerts,
  tape,
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
