/**
 * The paths of the server beside the metrics page; `server.uri` may be none of them.
 *
 * @module
 */

/** Path by route. */
export const ROUTES = Object.freeze({
  status: "/",
  /** One site; its name follows. */
  site: "/site/",
  /** The morning report. */
  report: "/report",
  /** What the status page shows, as JSON. */
  statusApi: "/api/v1/status",
  /** The configuration in effect, as YAML without secrets. */
  config: "/config",
  /** The metrics of one site. */
  probe: "/probe",
  /** The sites as targets of `/probe`, for the HTTP service discovery of Prometheus. */
  discovery: "/sd",
  /** Whether NetBackup can be reached, as the Go exporter answered it. */
  health: "/health",
  /** Whether the process is alive, whatever NetBackup does. */
  healthy: "/-/healthy",
  /** Whether every site has ended its first cycle. */
  ready: "/-/ready",
  /** Loads the configuration again. */
  reload: "/-/reload",
  /** Ends the exporter. */
  quit: "/-/quit",
});

/** Path of the page of a site. */
export function sitePath(site: string): string {
  return ROUTES.site + encodeURIComponent(site);
}

/**
 * Which methods a path takes, as the value of `Allow`; undefined where there is no such path.
 *
 * @param metricsPath Path of the metrics page.
 */
export function allowedMethods(path: string, metricsPath: string): string | undefined {
  if (path === ROUTES.reload || path === ROUTES.quit) return "POST, PUT";
  const known = path === metricsPath || Object.values<string>(ROUTES).includes(path) ||
    path.startsWith(ROUTES.site);
  return known ? "GET, HEAD" : undefined;
}
