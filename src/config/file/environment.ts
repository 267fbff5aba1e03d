/**
 * What loading needs from the outside.
 *
 * @module
 */
import { messageOf } from "../../base/message_of.ts";
import { decodeText } from "./decode_text.ts";
import { readRegularFile, UnusableFileError } from "./regular_file.ts";
import { withinLimits } from "./within_limits.ts";

/** Time limit for asking about one file, in milliseconds. */
const STAT_TIMEOUT_MS = 10_000;

/** What stands at a path. */
export interface FileFacts {
  /** `unknown`: the system does not say, for want of a permission perhaps. */
  readonly kind: "file" | "directory" | "pipe" | "other" | "unknown";
  /** Permission bits; undefined where the system has none. */
  readonly mode: number | undefined;
}

/** Environment variables, files and the working directory. */
export interface ConfigEnvironment {
  /** Value of an environment variable. */
  readonly get: (name: string) => string | undefined;
  /** Reads a whole regular file as text. */
  readonly readTextFile: (path: string, signal?: AbortSignal) => Promise<string>;
  /** What stands at a path, links followed; undefined if nothing does. */
  readonly factsOf: (path: string, signal?: AbortSignal) => Promise<FileFacts | undefined>;
  /** Absolute path of the working directory. */
  readonly cwd: string;
}

/** The real environment of this process. */
export function systemEnvironment(): ConfigEnvironment {
  return {
    get: (name) => Deno.env.get(name),
    readTextFile: async (path, signal) => decodeText(await readRegularFile(path, { signal })),
    factsOf: systemFacts,
    cwd: Deno.cwd(),
  };
}

async function systemFacts(path: string, signal?: AbortSignal): Promise<FileFacts | undefined> {
  try {
    const { isFile, isDirectory, isFifo, mode } = await withinLimits(() => Deno.stat(path), {
      signal,
      timeoutMs: STAT_TIMEOUT_MS,
      onTimeout: () => new UnusableFileError("asking about it took too long"),
    });
    const kind = isFile ? "file" : isDirectory ? "directory" : isFifo ? "pipe" : "other";
    const hasMode = mode !== null && Deno.build.os !== "windows";
    return { kind, mode: hasMode ? mode & 0o7777 : undefined };
  } catch (error) {
    signal?.throwIfAborted();
    const absent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    return absent ? undefined : { kind: "unknown", mode: undefined };
  }
}

/** Why a file cannot be read, in words. */
export function readFault(error: unknown): string {
  if (error instanceof UnusableFileError) return error.message;
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  if (error instanceof Deno.errors.PermissionDenied) return "the permission to read it is missing";
  if (error instanceof Deno.errors.NotCapable) {
    return "Deno was started without --allow-read for it";
  }
  return messageOf(error);
}
