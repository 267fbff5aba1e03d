/**
 * From the start of the program to its first response: as one packaged file that is unpacked, from
 * the bundle and from source, beside a program that does nothing but respond.
 *
 * ```
 * deno task bench start --runs 5
 * ```
 *
 * @module
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { KEPT_CODE } from "../scripts/bundle/load.ts";
import { run } from "../scripts/command.ts";
import { RUN_FLAGS } from "../scripts/run_flags.ts";
import { createSimulator } from "../tests/simulator/simulator.ts";
import { numberLists, single } from "./flags.ts";
import { freePort, startProgram, stop } from "./process.ts";
import { digits, printTable } from "./table.ts";

const KEY = "bench-key";

/** What is measured. */
interface Program {
  readonly name: string;
  /** The executable and its first arguments. */
  readonly command: readonly [string, ...string[]];
  /** Where it keeps compiled code, and the variable that says so. */
  readonly keeps?: { readonly variable: string; readonly folder: string };
}

/** Starts that fill Deno's code cache and are not counted. */
const WARM_UP = 2;

/** The least that a program on this runtime takes, on this machine, at this time. */
const EMPTY_PROGRAM = `
import { createServer } from "node:http";
const { server } = JSON.parse(Deno.readTextFileSync(Deno.args[1]));
createServer((_, response) => response.end()).listen(server.port, server.host);
`;

/** A start that takes longer has failed, in milliseconds. */
const LIMIT_MS = 60_000;

/** Measures, and prints a table. */
export async function benchStart(args: readonly string[]): Promise<void> {
  const runs = single("runs", numberLists(args, { runs: [15] }).runs);
  const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_bench_" });
  const primary = await createSimulator({ apiKey: KEY }).start();
  try {
    const bundle = join(directory, "nbu_exporter.js");
    await run(Deno.execPath(), ["task", "--quiet", "bundle", "--output", bundle]);
    const packaged = join(directory, "nbu_exporter");
    await run(Deno.execPath(), [
      ...["task", "--quiet", "package", "--output", packaged, "--compression", "1"],
    ]);
    const empty = join(directory, "empty.js");
    await Deno.writeTextFile(empty, EMPTY_PROGRAM);
    const deno = ["run", ...RUN_FLAGS];
    const unpacked = join(directory, "unpacked");
    await Deno.mkdir(unpacked);
    const programs: readonly Program[] = [
      {
        name: "packaged",
        command: [packaged],
        keeps: { variable: "CACHE_DIRECTORY", folder: unpacked },
      },
      {
        name: "bundle",
        command: [Deno.execPath(), ...deno, bundle],
        keeps: { variable: "DENO_DIR", folder: join(directory, "deno") },
      },
      { name: "from source", command: [Deno.execPath(), ...deno, "main.ts"] },
      { name: "an empty program", command: [Deno.execPath(), ...deno, empty] },
    ];
    const times = new Map(programs.map(({ name }): [string, number[]] => [name, []]));
    for (let round = 0; round < WARM_UP + runs; round++) {
      // In turn, so that all meet the same noise.
      for (const program of programs) {
        const milliseconds = await startOnce(program, directory, primary.port);
        if (round >= WARM_UP) times.get(program.name)?.push(milliseconds);
      }
    }
    printTable(`From start to the first response, ${runs} starts each, code cache warm`, [
      ["", "median, ms", "fastest, ms", "slowest, ms"],
      ...[...times].map(([name, all]) => {
        const sorted = all.sort((a, b) => a - b);
        const at = (index: number) => digits(sorted[index] ?? NaN, 0);
        return [name, at(sorted.length >> 1), at(0), at(sorted.length - 1)];
      }),
    ]);
  } finally {
    await primary.close();
    await Deno.remove(directory, { recursive: true });
  }
}

/**
 * Starts the program once, and the first time lets it run until it has kept its compiled code.
 *
 * @returns Milliseconds until `/metrics` was answered.
 */
async function startOnce(
  { command: [program, ...args], keeps }: Program,
  directory: string,
  primary: number,
): Promise<number> {
  const port = freePort();
  const configFile = join(directory, "config.yaml");
  const config = {
    server: { host: "127.0.0.1", port, scrapingInterval: "1h", collectionInterval: "10m" },
    nbuservers: [{ site: "bench", scheme: "http", host: "127.0.0.1", port: primary, apiKey: KEY }],
  };
  await Deno.writeTextFile(configFile, JSON.stringify(config));
  const started = performance.now();
  const env = keeps && { [keeps.variable]: keeps.folder };
  const child = startProgram(program, [...args, "--config", configFile], { ...env && { env } });
  try {
    await firstResponse(port, started + LIMIT_MS);
    const milliseconds = performance.now() - started;
    if (keeps) await hasKeptCode(keeps.folder, started + LIMIT_MS);
    return milliseconds;
  } finally {
    await stop(child);
  }
}

async function hasKeptCode(folder: string, limit: number): Promise<void> {
  while (performance.now() < limit) {
    const paths = Array.from(readdirSync(folder, { recursive: true, encoding: "utf8" }));
    if (paths.some((path) => basename(path) === KEPT_CODE)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no compiled code is kept in ${folder}`);
}

async function firstResponse(port: number, limit: number): Promise<void> {
  while (performance.now() < limit) {
    try {
      // A refused connection costs less than a request that fails.
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      const response = await fetch(`http://127.0.0.1:${port}/metrics`);
      await response.body?.cancel();
      if (response.ok) return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
  throw new Error("the exporter did not start");
}
