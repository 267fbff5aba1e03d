/**
 * Options of the default command.
 *
 * @module
 */
import type { ConfigOverrides } from "../config/overrides.ts";

/** Options that all commands share. */
export interface GlobalOptions {
  /** The configuration file. */
  readonly config: string;
  /** Log at debug level. */
  readonly debug: boolean;
  /** Log the bodies of NetBackup's responses. */
  readonly trace: boolean;
  /** The web configuration; undefined serves plain HTTP to everyone. */
  readonly webConfigFile: string | undefined;
  /** What the command line says in place of the configuration file. */
  readonly overrides: ConfigOverrides;
}

/** Options of the default command. */
export interface RunOptions extends GlobalOptions {
  /** Allow `POST /-/reload` and `POST /-/quit`. */
  readonly enableLifecycle: boolean;
}
