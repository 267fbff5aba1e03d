/**
 * From a record of LogTape to the line that is written.
 *
 * @module
 */
import type { LogRecord } from "@logtape/logtape";
import type { LogLevel } from "../../base/log_level.ts";
import { entryFields, type LogEntry } from "./entry.ts";
import { formatJson, type Formatter, formatText } from "./format.ts";
import type { PlainOptions } from "./plain.ts";

/** How a line looks. */
export interface LineOptions {
  readonly format: "text" | "json";
  /** Adds the stacks of errors. */
  readonly debug: boolean;
}

/**
 * Makes the line of a record, with its end.
 *
 * @param redact Takes secrets out of a text.
 */
export function lineOf(
  record: LogRecord,
  level: LogLevel,
  { format, debug }: LineOptions,
  redact: (text: string) => string,
): string {
  const formatter: Formatter = format === "json" ? formatJson : formatText;
  const options: PlainOptions = { stacks: debug, redact };
  const { rawMessage, timestamp, category } = record;
  const message = typeof rawMessage === "string" ? rawMessage : record.message.join("");
  const entry = {
    timestamp,
    level,
    logger: category.join("."),
    message: redact(message.toWellFormed()),
  };
  let fields: LogEntry["fields"];
  try {
    fields = entryFields(record.properties, options);
  } catch (error) {
    // A getter among the fields has thrown: the message is still worth its line.
    fields = entryFields({ unreadableFields: error }, options);
  }
  return `${formatter({ ...entry, fields })}\n`;
}

/** Our level for one of LogTape. */
export function levelOf({ level }: LogRecord): LogLevel {
  if (level === "trace") return "debug";
  return level === "fatal" ? "error" : level;
}
