/**
 * Errors in the log.
 *
 * @module
 */
import { NetBackupError } from "./base.ts";
import { HttpStatusError } from "./status.ts";
import { RetryAfterError } from "./unsent.ts";

/** What a log line says of an error, in fields of their own; absent where unknown. */
export interface ErrorLogFields {
  readonly error: unknown;
  readonly reason?: string;
  /** Path template, `/admin/jobs`. */
  readonly endpoint?: string;
  readonly http_status?: number;
  /** NetBackup's status code. */
  readonly nbu_code?: number;
  /** Number of the attempt that failed, from 1. */
  readonly attempt?: number;
  /** How long the primary wants to be left alone. */
  readonly retry_after_seconds?: number;
}

/**
 * Takes an error apart for the log.
 *
 * @example
 * ```ts
 * import type { Logger } from "../../telemetry/logger.ts";
 *
 * const tell = (logger: Logger, error: unknown) =>
 *   logger.warn("collection failed", { ...errorLogFields(error) });
 * ```
 */
export function errorLogFields(error: unknown): ErrorLogFields {
  if (!(error instanceof NetBackupError)) return { error };
  const { reason, endpoint, attempt } = error;
  // A better explanation of a status, "forbidden", has the status for its cause.
  const response = [error, error.cause].find((one) => one instanceof HttpStatusError);
  const { status, errorCode, retryAfterMs } = response ?? {};
  const pauseMs = error instanceof RetryAfterError ? error.leftMs : retryAfterMs;
  return {
    error,
    reason,
    ...(endpoint !== "" && { endpoint }),
    ...(status !== undefined && { http_status: status }),
    ...(errorCode !== undefined && { nbu_code: errorCode }),
    ...(attempt !== undefined && { attempt }),
    ...(pauseMs !== undefined && { retry_after_seconds: Math.ceil(pauseMs / 1000) }),
  };
}
