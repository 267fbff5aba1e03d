/**
 * Responses that are not 2xx.
 *
 * @module
 */
import { statusHint } from "./status_hint.ts";
import { at, type ErrorPlace, NetBackupError, withHint } from "./base.ts";
import type { ErrorReason } from "./reasons.ts";

/** What a response that is not 2xx said. */
export interface StatusFacts {
  readonly status: number;
  /** NetBackup's status code, `errorCode` of the body. */
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | undefined;
  readonly errorDetails?: readonly string[] | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The body is an HTML page. */
  readonly html?: boolean | undefined;
  /** The body says that the port expects TLS. */
  readonly wantsTls?: boolean | undefined;
}

/** A response that is not 2xx. 429 and 5xx are worth another try. */
export class HttpStatusError extends NetBackupError {
  override readonly name: string = "HttpStatusError";
  override readonly retryable: boolean;
  readonly status: number;
  readonly errorCode: number | undefined;
  readonly errorMessage: string | undefined;
  readonly errorDetails: readonly string[];
  readonly retryAfterMs: number | undefined;

  constructor(place: ErrorPlace, facts: StatusFacts) {
    const reason = facts.wantsTls ? "tls" : statusReason(facts.status);
    super(statusMessage(place, facts), { ...place, reason });
    this.status = facts.status;
    this.errorCode = facts.errorCode;
    this.errorMessage = facts.errorMessage;
    this.errorDetails = facts.errorDetails ?? [];
    this.retryAfterMs = facts.retryAfterMs;
    this.retryable = facts.status === 429 || facts.status >= 500;
  }
}

/** 404, 406 or 410: this release has no such endpoint, or not in this API version. */
export class UnsupportedError extends HttpStatusError {
  override readonly name = "UnsupportedError";
}

/** The class that belongs to a status. */
export function statusError(place: ErrorPlace, facts: StatusFacts): HttpStatusError {
  return statusReason(facts.status) === "unsupported"
    ? new UnsupportedError(place, facts)
    : new HttpStatusError(place, facts);
}

function statusReason(status: number): ErrorReason {
  switch (status) {
    case 401:
      return "auth";
    case 403:
      return "forbidden";
    case 404:
    case 406:
    case 410:
      return "unsupported";
    case 407:
      return "proxy";
    case 429:
      return "rate_limited";
    default:
      return "http";
  }
}

function statusMessage(place: ErrorPlace, facts: StatusFacts): string {
  let text = `${at(place)} returned HTTP status ${facts.status}`;
  if (facts.errorCode !== undefined) text += `, NetBackup status ${facts.errorCode}`;
  if (facts.errorMessage) text += `, "${facts.errorMessage}"`;
  if (facts.errorDetails?.length) {
    text += ` (${facts.errorDetails.map((detail) => `"${detail}"`).join(", ")})`;
  }
  if (facts.wantsTls) {
    return withHint(text, 'the port speaks HTTPS: set "scheme" to "https", or check "port"');
  }
  if (facts.html) text += ", an HTML page instead of JSON: is a proxy in between?";
  return withHint(text, statusHint(facts.status));
}
