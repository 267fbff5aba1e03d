/**
 * The log file.
 *
 * @module
 */
import { messageOf } from "../../base/message_of.ts";
import { settlesWithin } from "../../base/settles_within.ts";
import { writeAll } from "./write_all.ts";

/** A named pipe without a reader, or a file system that hangs, would never open. */
const OPEN_TIMEOUT_MS = 3000;

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
      `cannot open the log file "${path}": ${
        reasonOf(cause)
      }; let the user of the exporter write ` +
        `to it, or change "server.logName"`,
      { cause },
    );
    this.path = path;
  }
}

/** A file that is appended to. */
export interface LogFile {
  readonly path: string;
  /**
   * Writes whole lines.
   *
   * @throws What the system says when it cannot.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes the file; it is not written to afterwards. */
  close(): void;
}

/**
 * Opens a log file for appending and makes it, readable by owner and group, where there is none.
 *
 * @param timeoutMs How long opening may take, in milliseconds.
 * @throws LogFileError
 */
export async function openLogFile(path: string, timeoutMs = OPEN_TIMEOUT_MS): Promise<LogFile> {
  const opening = Deno.open(path, { append: true, create: true, mode: 0o640 });
  if (!await settlesWithin(opening, timeoutMs)) {
    // Whoever opens the other end of a pipe later must not be left with a descriptor of ours.
    opening.then((late) => late.close(), () => {});
    throw new LogFileError(path, new Deno.errors.TimedOut("opening takes too long"));
  }
  try {
    const file = await opening;
    return { path, write: (bytes) => writeAll(file, bytes), close: () => file.close() };
  } catch (cause) {
    throw new LogFileError(path, cause);
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "its folder does not exist";
  if (cause instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (cause instanceof Deno.errors.NotCapable) return "Deno was started without --allow-write";
  if (cause instanceof Deno.errors.TimedOut) {
    return "it did not open in time, as a named pipe that nobody reads";
  }
  return messageOf(cause);
}
