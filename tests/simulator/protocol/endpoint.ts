/**
 * The endpoints of a simulated primary.
 *
 * @module
 */
import { LISTS } from "../lists/registry.ts";
import type { ApiVersion } from "./version.ts";

/** What there is to know about an endpoint before it is asked. */
export interface EndpointRules {
  /** Oldest API version that has it. */
  readonly since?: ApiVersion;
  /** RBAC object that must be viewed. */
  readonly permission?: string;
}

const JOBS: EndpointRules = { permission: "|MANAGE|JOBS|" };

/** Path templates below `/netbackup`. */
const ENDPOINTS: ReadonlyMap<string, EndpointRules> = new Map<string, EndpointRules>([
  ["/ping", {}],
  ["/authorization-context", {}],
  ["/security/ping", {}],
  ["/admin/jobs", JOBS],
  ["/admin/jobs/{jobId}", JOBS],
  ["/admin/jobs-count-requests", JOBS],
  // Documented from 10.5 on.
  ["/status-codes/{statusCode}", { since: "12.0" }],
  ...LISTS.flatMap(({ endpoint, detail, since, permission }): [string, EndpointRules][] => {
    const rules = { ...(since && { since }), ...(permission && { permission }) };
    return [[endpoint, rules], ...(detail ? [[detail, rules] as [string, EndpointRules]] : [])];
  }),
]);

/** Templates without parameters first: `/security/certificates/current` is no parameter's value. */
const PATTERNS = [...ENDPOINTS.keys()]
  .sort((left, right) => left.split("{").length - right.split("{").length)
  .map((endpoint): [RegExp, string] => [
    new RegExp(`^${endpoint.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    endpoint,
  ]);

/** The template that a path below `/netbackup` belongs to; the path itself when there is none. */
export function endpointOf(path: string): string {
  return PATTERNS.find(([pattern]) => pattern.test(path))?.[1] ?? path;
}

/** What is known of a path template; undefined when it is none of an endpoint. */
export function rulesOf(endpoint: string): EndpointRules | undefined {
  return ENDPOINTS.get(endpoint);
}
