/**
 * Variables from a `.env` file.
 *
 * @module
 */
import { join } from "node:path";
import { parseEnv } from "node:util";
import { readFault } from "./environment.ts";
import type { VariableLookup } from "./interpolate.ts";

/** What was found in the way of `.env` files. */
export interface Dotenv {
  /** Absolute path of the file that was read. */
  readonly file: string | undefined;
  /** Its content. */
  readonly content: string | undefined;
  /** Files that are there and cannot be read, with the reason. */
  readonly unreadable: readonly string[];
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
}

/**
 * Reads `.env` in the working directory, or else beside the configuration file. A variable that is
 * set in the environment keeps its value; the environment itself is not changed. A file that cannot
 * be read is no error: somebody else's `.env` may lie in the working directory.
 */
export async function readDotenv(options: DotenvOptions): Promise<Dotenv> {
  const unreadable: string[] = [];
  for (const folder of new Set([options.cwd, options.configFolder])) {
    const file = join(folder, ".env");
    try {
      const content = await options.readTextFile(file);
      const variables = new Map(Object.entries(parseEnv(content.replace(/^\uFEFF/, ""))));
      return {
        file,
        content,
        unreadable,
        lookup: (name) => options.get(name) ?? variables.get(name),
      };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) {
        continue;
      }
      unreadable.push(`"${file}" cannot be read: ${readFault(error)}`);
    }
  }
  return { file: undefined, content: undefined, unreadable, lookup: options.get };
}
