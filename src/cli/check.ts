/**
 * The command `check`: everything that is to be said about a configuration, without a request to a
 * primary.
 *
 * @module
 */
import { type ConfigFiles, type Loaded, loadFiles } from "../app/load.ts";
import { effectiveConfig } from "../config/comparison/effective.ts";
import { type EffectiveChange, effectiveChanges } from "../config/comparison/effective_diff.ts";
import { formatConfigWarning } from "../config/errors.ts";
import type { CliIo } from "./io.ts";
import { fetchRunningConfig, localUrl, shownUrl } from "./running_config.ts";

/** What is checked beside the files themselves. */
export interface CheckOptions {
  /** Unknown keys are errors. */
  readonly strict: boolean;
  /** Base URL of a running exporter to compare with; true = where this configuration listens. */
  readonly diff?: string | true | undefined;
}

/**
 * Checks a configuration, and the web configuration if there is one.
 *
 * @returns Whether it is valid.
 * @throws ConfigError With every problem, unknown keys among its warnings.
 * @throws Error When the running exporter does not tell its configuration.
 */
export async function check(
  files: ConfigFiles,
  { strict, diff }: CheckOptions,
  io: CliIo,
): Promise<boolean> {
  const { configFile: file } = files;
  const loaded = await loadFiles(files, io.environment);
  const { config, warnings } = loaded;
  for (const warning of warnings) io.err(`${formatConfigWarning(warning)}\n`);
  const unknown = warnings.filter(({ kind }) => kind === "unknown-key").length;
  if (strict && unknown > 0) {
    io.err(`${file}: ${unknown} unknown key(s), which --strict does not allow\n`);
    return false;
  }
  const names = config.sites.map(({ site }) => printable(site)).join(", ");
  io.out(`${file}: the configuration is valid; sites: ${names}\n`);
  if (diff !== undefined) await showChanges(loaded, diff, io);
  return true;
}

async function showChanges(loaded: Loaded, diff: string | true, io: CliIo): Promise<void> {
  const url = diff === true ? localUrl(loaded) : diff;
  const running = await fetchRunningConfig(url, io);
  let changes: readonly EffectiveChange[];
  try {
    changes = effectiveChanges(running, effectiveConfig(loaded.config));
  } catch (cause) {
    throw new Error(`${shownUrl(url)}/config is not the configuration of an nbu_exporter`, {
      cause,
    });
  }
  const lines = changes.length === 0
    ? [`a reload of ${shownUrl(url)} would change nothing that is shown`]
    : [`a reload of ${shownUrl(url)} would change:`, ...changes.map(formatChange)];
  io.out(`${lines.join("\n")}
not compared: secrets, the contents of files that are named, and the web configuration
`);
}

function formatChange({ key, before, after }: EffectiveChange): string {
  if (before === undefined) return printable(`  + ${key}: ${after}`);
  if (after === undefined) return printable(`  - ${key}: ${before}`);
  return printable(`  ~ ${key}: ${before} -> ${after}`);
}

/** A text that would garble the terminal is shown escaped. */
function printable(text: string): string {
  return /\p{C}/u.test(text) ? JSON.stringify(text) : text;
}
