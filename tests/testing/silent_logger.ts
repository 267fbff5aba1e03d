/**
 * A logger for where nothing is looked at.
 *
 * @module
 */
import type { Logger } from "../../src/telemetry/logger.ts";

/** A logger that drops everything. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLogger,
};
