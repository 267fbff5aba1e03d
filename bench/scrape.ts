/**
 * The cost of a scrape: a page of many series, plain and gzip, against a server that sends the same
 * bytes and does nothing else; and the memory that the load leaves behind.
 *
 * ```
 * deno task bench scrape --units 500 --seconds 2 --rounds 1 --settle 5
 * ```
 *
 * @module
 */
import { isInstalled } from "../scripts/command.ts";
import { numberLists, single } from "./flags.ts";
import { countSeries, type Encoding, ENCODINGS, rawBody } from "./page.ts";
import { firstLine, startDeno, stop } from "./process.ts";
import { digits, printTable } from "./table.ts";
import { waitSeconds } from "./wait.ts";
import { withWorld, type World } from "./world.ts";
import { type Load, load } from "./wrk.ts";

/** How much load. */
interface Plan {
  readonly clients: readonly number[];
  /** Length of one load. */
  readonly seconds: number;
  /** Loads of each kind; their median counts. */
  readonly rounds: number;
  /** From the end of the load to the last look at the memory, in seconds. */
  readonly settle: number;
}

/** Measures, and prints two tables. */
export async function benchScrape(args: readonly string[]): Promise<void> {
  if (!await isInstalled("wrk")) {
    throw new Error('this benchmark needs "wrk": install the Debian package of that name');
  }
  const flags = numberLists(args, {
    // Some four series of each, and 4,500 of jobs: about 20,000 in all.
    units: [3600],
    clients: [4, 200],
    seconds: [5],
    rounds: [3],
    settle: [30],
  });
  const plan: Plan = {
    clients: flags.clients,
    seconds: single("seconds", flags.seconds),
    rounds: single("rounds", flags.rounds),
    settle: single("settle", flags.settle),
  };
  const storageUnits = single("units", flags.units);
  await withWorld({ jobsPerHour: 1000, storageUnits, latencyMs: 0 }, async (world) => {
    await world.collected("storage");
    await world.collected("jobs");
    await measure(world, plan);
  });
}

async function measure(world: World, plan: Plan): Promise<void> {
  const url = `${world.exporter}/metrics`;
  const series = countSeries(await rawBody(url, "identity"));
  const speed = [[
    "clients",
    "",
    "bytes",
    "p50, ms",
    "p99, ms",
    "failed",
    "requests/s",
    "bare server's",
    "share",
  ]];
  const memory = [[
    "clients",
    "",
    "before, MB",
    "after, MB",
    `${plan.settle} s later, MB`,
    "ratio",
  ]];
  // What the first reading and the first requests of each kind leave behind, compiled code above
  // all, is no measure.
  for (const clients of plan.clients) {
    for (const encoding of ENCODINGS) await load(url, encoding, clients, 1);
  }
  await waitSeconds(plan.settle);
  const first = (await world.costs()).residentBytes;
  for (const clients of plan.clients) {
    for (const encoding of ENCODINGS) {
      const bytes = await rawBody(url, encoding);
      const before = (await world.costs()).residentBytes;
      const { exporter, bare } = await compare(url, bytes, encoding, clients, plan);
      const after = (await world.costs()).residentBytes;
      await waitSeconds(plan.settle);
      const settled = (await world.costs()).residentBytes;
      const coding = encoding === "gzip" ? "gzip" : "plain";
      speed.push([
        String(clients),
        coding,
        String(bytes.length),
        digits(exporter.p50),
        digits(exporter.p99),
        String(exporter.failed),
        digits(exporter.perSecond, 0),
        digits(bare.perSecond, 0),
        `${digits((100 * exporter.perSecond) / bare.perSecond, 0)} %`,
      ]);
      const megabytes = [before, after, settled].map((value) => digits(value / 1e6, 0));
      memory.push([String(clients), coding, ...megabytes, digits(settled / first)]);
    }
  }
  printTable(`GET /metrics with ${series} series`, speed);
  printTable("Resident memory; the ratio is to the memory before all measured load", memory);
}

/** Loads the exporter and a bare server in turn, so that both meet the same noise. */
async function compare(
  url: string,
  bytes: Uint8Array,
  encoding: Encoding,
  clients: number,
  { rounds, seconds }: Plan,
): Promise<{ readonly exporter: Load; readonly bare: Load }> {
  const file = await Deno.makeTempFile();
  await Deno.writeFile(file, bytes);
  const server = startDeno(["run", "-A", "bench/bare_server.ts", file], "piped");
  try {
    const bareUrl = `http://127.0.0.1:${await firstLine(server)}/`;
    // Compiles what is used.
    await load(url, encoding, clients, 1);
    await load(bareUrl, encoding, clients, 1);
    const exporter: Load[] = [];
    const bare: Load[] = [];
    for (let round = 0; round < rounds; round++) {
      exporter.push(await load(url, encoding, clients, seconds));
      bare.push(await load(bareUrl, encoding, clients, seconds));
    }
    return { exporter: medianOf(exporter), bare: medianOf(bare) };
  } finally {
    await stop(server);
    await Deno.remove(file);
  }
}

function medianOf(loads: readonly Load[]): Load {
  const sorted = [...loads].sort((a, b) => a.perSecond - b.perSecond);
  const median = sorted[sorted.length >> 1];
  if (!median) throw new RangeError("--rounds must be one or more");
  return median;
}
