/**
 * What is checked before an endpoint responds: key, version, permission.
 *
 * @module
 */
import type { Context } from "hono";
import type { Settings, Switches } from "../options.ts";
import { endpointOf, rulesOf } from "./endpoint.ts";
import {
  forbidden,
  notAcceptable,
  notFound,
  notPermitted,
  unauthorized,
  unsupportedMediaType,
} from "./error.ts";
import { MIN_VERSION, negotiate, versionIn } from "./version.ts";

/** How an endpoint is guarded. */
export interface Guarded {
  /** Whether the endpoint asks for a key. @default false */
  readonly open?: boolean;
  /** Oldest version of the API it speaks; that of all endpoints unless given. */
  readonly minVersion?: number;
  /** What a missing permission leads to. @default "unauthorized" */
  readonly denial?: "unauthorized" | "forbidden" | "empty";
}

/** A request that passed. */
export interface Passed {
  /** The version that the response is to be in. */
  readonly version: string;
  /** Whether permissions hide all rows. */
  readonly hidden: boolean;
}

/** Checks requests. */
export interface Guard {
  /** @throws ApiError 401, 403, 404, 406, 415 */
  pass(c: Context, how?: Guarded): Passed;
  /** Says that there is nothing; but only to those with a key. */
  missing(c: Context): never;
  /** The path of a request below the base path. */
  path(c: Context): string;
  /** Its path template. */
  endpoint(c: Context): string;
  /** Whether the release has an endpoint. */
  exists(endpoint: string): boolean;
}

/** Makes the guard of a simulated primary. */
export function createGuard(settings: Settings, switches: Switches): Guard {
  const path = (c: Context) => c.req.path.slice(settings.basePath.length);
  const endpoint = (c: Context) => endpointOf(path(c));
  const checkKey = (c: Context) => {
    if (c.req.header("authorization") !== switches.apiKey) throw unauthorized();
  };
  const exists = (template: string): boolean => {
    const rules = rulesOf(template);
    return rules !== undefined && Number(switches.apiVersion) >= Number(rules.since ?? 0);
  };
  const denied = (template: string): boolean => {
    const permission = rulesOf(template)?.permission;
    if (switches.denied.has(template)) return true;
    if (permission === undefined) return false;
    return switches.denied.has(permission) || switches.granted?.has(permission) === false;
  };
  const missing = (c: Context): never => {
    checkKey(c);
    throw notFound(c.req.path);
  };
  return {
    path,
    endpoint,
    exists,
    missing,
    pass(c, { open = false, minVersion = MIN_VERSION, denial = "unauthorized" } = {}) {
      const template = endpoint(c);
      if (!exists(template)) missing(c);
      if (!open) checkKey(c);
      const accept = c.req.header("accept");
      const contentType = c.req.header("content-type");
      const version = negotiate(
        accept,
        switches.apiVersion,
        Math.max(minVersion, Number(rulesOf(template)?.since ?? 0)),
      );
      if (!version) throw notAcceptable(accept ?? "");
      if (contentType !== undefined && versionIn(contentType) === undefined) {
        throw unsupportedMediaType(contentType);
      }
      // If both headers are sent, they must match (Getting Started guide).
      if (contentType && accept && accept !== "*/*" && contentType !== accept) {
        throw unsupportedMediaType(contentType);
      }
      if (open || !denied(template)) return { version, hidden: false };
      if (denial === "empty") return { version, hidden: true };
      throw denial === "forbidden" ? forbidden() : notPermitted();
    },
  };
}
