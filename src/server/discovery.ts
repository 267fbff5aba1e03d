/**
 * The sites as targets for the HTTP service discovery of Prometheus: one scrape of `/probe` each.
 *
 * @see https://prometheus.io/docs/prometheus/latest/http_sd/
 * @module
 */
import type { SiteSummary } from "../site/summary.ts";
import { ROUTES } from "./routes.ts";

/** A group of targets that share labels. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The groups, one for each site. The series of a site have the label `site` already; the label
 * `instance` tells the targets apart, which are all at the same address.
 *
 * @param address `host:port` of the exporter, as the client knows it.
 */
export function targetGroups(sites: readonly SiteSummary[], address: string): TargetGroup[] {
  return sites.map(({ site, baseUrl }) => ({
    targets: [address],
    labels: {
      __metrics_path__: ROUTES.probe,
      __param_target: site,
      __meta_nbu_site: site,
      __meta_nbu_address: new URL(baseUrl).host,
      instance: site,
    },
  }));
}
