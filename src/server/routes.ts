/**
 * The paths of the server beside the metrics page; `server.uri` may be none of them.
 *
 * @module
 */

/** Path by route. */
export const ROUTES = Object.freeze({
  landing: "/",
  /** Whether NetBackup can be reached, as the Go exporter answered it. */
  health: "/health",
  /** Whether the process is alive, whatever NetBackup does. */
  healthy: "/-/healthy",
  /** Whether every site has ended its first cycle. */
  ready: "/-/ready",
});
