/**
 * The command `check`: everything that is to be said about a configuration, without a request.
 *
 * @module
 */
import { type ConfigFiles, loadFiles } from "../app/load.ts";
import { formatConfigWarning } from "../config/errors.ts";
import type { CliIo } from "./io.ts";

/**
 * Checks a configuration, and the web configuration if there is one.
 *
 * @param strict Unknown keys are errors.
 * @returns Whether it is valid.
 * @throws ConfigError With every problem, unknown keys among its warnings.
 */
export async function check(files: ConfigFiles, strict: boolean, io: CliIo): Promise<boolean> {
  const { configFile: file } = files;
  const { config, warnings } = await loadFiles(files, io.environment);
  for (const warning of warnings) io.err(`${formatConfigWarning(warning)}\n`);
  const unknown = warnings.filter(({ kind }) => kind === "unknown-key").length;
  if (strict && unknown > 0) {
    io.err(`${file}: ${unknown} unknown key(s), which --strict does not allow\n`);
    return false;
  }
  const names = config.sites.map(({ site }) => printable(site)).join(", ");
  io.out(`${file}: the configuration is valid; sites: ${names}\n`);
  return true;
}

/** A name that would garble the terminal is shown escaped. */
function printable(name: string): string {
  return /\p{C}/u.test(name) ? JSON.stringify(name) : name;
}
