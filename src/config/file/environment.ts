/**
 * What loading needs from the outside.
 *
 * @module
 */

/** Environment variables, files and the working directory. */
export interface ConfigEnvironment {
  /** Value of an environment variable. */
  readonly get: (name: string) => string | undefined;
  /** Reads a whole file as UTF-8. */
  readonly readTextFile: (path: string) => Promise<string>;
  /** Absolute path of the working directory. */
  readonly cwd: string;
}

/** The real environment of this process. */
export function systemEnvironment(): ConfigEnvironment {
  return {
    get: (name) => Deno.env.get(name),
    readTextFile: (path) => Deno.readTextFile(path),
    cwd: Deno.cwd(),
  };
}

/** Why a file cannot be read, in words. */
export function readFault(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  if (error instanceof Deno.errors.PermissionDenied) return "the permission to read it is missing";
  if (error instanceof Deno.errors.NotCapable) {
    return "Deno was started without --allow-read for it";
  }
  return error instanceof Error ? error.message : String(error);
}
