/**
 * The flags, under the names that exporters of the Prometheus project have and under those of the Go
 * exporter.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { LogLevel } from "../base/log_level.ts";
import { endpointFault, withoutBrackets } from "../config/schema/host.ts";
import type { ListenAddress } from "../config/overrides.ts";
import { metricsPathFault } from "../config/schema/http_path.ts";
import type { RunOptions } from "./run_options.ts";

/** The configuration file unless one is named. */
const DEFAULT_CONFIG = "config.yaml";

/** What Go's `:9440` listens on. */
const ALL_ADDRESSES = "0.0.0.0";

const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: "debug",
  info: "info",
  warn: "warning",
  warning: "warning",
  error: "error",
};

/** Options as commander gives them, by the long flag; dashes inside make the next letter a capital. */
interface Flags {
  readonly config?: string;
  readonly "config.file"?: string;
  readonly debug?: boolean;
  readonly trace?: boolean;
  readonly "web.listenAddress"?: readonly ListenAddress[];
  readonly "web.telemetryPath"?: string;
  readonly "web.enableLifecycle"?: boolean;
  readonly "web.config.file"?: string;
  readonly "log.level"?: string;
  readonly "log.format"?: string;
}

/** Adds the flags to the program; they may stand before or after the name of a command. */
export function addFlags(program: Command): Command {
  return program
    .option("-c, --config <file>", `configuration file (default: ${DEFAULT_CONFIG})`)
    .option("--config.file <file>", "the same")
    .option("-d, --debug", "log at debug level, with the stacks of errors")
    .option("--trace", "log the bodies of NetBackup's responses (no headers, no credentials)")
    .option(
      "--web.listen-address <address>",
      'address to listen on, ":9440" or "127.0.0.1:9440", in place of server.host and server.port; ' +
        "may be given several times",
      listenAddresses,
    )
    .option(
      "--web.telemetry-path <path>",
      "path of the metrics page, in place of server.uri",
      telemetryPath,
    )
    .option("--web.enable-lifecycle", "allow POST /-/reload and POST /-/quit")
    .option(
      "--web.config.file <file>",
      "TLS and passwords, as exporters of the Prometheus project have",
    )
    .addOption(
      new Option("--log.level <level>", "in place of logging.level")
        .choices(["debug", "info", "warn", "warning", "error"]),
    )
    .addOption(
      new Option("--log.format <format>", "in place of logging.format").choices(["logfmt", "json"]),
    );
}

/** The options that the flags stand for. */
export function readFlags(flags: Flags): RunOptions {
  const level = flags["log.level"];
  const format = flags["log.format"];
  return {
    config: flags["config.file"] ?? flags.config ?? DEFAULT_CONFIG,
    debug: flags.debug ?? false,
    trace: flags.trace ?? false,
    webConfigFile: flags["web.config.file"],
    enableLifecycle: flags["web.enableLifecycle"] ?? false,
    overrides: {
      listen: flags["web.listenAddress"],
      metricsPath: flags["web.telemetryPath"],
      logLevel: level === undefined ? undefined : LEVELS[level],
      logFormat: format === undefined ? undefined : format === "json" ? "json" : "text",
    },
  };
}

/** The URL of an exporter, for flags that take one. */
export function exporterUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? "")) return text;
  throw new InvalidArgumentError("Expected a URL such as http://127.0.0.1:9440.");
}

function listenAddresses(
  text: string,
  others: readonly ListenAddress[] = [],
): readonly ListenAddress[] {
  const address = text.startsWith(":") ? `${ALL_ADDRESSES}${text}` : text;
  const fault = endpointFault(address);
  if (fault !== undefined) throw new InvalidArgumentError(`Expected HOST:PORT or :PORT; ${fault}.`);
  const colon = address.lastIndexOf(":");
  const [host, port] = [withoutBrackets(address.slice(0, colon)), Number(address.slice(colon + 1))];
  // The same address twice is one address.
  const known = others.some((other) => other.host === host && other.port === port);
  return known ? others : [...others, { host, port }];
}

function telemetryPath(text: string): string {
  const fault = metricsPathFault(text);
  if (fault !== undefined) throw new InvalidArgumentError(`${fault}.`);
  return text;
}
