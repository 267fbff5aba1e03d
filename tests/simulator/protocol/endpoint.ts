/**
 * The endpoints of a simulated primary.
 *
 * @module
 */

/** Path templates below `/netbackup`. */
export const ENDPOINTS = [
  "/ping",
  "/authorization-context",
  "/security/ping",
  "/security/serverinfo",
  "/security/servertime",
  "/admin/jobs",
  "/admin/jobs/{jobId}",
  "/admin/jobs-count-requests",
  "/storage/storage-units",
  "/storage/storage-units/{storageUnitName}",
  "/status-codes/{statusCode}",
] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

const PATTERNS = ENDPOINTS.map((endpoint): [RegExp, Endpoint] => [
  new RegExp(`^${endpoint.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  endpoint,
]);

/** The template that a path below `/netbackup` belongs to; the path itself when there is none. */
export function endpointOf(path: string): string {
  return PATTERNS.find(([pattern]) => pattern.test(path))?.[1] ?? path;
}

/** Whether a text is the template of an endpoint. */
export function isEndpoint(text: string): text is Endpoint {
  return ENDPOINTS.some((endpoint) => endpoint === text);
}
