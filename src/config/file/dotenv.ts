/**
 * Variables from a `.env` file.
 *
 * @module
 */
import { join } from "node:path";
import { DotenvSyntaxError, parseDotenv } from "./dotenv_syntax.ts";
import { readFault } from "./environment.ts";
import type { VariableLookup } from "./interpolate.ts";

/** What was found in the way of `.env` files. */
export interface Dotenv {
  /** Absolute path of the file that was read. */
  readonly file: string | undefined;
  /** Files that are there and cannot be used, with the reason. */
  readonly unusable: readonly string[];
  /** Looks into the environment first, then into the file. */
  readonly lookup: VariableLookup;
}

/** Where `.env` files are looked for, and with what. */
export interface DotenvOptions {
  readonly cwd: string;
  /** Absolute path of the folder of the configuration file. */
  readonly configFolder: string;
  readonly get: VariableLookup;
  readonly readTextFile: (path: string) => Promise<string>;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads `.env` in the working directory, or else beside the configuration file. A variable that is
 * set in the environment keeps its value; the environment itself is not changed. A file that cannot
 * be used is no error: somebody else's `.env` may lie in the working directory.
 */
export async function readDotenv(options: DotenvOptions): Promise<Dotenv> {
  const unusable: string[] = [];
  for (const folder of new Set([options.cwd, options.configFolder])) {
    const file = join(folder, ".env");
    try {
      const content = await options.readTextFile(file);
      const variables = parseDotenv(content, options.get);
      return { file, unusable, lookup: (name) => options.get(name) ?? variables.get(name) };
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) {
        continue;
      }
      unusable.push(
        error instanceof DotenvSyntaxError
          ? `"${file}" is not used: line ${error.line}: ${error.message}`
          : `"${file}" cannot be read: ${readFault(error)}`,
      );
    }
  }
  return { file: undefined, unusable, lookup: options.get };
}
