/**
 * Requests that were not sent.
 *
 * @module
 */
import { at, type ErrorPlace, methodAndPath, NetBackupError } from "./base.ts";

/** The client was closed: no request is made, or the one under way was ended. */
export class ClientClosedError extends NetBackupError {
  override readonly name = "ClientClosedError";

  /** @param place The request that was not made; undefined where no particular one is meant. */
  constructor(site: string, place?: ErrorPlace) {
    const where = place ? `, ${methodAndPath(place)}` : "";
    const endpoint = place?.endpoint ?? "";
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
    // Without the seconds: a failure that repeats itself must read the same.
    super(`${at(place)} was not sent: the primary asked for a pause with the header Retry-After`, {
      ...place,
      reason: "rate_limited",
    });
    this.leftMs = leftMs;
  }
}

/** A client cannot be made from this configuration. */
export class ClientConfigError extends NetBackupError {
  override readonly name = "ClientConfigError";

  constructor(site: string, detail: string, cause?: unknown) {
    super(`the client of site "${site}" cannot be made: ${detail}`, {
      reason: "config",
      site,
      endpoint: "",
      cause,
    });
  }
}
