/**
 * The command line: run (default), check, version, help.
 *
 * @module
 */
import { Command, CommanderError } from "commander";
import { App } from "./app.ts";
import { COLLECTOR_SECTIONS } from "./collectors/sections.ts";
import { ConfigError, formatConfigError } from "./config/errors.ts";
import { type ConfigEnvironment, loadConfig, systemEnvironment } from "./config/load.ts";
import type { ConfigWarning } from "./config/types.ts";
import type { BuildInfo } from "./base/build_info.ts";

/** What the command line needs from the world, so that a test can pass its own. */
export interface CliIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly environment: ConfigEnvironment;
  /** Runs the exporter until it is told to stop. */
  readonly serve: (options: RunOptions, build: BuildInfo) => Promise<void>;
}

/** Options of the default command. */
export interface RunOptions {
  readonly config: string;
  readonly debug: boolean;
  readonly trace: boolean;
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
      const { config, strict } = command.optsWithGlobals<{ config: string; strict: boolean }>();
      exitCode = await check(config, strict, io);
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

async function check(file: string, strict: boolean, io: CliIo): Promise<number> {
  const { config, warnings } = await loadConfig(file, io.environment, COLLECTOR_SECTIONS);
  for (const warning of warnings) io.err(`${describeWarning(warning)}\n`);
  const unknown = warnings.filter(({ kind }) => kind === "unknown-key").length;
  if (strict && unknown > 0) {
    io.err(`${file}: ${unknown} unknown key(s), which --strict does not allow\n`);
    return EXIT_FAILURE;
  }
  const names = config.sites.map(({ site }) => site).join(", ");
  io.out(`${file}: the configuration is valid; sites: ${names}\n`);
  return EXIT_OK;
}

function describeWarning({ file, line, column, message }: ConfigWarning): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return `${place}: warning: ${message}`;
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

/** Runs the exporter until SIGTERM or SIGINT; a second signal ends the process at once. */
async function serveUntilSignal(options: RunOptions, build: BuildInfo): Promise<void> {
  let app: App | undefined;
  const { promise: told, resolve: tell } = Promise.withResolvers<Deno.Signal>();
  let signals = 0;
  const onSignal = (signal: Deno.Signal) => () => {
    signals += 1;
    if (signals > 1) Deno.exit(EXIT_FAILURE);
    tell(signal);
  };
  const handlers: { signal: Deno.Signal; handler: () => void }[] = stopSignals()
    .map((signal) => ({ signal, handler: onSignal(signal) }));
  // A reload asked for before the exporter has read its configuration changes nothing, but must not
  // end it.
  if (Deno.build.os !== "windows") handlers.push({ signal: "SIGHUP", handler: () => {} });
  for (const { signal, handler } of handlers) Deno.addSignalListener(signal, handler);
  const onUnhandled = (event: PromiseRejectionEvent) => {
    // Nothing is thrown out of the process: a fault here costs a log line, not the exporter.
    event.preventDefault();
    app?.logger.error("unhandled rejection: please report this fault", { error: event.reason });
  };
  globalThis.addEventListener("unhandledrejection", onUnhandled);
  try {
    app = await App.start({
      configFile: options.config,
      debug: options.debug,
      traceBodies: options.trace,
      build,
    });
    const signal = await told;
    app.logger.info("stopping", { signal });
    await app.shutdown();
  } finally {
    globalThis.removeEventListener("unhandledrejection", onUnhandled);
    for (const { signal, handler } of handlers) Deno.removeSignalListener(signal, handler);
  }
}

function stopSignals(): Deno.Signal[] {
  return Deno.build.os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];
}
