/**
 * One line of the log before it is formatted.
 *
 * @module
 */
import type { LogLevel } from "../../base/log_level.ts";
import { type Plain, type PlainOptions, toPlain } from "./plain.ts";

/** A log record as plain data, free of secrets. */
export interface LogEntry {
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number;
  readonly level: LogLevel;
  /** Category, `nbu_exporter`. */
  readonly logger: string;
  readonly message: string;
  readonly fields: readonly (readonly [string, Field])[];
}

/** Value of a field. Errors are marked, as a text line writes them in a form of their own. */
export interface Field {
  readonly value: Plain;
  readonly isError: boolean;
}

/** Makes the fields of an entry; those that are undefined are left out. */
export function entryFields(
  fields: Readonly<Record<string, unknown>>,
  options: PlainOptions,
): [string, Field][] {
  const entries: [string, Field][] = [];
  for (const key of Object.keys(fields)) {
    const raw = fields[key];
    const value = toPlain(raw, options);
    if (value === undefined) continue;
    entries.push([options.redact(key.toWellFormed()), { value, isError: isError(raw) }]);
  }
  return entries;
}

function isError(value: unknown): boolean {
  try {
    return value instanceof Error;
  } catch {
    // A proxy may refuse even this question.
    return false;
  }
}
