/**
 * Paths in configuration: of the metrics page and of the NetBackup API.
 *
 * @module
 */

/** Routes of the exporter itself, which the metrics page may not take. */
const OWN_ROUTES: ReadonlySet<string> = new Set([
  "",
  "/health",
  "/-",
  "/config",
  "/probe",
  "/sd",
  "/report",
  "/site",
  "/api",
]);

/** What the exporter's own routes begin with. */
const OWN_PREFIXES = ["/-/", "/site/", "/api/"];

/** What is wrong with a URL path, or undefined if nothing is. */
export function pathFault(path: string): string | undefined {
  if (!path.startsWith("/")) return "it does not begin with /";
  if (/\s/.test(path)) return "it has a space in it";
  if (/[?#]/.test(path)) return "it has a query or a fragment";
  if (/[:*{}]/.test(path)) return "the characters : * { } have a meaning for the router";
  if (!/^[A-Za-z0-9._~!$&'()+,;=@/-]*$/.test(path)) return "it has a character no path has";
  if (path.includes("//") || /\/\.{1,2}(\/|$)/.test(path)) return "it is not in its plain form";
  return undefined;
}

/** What is wrong with the path of the metrics page, or undefined if nothing is. */
export function metricsPathFault(path: string): string | undefined {
  if (/^\/+$/.test(path)) return "/ is the status page";
  const fault = pathFault(path);
  if (fault !== undefined) return fault;
  const bare = path.replace(/\/$/, "");
  if (OWN_ROUTES.has(bare) || OWN_PREFIXES.some((prefix) => path.startsWith(prefix))) {
    return "it is a page of the exporter's own";
  }
  return undefined;
}
