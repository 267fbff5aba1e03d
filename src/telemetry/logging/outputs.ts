/**
 * The places that lines go to: standard output and, where configured, a file.
 *
 * @module
 */
import type { Logger } from "../logger.ts";
import { LineQueue } from "./line_queue.ts";
import { type LogFile, openLogFile } from "./log_file.ts";
import { type StandardOutput, standardOutput } from "./standard_output.ts";
import type { AsyncWriter } from "./write_all.ts";

/** How long the last lines of an output may take, in milliseconds: its reader may have stalled. */
const FLUSH_TIMEOUT_MS = 1000;

/** Where lines go. */
export type LogSink = "stdout" | "file";

/** Lines lost since the start, by the place they were meant for. */
export type DroppedLines = Readonly<Record<LogSink, number>>;

/** What the outputs need. */
export interface LogOutputsOptions {
  readonly stdout: AsyncWriter;
  /** Bytes that may wait for each output; undefined = as `LineQueue` has it. */
  readonly maxQueuedBytes: number | undefined;
  /** For what happens to the outputs themselves. */
  readonly logger: Logger;
}

/** A log file and the lines on their way into it. */
interface QueuedFile {
  readonly file: LogFile;
  readonly queue: LineQueue;
}

/** Takes lines at once and writes them when the reader or the disk is ready. */
export class LogOutputs {
  readonly #options: LogOutputsOptions;
  readonly #output: StandardOutput;
  readonly #outputQueue: LineQueue;
  readonly #dropped: Record<LogSink, number> = { stdout: 0, file: 0 };
  #file: QueuedFile | undefined;

  constructor(options: LogOutputsOptions) {
    this.#options = options;
    const output = standardOutput(options.stdout);
    this.#output = output;
    this.#outputQueue = this.#queue("stdout", (bytes) => output.write(bytes));
  }

  /** Adds a line to all outputs. */
  add(line: Uint8Array): void {
    this.#outputQueue.add(line);
    this.#file?.queue.add(line);
  }

  /** Lines lost so far. */
  dropped(): DroppedLines {
    return { ...this.#dropped };
  }

  /**
   * Changes to another file; the present one changes nothing.
   *
   * @param path The file; undefined = none.
   * @throws LogFileError When it cannot be opened; then nothing has changed.
   */
  async useFile(path: string | undefined): Promise<void> {
    if (path === this.#file?.file.path) return;
    await this.#replaceFile(path);
  }

  /** Opens the file again under its name. When that fails it is logged, and the old one stays. */
  async reopenFile(): Promise<void> {
    if (!this.#file) return;
    try {
      await this.#replaceFile(this.#file.file.path);
    } catch (error) {
      this.#options.logger.error("cannot reopen the log file: the old one stays in use", { error });
    }
  }

  /** Waits until all lines are written, but not for a reader or a disk that has stalled. */
  async flush(): Promise<void> {
    // The file first: that it cannot be written to is told on standard output.
    await this.#file?.queue.flush(FLUSH_TIMEOUT_MS);
    await this.#outputQueue.flush(FLUSH_TIMEOUT_MS);
  }

  /** Writes what can be written soon, then gives up on the rest. */
  async close(): Promise<void> {
    await this.flush();
    this.#output.close();
    this.#file?.file.close();
    this.#file = undefined;
  }

  async #replaceFile(path: string | undefined): Promise<void> {
    const next = path === undefined ? undefined : await this.#openFile(path);
    const old = this.#file;
    this.#file = next;
    await old?.queue.flush(FLUSH_TIMEOUT_MS);
    old?.file.close();
  }

  async #openFile(path: string): Promise<QueuedFile> {
    const file = await openLogFile(path);
    return { file, queue: this.#queue("file", (bytes) => file.write(bytes), path) };
  }

  #queue(sink: LogSink, write: (bytes: Uint8Array) => Promise<void>, path?: string): LineQueue {
    const { logger, maxQueuedBytes } = this.#options;
    let failing = false;
    return new LineQueue({
      write,
      ...(maxQueuedBytes === undefined ? {} : { maxBytes: maxQueuedBytes }),
      onDropped: (lines) => {
        this.#dropped[sink] += lines;
      },
      onRecovered: (lines) => {
        failing = false;
        logger.warn("dropped log lines: output too slow", { sink, lines });
      },
      onError: (error) => {
        // Once: a full disk must not fill standard output with complaints.
        if (path !== undefined && !failing) {
          logger.error("cannot write to the log file", { file: path, error });
        }
        failing = true;
      },
    });
  }
}
