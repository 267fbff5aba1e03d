/**
 * Which collectors a site has.
 *
 * @module
 */
import { JOBS_ENDPOINT } from "../netbackup/resources/jobs.ts";
import { STORAGE_UNITS_ENDPOINT } from "../netbackup/resources/storage_units.ts";
import type { Collector } from "./collector.ts";
import { createJobsCollector } from "./jobs/collector.ts";
import { createStorageCollector } from "./storage.ts";

/** Endpoints the collectors read. */
export const ENDPOINTS: readonly string[] = [JOBS_ENDPOINT, STORAGE_UNITS_ENDPOINT];

/**
 * Makes the collectors of one site.
 *
 * @param site Value of the label `site`.
 */
export function createCollectors(site: string): Collector[] {
  return [createStorageCollector(), createJobsCollector(site)];
}
