/**
 * Why a request failed, as the value of a label: each reason with what it means and what to do. The
 * documentation is made from this table.
 *
 * @module
 */

/** A row of the table. */
export interface ReasonRow {
  /** Value of the label `reason`. */
  readonly reason: string;
  /** What happened, as a clause that begins in lower case. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Every reason, in the order in which a request meets them. */
export const REASON_TABLE = [
  {
    reason: "config",
    meaning: "the client cannot be made from the configuration",
    remedy: 'Correct the key that the error names: "apiKey", "caFile", "clientCertFile", "proxy".',
  },
  {
    reason: "budget",
    meaning: "the time budget of the collection is spent",
    remedy:
      'See what else is slow or tried again; lengthen the interval, or "timeout" of the collector.',
  },
  {
    reason: "closed",
    meaning: "the client was closed by a reload or a shutdown",
    remedy: "Nothing: this ends with the reload.",
  },
  {
    reason: "proxy",
    meaning: "the proxy cannot be reached, or did not let the request through",
    remedy:
      'Check "proxy", or HTTPS_PROXY in the environment, and that the proxy may reach the primary.',
  },
  {
    reason: "dns",
    meaning: "the name of the primary cannot be resolved",
    remedy: 'Check "host" and the name resolution of the machine that the exporter runs on.',
  },
  {
    reason: "connect",
    meaning: "no connection to the primary could be made",
    remedy:
      'Check "host" and "port", firewalls in between, and that the NetBackup web services run.',
  },
  {
    reason: "tls",
    meaning: "exporter and primary could not agree on TLS, or one refused the other's certificate",
    remedy:
      'Check "caFile" and "scheme", and whether a certificate has expired; the error says which.',
  },
  {
    reason: "network",
    meaning: "the connection broke before the response was complete",
    remedy:
      "Look at the log of the NetBackup web services, and at proxies and firewalls in between.",
  },
  {
    reason: "timeout",
    meaning: "there was no complete response in time",
    remedy: 'If the primary is only slow, raise "timeout"; otherwise see why it does not respond.',
  },
  {
    reason: "auth",
    meaning: "the API key was refused (HTTP status 401)",
    remedy: "Create a new API key and configure it; keys expire.",
  },
  {
    reason: "forbidden",
    meaning: "the role of the API key lacks a permission (HTTP status 401 or 403)",
    remedy: "Give the role the permission to view what the error names.",
  },
  {
    reason: "unsupported",
    meaning: "this NetBackup release does not have the endpoint (HTTP status 404, 406 or 410)",
    remedy: 'Nothing, if the release is that old; otherwise check "uri" and "apiVersion".',
  },
  {
    reason: "rate_limited",
    meaning: "the primary asked for fewer requests (HTTP status 429, or a header Retry-After)",
    remedy: 'Lengthen "collectionInterval", or lower "maxConcurrentRequests".',
  },
  {
    reason: "http",
    meaning: "the primary responded with another HTTP status that is no success",
    remedy: "See the status in the error; with 5xx, the log of the NetBackup web services.",
  },
  {
    reason: "parse",
    meaning: "the response is not what the endpoint should send",
    remedy: 'Check "port" and "uri", and whether a proxy or login page responds instead.',
  },
  {
    reason: "too_large",
    meaning: "the response is larger than any of NetBackup's",
    remedy: 'Check "host", "port" and "uri".',
  },
  {
    reason: "paging",
    meaning: "pagination loops or never ends",
    remedy: "Please report this with the NetBackup release.",
  },
] as const satisfies readonly ReasonRow[];

/** Class of an error, as the value of a label. */
export type ErrorReason = typeof REASON_TABLE[number]["reason"];

/** Every reason, so that counters can be created before the first error. */
export const ERROR_REASONS: readonly ErrorReason[] = REASON_TABLE.map(({ reason }) => reason);
