/**
 * What can go wrong when talking to NetBackup. Each error says what failed, where, and what to do;
 * none holds an API key. One class per kind, with the facts as fields.
 *
 * @module
 */
import { networkHint, statusHint } from "./hints.ts";

/** Every reason, so that counters can be created before the first error. */
export const ERROR_REASONS = [
  "auth",
  "forbidden",
  "timeout",
  "network",
  "rate_limited",
  "http",
  "parse",
  "too_large",
  "paging",
  "unsupported",
  "closed",
  "budget",
] as const;

/** Class of an error, as the value of a label. */
export type ErrorReason = typeof ERROR_REASONS[number];

/** What every error of the client knows. */
export interface NetBackupErrorOptions {
  readonly reason: ErrorReason;
  readonly site: string;
  /** Path template, `/admin/jobs`; empty where no endpoint is meant. */
  readonly endpoint: string;
  /** Never with a secret in it. */
  readonly cause?: unknown;
}

/** Where an error happened. */
export interface ErrorPlace {
  readonly site: string;
  /** Path template, `/admin/jobs`. */
  readonly endpoint: string;
}

/** Base of all errors of the client. */
export class NetBackupError extends Error {
  override readonly name: string = "NetBackupError";
  readonly reason: ErrorReason;
  readonly site: string;
  readonly endpoint: string;
  /** Whether the same request may work a little later. */
  readonly retryable: boolean = false;

  constructor(message: string, options: NetBackupErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = options.reason;
    this.site = options.site;
    this.endpoint = options.endpoint;
  }

  /** Adds to the message, for what is known only after the error was made. */
  addNote(note: string): void {
    this.message += `; ${note}`;
  }
}

function at(place: ErrorPlace): string {
  return `GET ${place.endpoint} of site "${place.site}"`;
}

/** No answer: name, connection, TLS, or an answer cut short. */
export class NetworkError extends NetBackupError {
  override readonly name = "NetworkError";
  override readonly retryable: boolean;

  /**
   * @param detail What the network said, free of secrets.
   * @param permanent True when a repetition a few seconds later cannot help (certificates).
   */
  constructor(
    place: ErrorPlace,
    detail: string,
    options: { readonly permanent?: boolean; readonly cause?: unknown } = {},
  ) {
    const hint = networkHint(detail);
    super(
      `${at(place)} failed without an answer: ${detail}${hint === undefined ? "" : `; ${hint}`}`,
      { ...place, reason: "network", cause: options.cause },
    );
    this.retryable = options.permanent !== true;
  }
}

/** No complete answer within the time limit of one request. */
export class RequestTimeoutError extends NetBackupError {
  override readonly name = "RequestTimeoutError";
  override readonly retryable = true;
  readonly timeoutMs: number;

  constructor(place: ErrorPlace, timeoutMs: number) {
    super(
      `${at(place)} was not answered within ${timeoutMs / 1000} s: ` +
        `the primary is slow or unreachable; if it is only slow, raise "timeout"`,
      { ...place, reason: "timeout" },
    );
    this.timeoutMs = timeoutMs;
  }
}

/** What an answer that is not 2xx said. */
export interface StatusFacts {
  readonly status: number;
  /** NetBackup's status code, `errorCode` of the body. */
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | undefined;
  readonly errorDetails?: readonly string[] | undefined;
  /** How long the server asks to wait. */
  readonly retryAfterMs?: number | undefined;
  /** The body is an HTML page. */
  readonly html?: boolean | undefined;
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
    case 429:
      return "rate_limited";
    default:
      return "http";
  }
}

function statusMessage(place: ErrorPlace, facts: StatusFacts): string {
  let text = `${at(place)} was answered with HTTP status ${facts.status}`;
  if (facts.errorCode !== undefined) text += `, NetBackup status ${facts.errorCode}`;
  if (facts.errorMessage) text += `, "${facts.errorMessage}"`;
  if (facts.errorDetails?.length) {
    text += ` (${facts.errorDetails.map((detail) => `"${detail}"`).join(", ")})`;
  }
  if (facts.html) text += ", an HTML page instead of JSON: is a proxy in between?";
  const hint = statusHint(facts.status);
  return hint === undefined ? text : `${text}; ${hint}`;
}

