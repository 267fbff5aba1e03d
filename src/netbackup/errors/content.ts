/**
 * Responses that say 2xx but are not what the endpoint should send.
 *
 * @module
 */
import { at, type ErrorPlace, NetBackupError } from "./base.ts";

/** A 2xx response whose body is not what the endpoint should send. */
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
    super(`${at(place)} returned ${detail}`, {
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
      `${at(place)} returned more than ${limitBytes} bytes, the limit: ` +
        `not a NetBackup response; check "host", "port" and "uri"`,
      { ...place, reason: "too_large" },
    );
    this.limitBytes = limitBytes;
  }
}

/** The pages of a list do not come to an end. */
export class PagingError extends NetBackupError {
  override readonly name = "PagingError";

  constructor(place: ErrorPlace, detail: string) {
    super(`cannot page through ${at(place)}: ${detail}`, { ...place, reason: "paging" });
  }
}
