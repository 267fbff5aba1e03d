/**
 * The command line: run (default), check, version, help.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { loadFiles } from "./app/load.ts";
import { type RunOptions, serveUntilSignal } from "./cli/serve.ts";
import { ConfigError, formatConfigError, formatConfigWarning } from "./config/errors.ts";
import { type ConfigEnvironment, systemEnvironment } from "./config/load.ts";
import type { BuildInfo } from "./base/build_info.ts";

export type { RunOptions } from "./cli/serve.ts";

/** What the command line needs from the world, so that a test can pass its own. */
export interface CliIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly environment: ConfigEnvironment;
  /** Runs the exporter until it is told to stop. */
  readonly serve: (options: RunOptions, build: BuildInfo) => Promise<void>;
}

const EXIT_OK = 0;
const EXIT_FAILURE = 1;

/**
 * Runs the program.
 *
 * @param args Arguments without the program's name.
 * @returns The exit code: 0 after a regular end, 1 when the configuration is bad, the port is taken
 *   or the arguments make no sense.
 */
export async function main(
  args: readonly string[],
  build: BuildInfo,
  io: CliIo = systemIo,
): Promise<number> {
  let exitCode = EXIT_OK;
  const program = new Command("nbu_exporter")
    .description("Prometheus exporter for Veritas/Cohesity NetBackup")
    .option("-c, --config <file>", "configuration file", "config.yaml")
    .option("--web.config.file <file>", "TLS and authentication (docs/web-configuration.md)")
    .option("-d, --debug", "log at debug level", false)
    .option("--trace", "log the bodies of NetBackup's answers (no headers, no credentials)", false)
    .version(versionText(build), "-V, --version", "print version, commit and runtime")
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .action(async (options: RunOptions) => {
      await io.serve(options, build);
    });
  program.command("check")
    .description("check the configuration and exit")
    .option("--strict", "unknown keys are errors", false)
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<RunOptions & { strict: boolean }>();
      exitCode = await check(options, options.strict, io);
    });
  program.command("version")
    .description("print version, commit and runtime")
    .action(() => io.out(`${versionText(build)}\n`));

  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_FAILURE;
    io.err(`${describe(error)}\n`);
    return EXIT_FAILURE;
  }
}

async function check(options: RunOptions, strict: boolean, io: CliIo): Promise<number> {
  const file = options.config;
  const { config, warnings } = await loadFiles(
    { configFile: file, webConfigFile: options["web.config.file"] },
    io.environment,
  );
  for (const warning of warnings) io.err(`${formatConfigWarning(warning)}\n`);
  const unknown = warnings.filter(({ kind }) => kind === "unknown-key").length;
  if (strict && unknown > 0) {
    io.err(`${file}: ${unknown} unknown key(s), which --strict does not allow\n`);
    return EXIT_FAILURE;
  }
  const names = config.sites.map(({ site }) => printable(site)).join(", ");
  io.out(`${file}: the configuration is valid; sites: ${names}\n`);
  return EXIT_OK;
}

/** A name that would garble the terminal is shown escaped. */
function printable(name: string): string {
  return /\p{C}/u.test(name) ? JSON.stringify(name) : name;
}

function describe(error: unknown): string {
  if (error instanceof ConfigError) return formatConfigError(error);
  return `nbu_exporter: ${error instanceof Error ? error.message : String(error)}`;
}

function versionText({ version, commit }: BuildInfo): string {
  return `nbu_exporter ${version} (commit ${commit}, deno ${Deno.version.deno})`;
}

const systemIo: CliIo = {
  out: (text) => write(Deno.stdout, text),
  err: (text) => write(Deno.stderr, text),
  environment: systemEnvironment(),
  serve: serveUntilSignal,
};

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let sent = 0; sent < bytes.length;) sent += stream.writeSync(bytes.subarray(sent));
}
