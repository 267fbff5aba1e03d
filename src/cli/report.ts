/**
 * The command `report`: asks a running exporter for the morning report and prints it. Only a running
 * one has watched the jobs of the night; nothing is collected here.
 *
 * @module
 */
import { resolve } from "node:path";
import { loadFiles } from "../app/load.ts";
import { systemClock } from "../base/clock.ts";
import { startDeadline } from "../base/deadline.ts";
import { basicAuthorization } from "./basic_auth.ts";
import type { CliIo } from "./io.ts";
import type { GlobalOptions } from "./run_options.ts";
import { localUrl } from "./running_config.ts";

/** What is asked for, and where. */
export interface ReportOptions {
  /** Address of the exporter; undefined = where the configuration says that it listens. */
  readonly url: string | undefined;
  /** How far to look back: `24h`, `7d`. */
  readonly window: string;
  /** `text`, `csv`, `json` or `html`. */
  readonly format: string;
  /** File of certificate authorities to trust, PEM, in place of those of the system. */
  readonly caFile: string | undefined;
  /** Whom to log in as; undefined = nobody. */
  readonly user: string | undefined;
}

/** Environment variable with the password of the user. */
const PASSWORD_VARIABLE = "NBU_EXPORTER_PASSWORD";

/** An exporter has what it shows in memory. In milliseconds. */
const TIMEOUT_MS = 30_000;

/** The report cannot be had. The message says what to do. */
class ReportError extends Error {
  override readonly name = "ReportError";
}

/**
 * Prints the report of a running exporter.
 *
 * @throws ReportError When there is none to be had.
 * @throws ConfigError When the address is to come from the configuration, and that is bad.
 */
export async function printReport(
  global: GlobalOptions,
  options: ReportOptions,
  io: CliIo,
  send: typeof fetch = fetch,
): Promise<void> {
  const base = options.url ?? await configuredUrl(global, io);
  const address = reportUrl(base, options);
  const client = options.caFile === undefined
    ? undefined
    : await clientTrusting(options.caFile, io);
  try {
    const headers = headersOf(options, io);
    const { response, text } = await ask(address, base, { send, client, headers });
    if (!response.ok) throw new ReportError(refusalOf(response, text, base));
    io.out(text.endsWith("\n") ? text : `${text}\n`);
  } finally {
    client?.close();
  }
}

async function configuredUrl(global: GlobalOptions, { environment }: CliIo): Promise<string> {
  const { config: configFile, webConfigFile, overrides } = global;
  return localUrl(await loadFiles({ configFile, webConfigFile, overrides }, environment));
}

function reportUrl(base: string, { window, format }: ReportOptions): URL {
  const address = URL.parse(base);
  if (!address || !["http:", "https:"].includes(address.protocol)) {
    throw new ReportError(`"${base}" is no address: expected one such as http://localhost:9440`);
  }
  const report = new URL(`${address.pathname.replace(/\/$/, "")}/report`, address);
  report.searchParams.set("window", window);
  report.searchParams.set("format", format);
  return report;
}

async function clientTrusting(file: string, { environment }: CliIo): Promise<Deno.HttpClient> {
  try {
    const pem = await environment.readTextFile(resolve(environment.cwd, file));
    return Deno.createHttpClient({ caCerts: [pem] });
  } catch (error) {
    throw new ReportError(`cannot use the file "${file}" of --ca-file: ${messageOf(error)}`);
  }
}

function headersOf({ user }: ReportOptions, { environment }: CliIo): Headers {
  const headers = new Headers();
  if (user === undefined) return headers;
  const password = environment.get(PASSWORD_VARIABLE);
  if (password === undefined) {
    throw new ReportError(`--user needs the password in the environment, as ${PASSWORD_VARIABLE}`);
  }
  headers.set("Authorization", basicAuthorization(user, password));
  return headers;
}

interface Asking {
  readonly send: typeof fetch;
  readonly client: Deno.HttpClient | undefined;
  readonly headers: Headers;
}

async function ask(
  address: URL,
  base: string,
  { send, client, headers }: Asking,
): Promise<{ response: Response; text: string }> {
  using limit = startDeadline({
    clock: systemClock,
    milliseconds: TIMEOUT_MS,
    reason: () => new Error(`no response within ${TIMEOUT_MS / 1000} s`),
  });
  const { signal } = limit;
  try {
    const response = await send(address, { headers, signal, ...(client ? { client } : {}) });
    return { response, text: await response.text() };
  } catch (error) {
    throw new ReportError(
      `cannot reach the exporter at ${base}: ${
        messageOf(error)
      }. The report comes from a running ` +
        "exporter: start it, or say with --url where it is (and with --ca-file whom to trust)",
    );
  }
}

function refusalOf({ status }: Response, text: string, base: string): string {
  if (status === 401) {
    return `the exporter at ${base} asks for a password: give --user NAME and ${PASSWORD_VARIABLE}`;
  }
  const [line = ""] = text.trim().split("\n");
  const older = status === 404 ? "; is it an nbu_exporter of this version?" : "";
  return `the exporter at ${base} refuses the report with status ${status}: ${line}${older}`;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
