/**
 * A simulated primary and an exporter, each in a process of its own.
 *
 * @module
 */
import { join } from "node:path";
import { ROOT } from "../scripts/command.ts";
import { OFFLINE_FLAGS, RUN_ENVIRONMENT, RUN_FLAGS } from "../scripts/run_flags.ts";
import { type ParsedPage, parsePage } from "../tests/testing/parsed_page.ts";
import {
  type Costs,
  costsOf,
  firstLine,
  freePort,
  startDeno,
  startProgram,
  stop,
} from "./process.ts";

const KEY = "bench-key";

/** What is measured. */
export interface World {
  /** Base URL of the simulated primary's REST API. */
  readonly api: string;
  readonly key: string;
  /** Base URL of the exporter. */
  readonly exporter: string;
  metrics(): Promise<ParsedPage>;
  /** Costs of the exporter. */
  costs(): Promise<Costs>;
  /** Costs of the simulated primary. */
  simulatorCosts(): Promise<Costs>;
  /** Waits until this collector has succeeded for every site. */
  collected(collector: string): Promise<ParsedPage>;
}

/** Size of the world. */
export interface WorldOptions {
  readonly jobsPerHour: number;
  readonly storageUnits: number;
  readonly latencyMs: number;
  /** @default {300} */
  readonly meanDurationSeconds?: number;
  /** Sites, all of which poll the one simulated primary. @default {1} */
  readonly sites?: number;
  /** @default {"10m"} */
  readonly collectionInterval?: string;
  /** @default {"5m"} */
  readonly cacheTTL?: string;
  /** The configuration's section of that name. */
  readonly collectors?: Readonly<Record<string, unknown>>;
}

/** Runs `body` with both, and stops them afterwards. */
export async function withWorld(
  options: WorldOptions,
  body: (world: World) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_bench_" });
  const simulator = startDeno([
    "run",
    "-A",
    "tests/simulator/main.ts",
    "--port=0",
    `--key=${KEY}`,
    `--jobs-per-hour=${options.jobsPerHour}`,
    "--history-hours=2",
    `--storage-units=${options.storageUnits}`,
    `--latency=${options.latencyMs}`,
    `--mean-duration-seconds=${options.meanDurationSeconds ?? 300}`,
  ], "piped");
  const { url, port } = JSON.parse(await firstLine(simulator));
  const sites = options.sites ?? 1;
  const own = freePort();
  const configFile = join(directory, "config.yaml");
  const config = {
    state: { directory: join(directory, "state") },
    server: {
      host: "127.0.0.1",
      port: own,
      scrapingInterval: "1h",
      collectionInterval: options.collectionInterval ?? "10m",
      cacheTTL: options.cacheTTL ?? "5m",
    },
    collectors: options.collectors ?? {},
    nbuservers: Array.from({ length: sites }, (_, index) => ({
      site: sites === 1 ? "bench" : `bench-${index + 1}`,
      scheme: "http",
      host: "127.0.0.1",
      port,
      apiKey: KEY,
    })),
  };
  await Deno.writeTextFile(configFile, JSON.stringify(config));
  const base = `http://127.0.0.1:${own}`;
  const start = await bundled(directory);
  const isHealthy = () => until(async () => (await fetch(`${base}/-/healthy`)).ok);
  // What is measured is the program as it runs in the long term. A first start compiles all of it, and
  // keeps what that takes.
  const first = start(configFile);
  await isHealthy();
  await stop(first);
  await Deno.remove(config.state.directory, { recursive: true });
  const exporter = start(configFile);
  const metrics = async () => parsePage(await (await fetch(`${base}/metrics`)).text());
  try {
    await isHealthy();
    await body({
      api: url,
      key: KEY,
      exporter: base,
      metrics,
      costs: () => costsOf(exporter.pid),
      simulatorCosts: () => costsOf(simulator.pid),
      collected: (collector) =>
        until(async () => {
          const page = await metrics();
          const successes = page.samples("nbu_collector_success", { collector });
          return successes.length === sites && successes.every(({ value }) => value === 1) && page;
        }),
    });
  } finally {
    await stop(exporter);
    await stop(simulator);
    await Deno.remove(directory, { recursive: true });
  }
}

/** Makes the program as it is installed: in one file, with its flags and its environment. */
async function bundled(directory: string): Promise<(configFile: string) => Deno.ChildProcess> {
  const file = join(directory, "nbu_exporter.js");
  await quietly("task", "--quiet", "bundle", "--output", file);
  return (configFile) =>
    startProgram(
      Deno.execPath(),
      ["run", ...RUN_FLAGS, ...OFFLINE_FLAGS, file, "--config", configFile],
      { env: RUN_ENVIRONMENT },
    );
}

/** Runs a command of Deno's whose output is of interest only where it fails. */
async function quietly(...args: readonly string[]): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], cwd: ROOT });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function until<T>(check: () => Promise<T | false>): Promise<T> {
  const end = Date.now() + 20 * 60_000;
  while (Date.now() < end) {
    const value = await check().catch(() => false as const);
    if (value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error("the exporter did not get there in 20 minutes");
}
