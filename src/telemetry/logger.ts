/**
 * The logger every folder takes as a parameter. LogTape's `Logger` fits this interface; a test
 * passes a recorder.
 *
 * @module
 */

/**
 * Structured fields of a log line, named in snake case, as `http_status`: the compiler refuses an
 * object literal with capitals in a name. Never a secret in the clear: secrets are `Secret`s.
 */
export type LogFields = { [name: Lowercase<string>]: unknown };

/** Structured logger. Messages are constant text, what varies goes into the fields. */
export interface Logger {
  /** What a developer wants to follow: one line per request, per poll. */
  debug(message: string, fields?: LogFields): void;
  /** What an operator wants to know: start, reload, recovery. */
  info(message: string, fields?: LogFields): void;
  /** What an operator should look at: something failed and the exporter goes on. */
  warn(message: string, fields?: LogFields): void;
  /** What an operator must act upon. */
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each line. */
  with(fields: LogFields): Logger;
}
