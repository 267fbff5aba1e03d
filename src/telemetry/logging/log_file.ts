/**
 * The log file.
 *
 * @module
 */

/** Thrown when the log file cannot be opened. */
export class LogFileError extends Error {
  override readonly name = "LogFileError";
  /** The file, as the configuration names it. */
  readonly path: string;

  /**
   * @param path The file.
   * @param cause Why it cannot be opened.
   */
  constructor(path: string, cause: unknown) {
    super(
      `Cannot open the log file "${path}": ${
        reasonOf(cause)
      }; let the user of the exporter write ` +
        `to it, or change "server.logName"`,
      { cause },
    );
    this.path = path;
  }
}

/** Where lines go. */
export interface LineWriter {
  /**
   * Writes whole lines.
   *
   * @throws What the system says when it cannot.
   */
  write(bytes: Uint8Array): void;
}

/** A file that is appended to. */
export interface LogFile extends LineWriter {
  readonly path: string;
  /**
   * Opens the file again under its name, which another file may bear by now.
   *
   * @throws LogFileError When it cannot be opened; the old file stays in use.
   */
  reopen(): void;
  /** Closes the file. Writing after it does nothing. */
  close(): void;
}

/**
 * Opens a log file for appending and makes it, readable by owner and group, where there is none.
 *
 * @throws LogFileError
 */
export function openLogFile(path: string): LogFile {
  let file: Deno.FsFile | undefined = open(path);
  return {
    path,
    write(bytes) {
      if (file) writeAll(file, bytes);
    },
    reopen() {
      const old = file;
      file = open(path);
      old?.close();
    },
    close() {
      file?.close();
      file = undefined;
    },
  };
}

/** Writes all bytes, however many the system takes at a time. */
export function writeAll(
  writer: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  let written = 0;
  while (written < bytes.length) written += writer.writeSync(bytes.subarray(written));
}

function open(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { append: true, create: true, mode: 0o640 });
  } catch (cause) {
    throw new LogFileError(path, cause);
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "its folder does not exist";
  if (cause instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (cause instanceof Deno.errors.NotCapable) return "Deno was started without --allow-write";
  return cause instanceof Error ? cause.message : String(cause);
}
