/**
 * Tells the operator what loading a configuration found.
 *
 * @module
 */
import type { Logger } from "../telemetry/logger.ts";
import { ConfigError } from "./errors.ts";
import type { CollectorSection } from "./schema/schema.ts";
import type { Config, ConfigWarning } from "./types.ts";

/** Logs each warning with its place. */
export function logConfigWarnings(logger: Logger, warnings: readonly ConfigWarning[]): void {
  for (const { message, kind, file, line, column, key } of warnings) {
    logger.warn(message, { kind, file, line, column, key });
  }
}

/** Logs each problem of a refused configuration with its place. */
export function logConfigError(logger: Logger, error: unknown): void {
  if (!(error instanceof ConfigError)) {
    logger.error("the configuration cannot be applied", { error });
    return;
  }
  for (const { message, file, line, column, key, found, expected } of error.issues) {
    logger.error(message, { file, line, column, key, found, expected });
  }
  logConfigWarnings(logger, error.warnings);
}

/**
 * Keys that are set and valid but that this release does nothing with: silence would be a lie.
 *
 * @param unserved Sections below `collectors` without a collector.
 */
export function unservedSettings(
  config: Config,
  unserved: readonly CollectorSection[],
): readonly string[] {
  return unserved
    .filter(({ name }) => config.collectors[name]?.enabled)
    .map(({ name }) => `collectors.${name}.enabled`);
}

/** Logs each of {@linkcode unservedSettings}. */
export function logUnservedSettings(
  logger: Logger,
  config: Config,
  unserved: readonly CollectorSection[],
): void {
  for (const key of unservedSettings(config, unserved)) {
    logger.warn("this setting is accepted but has no effect in this release yet", { key });
  }
}
