/**
 * The list of collectors. Whatever is said about collectors elsewhere is derived from it.
 *
 * @module
 */
import { alerts } from "./alerts.ts";
import type { CollectorDefinition } from "./collector.ts";
import { jobs } from "./jobs.ts";
import { perClient } from "./per_client.ts";
import { policies } from "./policies.ts";
import { sla } from "./sla.ts";
import { storage } from "./storage.ts";
import { tape } from "./tape.ts";

/** Every collector, in the order in which they run first. */
export const COLLECTORS: readonly CollectorDefinition[] = Object.freeze([
  jobs,
  storage,
  alerts,
  tape,
  perClient,
  policies,
  sla,
]);
