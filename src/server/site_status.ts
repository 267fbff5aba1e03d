/**
 * A site as the landing page shows it.
 *
 * @module
 */
import type { SiteSummary } from "../site/site.ts";
import type { SiteStatus } from "./state.ts";

/** Takes from a site's summary what the page shows. */
export function siteStatus({ site, up, version, collectors }: SiteSummary): SiteStatus {
  return {
    site,
    state: up === undefined ? "starting" : up ? "up" : "down",
    apiVersion: version,
    sources: collectors.map(({ name, last }) => ({ source: name, lastSuccessMs: last?.at })),
  };
}