/** An answer that is not 2xx. 429 and 5xx are worth another try. */
export class HttpStatusError extends NetBackupError {
  override readonly name: string = "HttpStatusError";
  override readonly retryable: boolean;
  readonly status: number;
  readonly errorCode: number | undefined;
  readonly errorMessage: string | undefined;
  readonly errorDetails: readonly string[];
  readonly retryAfterMs: number | undefined;

  constructor(place: ErrorPlace, facts: StatusFacts) {
    super(statusMessage(place, facts), { ...place, reason: statusReason(facts.status) });
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

/** A 2xx answer whose body is not what the endpoint should send. */
export class UnexpectedBodyError extends NetBackupError {
  override readonly name = "UnexpectedBodyError";
  /** True for JSON that ends too early: the connection may have been cut. */
  override readonly retryable: boolean;

  /** @param detail What was found and what was expected, free of secrets. */
  constructor(
    place: ErrorPlace,
    detail: string,
    options: { readonly truncated?: boolean; readonly cause?: unknown } = {},
  ) {
    super(`${at(place)} was answered with ${detail}`, {
      ...place,
      reason: "parse",
      cause: options.cause,
    });
    this.retryable = options.truncated === true;
  }
}

/** A body above the size limit. */
export class BodyTooLargeError extends NetBackupError {
  override readonly name = "BodyTooLargeError";
  readonly limitBytes: number;

  constructor(place: ErrorPlace, limitBytes: number) {
    super(
      `${at(place)} was answered with more than ${limitBytes} bytes, the limit: ` +
        `that is no answer of NetBackup's, check "host", "port" and "uri"`,
      { ...place, reason: "too_large" },
    );
    this.limitBytes = limitBytes;
  }
}

/** The pages of a list do not come to an end. */
export class PagingError extends NetBackupError {
  override readonly name = "PagingError";

  constructor(place: ErrorPlace, detail: string) {
    super(`Paging through ${at(place)} was given up: ${detail}`, { ...place, reason: "paging" });
  }
}

/** The client was closed: no request is made, or the one under way was ended. */
export class ClientClosedError extends NetBackupError {
  override readonly name = "ClientClosedError";

  constructor(site: string, endpoint = "") {
    const where = endpoint === "" ? "" : `, GET ${endpoint}`;
    super(`client is closed (site "${site}"${where})`, { reason: "closed", site, endpoint });
  }
}

/** `close()` was called a second time. */
export class ClientAlreadyClosedError extends NetBackupError {
  override readonly name = "ClientAlreadyClosedError";

  constructor(site: string) {
    super(`client already closed (site "${site}")`, { reason: "closed", site, endpoint: "" });
  }
}

/** The time budget was spent before the request could be sent. */
export class BudgetExceededError extends NetBackupError {
  override readonly name = "BudgetExceededError";

  constructor(place: ErrorPlace) {
    super(`${at(place)} was not sent: the time budget of the collection is spent`, {
      ...place,
      reason: "budget",
    });
  }
}

/** A request was not sent since the primary, by `Retry-After`, asked for none for some time. */
export class RetryAfterError extends NetBackupError {
  override readonly name = "RetryAfterError";
  /** How long the primary wants to be left alone, in milliseconds. */
  readonly leftMs: number;

  constructor(place: ErrorPlace, leftMs: number) {
    const seconds = Math.ceil(leftMs / 1000);
    super(
      `${at(place)} was not sent: the primary asked for no requests for another ${seconds} s`,
      { ...place, reason: "rate_limited" },
    );
    this.leftMs = leftMs;
  }
}

/** A client cannot be made from this configuration. */
export class ClientConfigError extends NetBackupError {
  override readonly name = "ClientConfigError";

  constructor(site: string, detail: string, cause?: unknown) {
    super(`The client of site "${site}" cannot be made: ${detail}`, {
      reason: "network",
      site,
      endpoint: "",
      cause,
    });
  }
}
