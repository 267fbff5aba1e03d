/**
 * Runs the command line without a process.
 *
 * @module
 */
import type { CliIo } from "../../src/cli/io.ts";
import { main, type RunOptions } from "../../src/cli.ts";
import { memoryEnvironment, type MemoryWorld } from "../config/memory_environment.ts";

/** A valid configuration. */
export const VALID = `
server: {port: 9440}
nbuservers: [{site: a, host: a.example.com, apiKey: k}]
`;

const BUILD = { version: "1.2.3", commit: "abc" };

/** What there is beside the arguments. */
export interface CliWorld extends MemoryWorld {
  /** Content of `config.yaml` in the working directory. @default VALID */
  readonly config?: string;
  /** What running the exporter ends with; nothing when it ends well. */
  readonly serveError?: Error;
  /** Responds in place of a running exporter. */
  readonly fetch?: CliIo["fetch"];
  /** There is a terminal. @default {false} */
  readonly terminal?: boolean;
}

/** What came of it. */
export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What was shown on the terminal while it ran. */
  readonly progress: readonly string[];
  /** With what the exporter was run. */
  readonly served: readonly RunOptions[];
}

/** Runs the program with these arguments. */
export async function runCli(args: readonly string[], world: CliWorld = {}): Promise<CliResult> {
  const { config = VALID, serveError, terminal = false } = world;
  let out = "";
  let err = "";
  const served: RunOptions[] = [];
  const progress: string[] = [];
  const io: CliIo = {
    out: (text) => out += text,
    err: (text) => err += text,
    progress: terminal ? (text) => progress.push(text) : undefined,
    fetch: (url, init) =>
      world.fetch ? world.fetch(url, init) : Promise.reject(new Error(`nothing at ${url}`)),
    environment: memoryEnvironment({
      ...world,
      files: { "/work-dir/config.yaml": config, ...world.files },
    }),
    serve: (options) => {
      served.push(options);
      return serveError ? Promise.reject(serveError) : Promise.resolve();
    },
  };
  const code = await main(args, BUILD, io);
  return { code, out, err, progress, served };
}
