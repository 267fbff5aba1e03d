/**
 * Sets up LogTape: one line per record to standard output and, where configured, to a file.
 * Called by the composition root only; everything else takes a `Logger`.
 *
 * @module
 */
import { configure, getLogger, type LogRecord, reset } from "@logtape/logtape";
import { createRedactor } from "../base/redactor.ts";
import type { Secret } from "../base/secret.ts";
import type { LogLevel } from "../base/log_level.ts";
import type { Logger } from "./logger.ts";
import { type DroppedLines, LogOutputs } from "./logging/outputs.ts";
import { levelOf, lineOf } from "./logging/record_line.ts";
import type { AsyncWriter } from "./logging/write_all.ts";

export { LogFileError } from "./logging/log_file.ts";
export type { DroppedLines, LogSink } from "./logging/outputs.ts";

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
  readonly stdout?: AsyncWriter;
  /**
   * Bytes that may wait for a slow reader or disk; lines beyond are dropped.
   *
   * @default {1048576}
   */
  readonly maxQueuedBytes?: number;
}

/** Lines logged since the start, by level. */
export type LogCounts = Readonly<Record<LogLevel, number>>;

/** The logging as it is set up. */
export interface LoggingHandle {
  /** The logger to hand to everything else; it stays valid over `reconfigure()`. */
  readonly logger: Logger;
  /** Lines logged so far. */
  counts(): LogCounts;
  /** Lines lost so far, as a reader, disk or file system did not take them in time. */
  dropped(): DroppedLines;
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
  reopen(): Promise<void>;
  /** Waits until the lines logged so far are written, but not for a reader that has stalled. */
  flush(): Promise<void>;
  /** Ends all logging, writes what is left as far as that can be done soon, and closes the file. */
  close(): Promise<void>;
}

/**
 * Sets up the logging of the process.
 *
 * @throws LogFileError When the log file cannot be opened.
 */
export async function configureLogging(
  settings: LoggingSettings,
  { stdout = Deno.stdout, maxQueuedBytes }: LoggingDependencies = {},
): Promise<LoggingHandle> {
  const redactor = createRedactor();
  const counts: Record<LogLevel, number> = { debug: 0, info: 0, warning: 0, error: 0 };
  const encoder = new TextEncoder();
  const logger: Logger = getLogger(CATEGORY);
  let current = settings;

  const outputs = new LogOutputs({ stdout, maxQueuedBytes, logger });
  await outputs.useFile(settings.logFile);

  const sink = (record: LogRecord) => {
    const level = levelOf(record);
    counts[level] += 1;
    outputs.add(encoder.encode(lineOf(record, level, current, redactor.redact)));
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
    dropped: () => outputs.dropped(),
    registerSecrets: (secrets) => redactor.register(secrets.map((secret) => secret.reveal())),
    async reconfigure(next) {
      await outputs.useFile(next.logFile);
      await apply(next);
    },
    reopen: () => outputs.reopenFile(),
    flush: () => outputs.flush(),
    async close() {
      await reset();
      await outputs.close();
    },
  };
}
