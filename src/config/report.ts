/**
 * Reports to the operator what loading a configuration found.
 *
 * @module
 */
import type { Logger } from "../telemetry/logger.ts";
import { ConfigError } from "./errors.ts";
import type { ConfigWarning } from "./types.ts";

/** Logs each warning with its place. */
export function logConfigWarnings(logger: Logger, warnings: readonly ConfigWarning[]): void {
  for (const { message, kind, file, line, column, key } of warnings) {
    logger.warn(message, { kind, file, line, column, key });
  }
}

/** Logs each problem of a refused configuration with its place. */
export function logConfigError(logger: Logger, error: unknown): void {
  if (!(error instanceof ConfigError)) {
    logger.error("cannot apply the configuration", { error });
    return;
  }
  for (const { message, file, line, column, key, found, expected } of error.issues) {
    logger.error(message, { file, line, column, key, found, expected });
  }
  logConfigWarnings(logger, error.warnings);
}
