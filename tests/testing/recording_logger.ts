/**
 * A logger that remembers.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { LogFields, Logger } from "../../src/telemetry/logger.ts";

/** One log line. */
export interface LogRecord {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  /** Fields of the line together with those of `with()`. */
  readonly fields: LogFields;
}

/**
 * Makes a logger and the list of what it was given, `with()` loggers included. It refuses fields
 * whose names are not in snake case: the compiler sees those of object literals only.
 */
export function createRecordingLogger(): { logger: Logger; records: LogRecord[] } {
  const records: LogRecord[] = [];
  const loggerWith = (bound: LogFields): Logger => {
    const write = (level: LogRecord["level"]) => (message: string, fields: LogFields = {}) => {
      for (const name of Object.keys(fields)) {
        assert.match(name, /^[a-z][a-z0-9_]*$/, `log field of "${message}"`);
      }
      records.push({ level, message, fields: { ...bound, ...fields } });
    };
    return {
      debug: write("debug"),
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
      with: (fields) => loggerWith({ ...bound, ...fields }),
    };
  };
  return { logger: loggerWith({}), records };
}
