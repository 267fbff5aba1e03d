/**
 * What the command line needs from the world.
 *
 * @module
 */
import type { BuildInfo } from "../base/build_info.ts";
import type { ConfigEnvironment } from "../config/file/environment.ts";
import type { RunOptions } from "./run_options.ts";

/** What the command line needs from the world, so that a test can pass its own. */
export interface CliIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Shows how far a command is, in place of what was shown before; undefined without a terminal. */
  readonly progress?: ((text: string) => void) | undefined;
  readonly environment: ConfigEnvironment;
  /** Asks a running exporter. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Runs the exporter until it is told to stop. */
  readonly serve: (options: RunOptions, build: BuildInfo) => Promise<void>;
}
