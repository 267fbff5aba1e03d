/**
 * Bodies in the log, for `--trace`: never headers, never where credentials are.
 *
 * @module
 */
import type { Redact } from "../base/redactor.ts";
import type { Logger } from "../telemetry/logger.ts";

/** Longest body that is logged whole, in characters. */
const MAX_LOGGED = 64 * 1024;

/** Endpoints whose responses hold tokens, keys or who has them (vendor's gateway.yaml, security.yaml). */
const CREDENTIAL_ENDPOINTS = [
  "/authorization-context",
  "/login",
  "/logout",
  "/tokenkey",
  "/security/api-keys",
  "/user-sessions",
];

/** Logs a body at info level, clipped, with the key redacted should it be echoed. */
export function logBody(
  logger: Logger,
  endpoint: string,
  status: number,
  text: string,
  redact: Redact,
): void {
  if (CREDENTIAL_ENDPOINTS.some((prefix) => endpoint.startsWith(prefix))) return;
  const safe = redact(text);
  const body = safe.length <= MAX_LOGGED ? safe : `${safe.slice(0, MAX_LOGGED)}…`;
  logger.info("NetBackup response body", { endpoint, status, body });
}
