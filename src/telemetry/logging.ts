/**
 * Sets up LogTape: one line per record to standard output and, where configured, to a file.
 * Called by the composition root only; everything else takes a `Logger`.
 *
 * @module
 */
import { configure, getLogger, type LogRecord, reset } from "@logtape/logtape";
import { createRedactor, type Redact } from "../base/redactor.ts";
import type { Secret } from "../base/secret.ts";
import type { LogLevel } from "../base/log_level.ts";
import type { Logger } from "./logger.ts";
import { entryFields, type LogEntry } from "./logging/entry.ts";
import { formatJson, type Formatter, formatText } from "./logging/format.ts";
import { openLogFile } from "./logging/log_file.ts";
import type { PlainOptions } from "./logging/plain.ts";
import { standardOutput, type SyncWriter } from "./logging/standard_output.ts";

export { LogFileError } from "./logging/log_file.ts";
export type { SyncWriter } from "./logging/standard_output.ts";

/** Category of every line of the exporter. */
const CATEGORY = "nbu_exporter";

/** What is logged, how and where to. */
export interface LoggingSettings {
  readonly level: LogLevel;
  readonly format: "text" | "json";
  /** File that lines are appended to as well; undefined = standard output only. */
  readonly logFile?: string | undefined;
  /** Logs everything, whatever `level` says, and the stacks of errors. */
  readonly debug: boolean;
}

/** What the logging needs of its surroundings. */
export interface LoggingDependencies {
  /** @default {Deno.stdout} */
  readonly stdout?: SyncWriter;
}

/** Lines logged since the start, by level. */
export type LogCounts = Readonly<Record<LogLevel, number>>;

/** The logging as it is set up. */
export interface LoggingHandle {
  /** The logger to hand to everything else; it stays valid over `reconfigure()`. */
  readonly logger: Logger;
  /** Lines logged so far. */
  counts(): LogCounts;
  /** Makes sure that these texts never turn up in a line, even where no `Secret` holds them. */
  registerSecrets(secrets: readonly Secret[]): void;
  /**
   * Takes over new settings; counts and secrets stay.
   *
   * @throws LogFileError When the new file cannot be opened; then nothing has changed.
   */
  reconfigure(settings: LoggingSettings): Promise<void>;
  /**
   * Opens the log file again, after it was moved away by a log rotation. When that fails it is
   * logged, and the old file stays in use.
   */
  reopen(): void;
  /** Ends all logging and closes the file. */
  close(): Promise<void>;
}

/**
 * Sets up the logging of the process.
 *
 * @throws LogFileError When the log file cannot be opened.
 */
export async function configureLogging(
  settings: LoggingSettings,
  { stdout = Deno.stdout }: LoggingDependencies = {},
): Promise<LoggingHandle> {
  const redactor = createRedactor();
  const output = standardOutput(stdout);
  const counts: Record<LogLevel, number> = { debug: 0, info: 0, warning: 0, error: 0 };
  const encoder = new TextEncoder();
  const logger: Logger = getLogger(CATEGORY);
  let current = settings;
  let file = settings.logFile === undefined ? undefined : openLogFile(settings.logFile);
  let fileFails = false;

  const sink = (record: LogRecord) => {
    const level = levelOf(record);
    counts[level] += 1;
    const bytes = encoder.encode(lineOf(record, level, current, redactor.redact));
    output.write(bytes);
    writeToFile(bytes);
  };

  /** A full disk must neither end the process nor fill standard output with complaints. */
  const writeToFile = (bytes: Uint8Array) => {
    const target = file;
    if (!target) return;
    try {
      target.write(bytes);
      fileFails = false;
    } catch (error) {
      if (fileFails) return;
      fileFails = true;
      logger.error("Cannot write to the log file", { file: target.path, error });
    }
  };

  const apply = (next: LoggingSettings) => {
    current = next;
    return configure({
      reset: true,
      sinks: { lines: sink },
      loggers: [
        { category: CATEGORY, lowestLevel: next.debug ? "debug" : next.level, sinks: ["lines"] },
        { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["lines"] },
      ],
    });
  };

  await apply(settings);
  return {
    logger,
    counts: () => ({ ...counts }),
    registerSecrets: (secrets) => redactor.register(secrets.map((secret) => secret.reveal())),
    async reconfigure(next) {
      const old = file;
      if (next.logFile !== old?.path) {
        file = next.logFile === undefined ? undefined : openLogFile(next.logFile);
        fileFails = false;
      }
      await apply(next);
      if (old !== file) old?.close();
    },
    reopen() {
      try {
        file?.reopen();
        fileFails = false;
      } catch (error) {
        logger.error("Cannot reopen the log file, the old one stays in use", { error });
      }
    },
    async close() {
      await reset();
      file?.close();
      file = undefined;
    },
  };
}

function lineOf(
  record: LogRecord,
  level: LogLevel,
  { format, debug }: LoggingSettings,
  redact: Redact,
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

function levelOf({ level }: LogRecord): LogLevel {
  if (level === "trace") return "debug";
  return level === "fatal" ? "error" : level;
}
