/**
 * Which collectors a site has.
 *
 * @module
 */
import type { Config, SiteConfig } from "../config/types.ts";
import { JOBS_ENDPOINT } from "../netbackup/resources/jobs.ts";
import { STATUS_CODES_ENDPOINT } from "../netbackup/resources/status_codes.ts";
import { STORAGE_UNITS_ENDPOINT } from "../netbackup/resources/storage_units.ts";
import type { StateDirectory } from "../state/directory.ts";
import type { Collector } from "./collector.ts";
import { createLedgerCollector } from "../ledger/collector.ts";
import { ledgerDocument } from "../ledger/document.ts";
import { createStorageCollector } from "./storage.ts";

/** Endpoints the collectors read. */
export const ENDPOINTS: readonly string[] = [
  JOBS_ENDPOINT,
  STATUS_CODES_ENDPOINT,
  STORAGE_UNITS_ENDPOINT,
];

/**
 * Makes the collectors of one site.
 *
 * @param state Where counters are kept over a restart; undefined = nowhere.
 */
export function createCollectors(
  { site, baseUrl }: SiteConfig,
  { collectors }: Config,
  state: StateDirectory | undefined,
): Collector[] {
  return [
    createStorageCollector(),
    createLedgerCollector({
      site,
      maxStatusCodes: Number(collectors["jobs"]?.options["maxStatusCodes"] ?? 200),
      checkpoint: state?.checkpoint({ site, primary: baseUrl }, ledgerDocument),
    }),
  ];
}
