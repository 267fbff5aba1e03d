/**
 * How severe a log line is.
 *
 * @module
 */

/** Names of the log levels, least severe first. */
export type LogLevel = "debug" | "info" | "warning" | "error";
