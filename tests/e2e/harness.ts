/**
 * Starts the real program as a child process and talks to it from outside.
 *
 * @module
 */
import { join } from "node:path";
import { RUN_FLAGS } from "../../scripts/run_flags.ts";
import { type ParsedPage, parsePage } from "../testing/parsed_page.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

/** Generous: the machine may be busy with something else. */
const PATIENCE_MS = 60_000;

/** How the program is started. */
export interface ExporterOptions {
  /** The configuration; JSON is YAML. A text is taken as it is. */
  readonly config: unknown;
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  /** Directory of the configuration file; made where it is absent. */
  readonly directory: string;
  /** Program to run instead of `main.ts`: a bundle. Wins over `executable`. */
  readonly program?: string;
  /** A compiled or packaged exporter, to run in place of Deno. @default {NBU_EXPORTER_PROGRAM} */
  readonly executable?: string;
  /** More flags of Deno, where that runs the program. */
  readonly denoFlags?: readonly string[];
  /** Do not wait until it listens. */
  readonly expectFailure?: boolean;
  /** Leave its standard output unread, as a pipe into a program that hangs. */
  readonly unreadOutput?: boolean;
  /** Limit on open files (Linux and macOS). */
  readonly maxOpenFiles?: number;
  /** File that the program sees as /etc/hosts (Linux, as root). */
  readonly hostsFile?: string;
}

/** The running program. */
export interface Exporter {
  readonly pid: number;
  readonly port: number;
  readonly configFile: string;
  /** All it wrote so far to standard output and standard error. */
  log(): string;
  /** Gets a path of its server. */
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; text: string }>;
  /** The metrics page, parsed. */
  metrics(path?: string): Promise<ParsedPage>;
  signal(signal: Deno.Signal): void;
  /** How it ended. */
  readonly status: Promise<Deno.CommandStatus>;
  /** Sends SIGTERM, if it still runs, and waits for the end; SIGKILL when it does not come. */
  stop(): Promise<Deno.CommandStatus>;
}

/** A port nobody listens on at this moment. */
export function freePort(): number {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/**
 * Waits until something holds.
 *
 * @param what For the message when it never does.
 * @param patienceMs How long to wait, in milliseconds.
 * @throws Error After that, with what `check` threw last.
 */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const end = Date.now() + patienceMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited in vain until ${what}`, { cause: last });
}

/** Runs `body` with a directory that is removed afterwards. */
export async function withDirectory(body: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_test_" });
  try {
    await body(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Writes the configuration as the program reads it. */
export function configText(config: unknown): string {
  return typeof config === "string" ? config : `${JSON.stringify(config, null, 2)}\n`;
}

/** Starts the exporter and waits until it listens. */
export async function startExporter(options: ExporterOptions): Promise<Exporter> {
  await Deno.mkdir(options.directory, { recursive: true });
  const configFile = join(options.directory, "config.yaml");
  await Deno.writeTextFile(configFile, configText(options.config));
  const port = portOf(options.config);
  const command = [
    ...exporterCommand(options, [...coverageFlags(options), ...options.denoFlags ?? []]),
    "--config",
    configFile,
    ...(options.args ?? []),
  ];
  const [program = "", ...args] = wrapped(command, options);
  const child = new Deno.Command(program, {
    args,
    cwd: options.directory,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let log = "";
  let ended = false;
  const unread = options.unreadOutput ? [child.stdout] : [];
  const read = options.unreadOutput ? [child.stderr] : [child.stdout, child.stderr];
  const reading = Promise.all(read.map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) log += text;
  }));
  const status = (async () => {
    const result = await child.status;
    await Promise.all(unread.map((stream) => stream.cancel()));
    await reading;
    ended = true;
    return result;
  })();
  const base = `http://127.0.0.1:${port}`;
  const exporter: Exporter = {
    pid: child.pid,
    port,
    configFile,
    status,
    log: () => log,
    async get(path, headers = {}) {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), PATIENCE_MS);
      try {
        const response = await fetch(`${base}${path}`, { headers, signal: controller.signal });
        return { status: response.status, text: await response.text() };
      } finally {
        clearTimeout(timer);
      }
    },
    async metrics(path = "/metrics") {
      const { status, text } = await this.get(path);
      if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text}`);
      return parsePage(text);
    },
    signal: (signal) => child.kill(signal),
    async stop() {
      if (!ended) {
        try {
          child.kill("SIGTERM");
        } catch {
          // It ended by itself in between.
        }
      }
      const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      try {
        return await status;
      } finally {
        clearTimeout(timer);
      }
    },
  };
  if (options.expectFailure) return exporter;
  try {
    await eventually("the exporter listens", async () => {
      if (ended) return "ended";
      return (await exporter.get("/-/healthy")).status === 200 && "listening";
    });
    if (ended) throw new Error(`the exporter ended at once:\n${log}`);
    return exporter;
  } catch (error) {
    await exporter.stop();
    throw new Error(`the exporter did not start:\n${log}`, { cause: error });
  }
}

/** Runs `body` with an exporter that is stopped afterwards, and shows its log when it fails. */
export async function withExporter(
  options: Omit<ExporterOptions, "directory">,
  body: (exporter: Exporter, directory: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory) => {
    const exporter = await startExporter({ ...options, directory });
    try {
      await body(exporter, directory);
    } catch (error) {
      throw new Error(
        `${error instanceof Error ? error.message : error}\n--- log\n${exporter.log()}`,
        {
          cause: error,
        },
      );
    } finally {
      await exporter.stop();
    }
  });
}

/** The command, with its limits and its view of the file system. */
function wrapped(
  command: readonly string[],
  { maxOpenFiles, hostsFile }: ExporterOptions,
): readonly string[] {
  if (maxOpenFiles !== undefined) {
    return ["sh", "-c", `ulimit -n ${maxOpenFiles}; exec "$@"`, "sh", ...command];
  }
  if (hostsFile !== undefined) {
    const mount = `mount --bind '${hostsFile}' /etc/hosts; exec "$@"`;
    return ["unshare", "--mount", "sh", "-ec", mount, "sh", ...command];
  }
  return command;
}

/** The program without its arguments. @param flags More flags of Deno, where that runs it. */
export function exporterCommand(
  options: Pick<ExporterOptions, "program" | "executable"> = {},
  flags: readonly string[] = [],
): string[] {
  const executable = options.executable ?? Deno.env.get("NBU_EXPORTER_PROGRAM");
  if (executable !== undefined && options.program === undefined) return [executable];
  const program = options.program ?? join(ROOT, "main.ts");
  return [Deno.execPath(), "run", ...RUN_FLAGS, ...flags, program];
}

/** The child's share of the coverage, when the test run measures it. */
function coverageFlags({ program }: Pick<ExporterOptions, "program">): string[] {
  const directory = Deno.env.get("NBU_COVERAGE_DIR");
  return directory && program === undefined ? [`--coverage=${directory}`] : [];
}

function portOf(config: unknown): number {
  const text = configText(config);
  const port = /"?port"?:\s*"?(\d+)/.exec(text)?.[1];
  if (port === undefined) throw new Error("the configuration of a test names server.port first");
  return Number(port);
}
