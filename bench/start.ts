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
import { join } from "node:path";
import { run } from "../scripts/command.ts";
import { RUN_FLAGS } from "../scripts/run_flags.ts";
import { createSimulator } from "../tests/simulator/simulator.ts";
import { numberLists, single } from "./flags.ts";
import { freePort, startProgram, stop } from "./process.ts";
import { digits, printTable } from "./table.ts";

const KEY = "bench-key";

/** A program and its first arguments. */
type Program = readonly [string, ...string[]];

/** Starts that fill V8's code cache and are not counted. */
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
    const cache = join(directory, "cache");
    await Deno.mkdir(cache);
    await run(Deno.execPath(), [
      ...["task", "--quiet", "package", "--output", packaged, "--compression", "1"],
    ]);
    const empty = join(directory, "empty.js");
    await Deno.writeTextFile(empty, EMPTY_PROGRAM);
    const deno = ["run", ...RUN_FLAGS];
    const programs: readonly (readonly [string, Program])[] = [
      ["packaged", [packaged]],
      ["bundle", [Deno.execPath(), ...deno, bundle]],
      ["from source", [Deno.execPath(), ...deno, "main.ts"]],
      ["an empty program", [Deno.execPath(), ...deno, empty]],
    ];
    const times = new Map(programs.map(([name]): [string, number[]] => [name, []]));
    for (let round = 0; round < WARM_UP + runs; round++) {
      // In turn, so that all meet the same noise.
      for (const [name, program] of programs) {
        const milliseconds = await startOnce(program, directory, cache, primary.port);
        if (round >= WARM_UP) times.get(name)?.push(milliseconds);
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

/** Starts the program once. @returns Milliseconds until `/metrics` was answered. */
async function startOnce(
  [program, ...args]: Program,
  directory: string,
  cache: string,
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
  const child = startProgram(program, [...args, "--config", configFile], {
    env: { CACHE_DIRECTORY: cache },
  });
  try {
    await firstResponse(port, started + LIMIT_MS);
    return performance.now() - started;
  } finally {
    await stop(child);
  }
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
