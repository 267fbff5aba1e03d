/**
 * The log of commands whose result goes to standard output: it goes to standard error.
 *
 * @module
 */
import type { Config } from "../config/types.ts";
import { configureLogging, type LoggingHandle } from "../telemetry/logging.ts";
import type { CliIo } from "./io.ts";
import type { GlobalOptions } from "./run_options.ts";

/**
 * Sets it up: errors only, as commands print what fails themselves; more with `--debug`, `--trace` or
 * `--log.level`.
 */
export async function logToStderr(
  { debug, trace, overrides }: GlobalOptions,
  config: Config,
  io: CliIo,
): Promise<LoggingHandle> {
  const decoder = new TextDecoder();
  const logging = await configureLogging({
    level: overrides.logLevel ?? (trace ? "info" : "error"),
    format: overrides.logFormat ?? "text",
    debug,
  }, {
    stdout: {
      write(bytes) {
        io.err(decoder.decode(bytes, { stream: true }));
        return Promise.resolve(bytes.length);
      },
    },
  });
  logging.registerSecrets(config.sites.map(({ apiKey }) => apiKey));
  return logging;
}
