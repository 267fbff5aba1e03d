/**
 * Reads files that an operator named without ever blocking on them: opening a named pipe blocks, a
 * device may never end, and a call to a hung file system never returns.
 *
 * @module
 */
import { withinLimits } from "./within_limits.ts";

/** Configurations and certificate bundles are far smaller. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Time limit for reading one file, in milliseconds. */
const READ_TIMEOUT_MS = 10_000;

/** A file that is there but not to be read; the message says why. */
export class UnusableFileError extends Error {
  override readonly name = "UnusableFileError";
}

/** The parts of `Deno` that are used. */
export type FileSystem = Pick<typeof Deno, "stat" | "open">;

/** Limits of reading a file. */
export interface ReadLimits {
  /** Ends the wait at once. */
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds. @default {10_000} */
  readonly timeoutMs?: number;
  /** @default {4_194_304} */
  readonly maxBytes?: number;
}

/**
 * Reads a regular file, symbolic links followed.
 *
 * @throws {UnusableFileError} When it is no regular file, too large, or takes too long.
 * @throws What the system says, or the reason of the signal.
 */
export async function readRegularFile(
  path: string,
  limits: ReadLimits = {},
  system: FileSystem = Deno,
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, timeoutMs = READ_TIMEOUT_MS, maxBytes = MAX_BYTES } = limits;
  return await withinLimits((stop) => read(path, maxBytes, system, stop), {
    signal,
    timeoutMs,
    onTimeout: () =>
      new UnusableFileError(
        `reading it took longer than ${timeoutMs / 1000} s; the file system may hang`,
      ),
  });
}

async function read(
  path: string,
  maxBytes: number,
  system: FileSystem,
  stop: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  // Checked before it is opened: opening a named pipe waits until somebody writes to it.
  assertRegular(await system.stat(path), maxBytes);
  stop.throwIfAborted();
  using file = await system.open(path);
  // Checked again, as the file may have been replaced in between.
  assertRegular(await file.stat(), maxBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    stop.throwIfAborted();
    const chunk = new Uint8Array(64 * 1024);
    const count = await file.read(chunk);
    if (count === null) break;
    size += count;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk.subarray(0, count));
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function assertRegular(info: Deno.FileInfo, maxBytes: number): void {
  if (info.isDirectory) throw new Deno.errors.IsADirectory("it is a directory");
  if (!info.isFile) {
    throw new UnusableFileError("it is not a regular file but a named pipe, a socket or a device");
  }
  if (info.size > maxBytes) throw tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): UnusableFileError {
  return new UnusableFileError(`it is larger than ${Math.floor(maxBytes / 1024)} KiB`);
}
