/**
 * What the job ledger saves: requests per poll, time of the first reading, memory and processor time.
 *
 * The primary is simulated in this process and answers without a network, so that only the
 * collector's own cost remains. A million jobs are read from a simulated primary in a process of its
 * own, which takes some minutes.
 *
 * ```
 * deno task bench ledger --jobs 200000
 * ```
 *
 * @module
 */
import { createLedgerCollector } from "../src/ledger/collector.ts";
import type { LedgerContext } from "../src/ledger/context.ts";
import type { JsonRequest, NetBackupClient } from "../src/netbackup/api.ts";
import { silentLogger } from "../tests/testing/silent_logger.ts";
import { noTracing } from "../src/telemetry/tracing.ts";
import { createSimulator, type SimulatorOptions } from "../tests/simulator/simulator.ts";
import { createFakeClient } from "../tests/testing/fake_client.ts";
import { numberLists, single } from "./flags.ts";
import { parseSeconds } from "./parse.ts";
import { steadyMemory } from "./steady_memory.ts";
import { digits, printTable } from "./table.ts";
import { withWorld } from "./world.ts";

const KEY = "bench-key";
const HOUR = 3_600_000;

interface Bench {
  readonly context: LedgerContext;
  requests: number;
  nowMs: number;
}

/** A client whose responses come from the simulator, `latencyMs` later. */
function benchOf(options: SimulatorOptions, latencyMs: number): Bench {
  const startMs = Date.now();
  const bench = { requests: 0, nowMs: startMs };
  const simulatorClock = {
    now: () => bench.nowMs,
    monotonic: () => bench.nowMs,
    sleep: () => Promise.resolve(),
    after: () => () => {},
  };
  const simulator = createSimulator({ ...options, apiKey: KEY, clock: simulatorClock });
  const client: NetBackupClient = {
    ...createFakeClient(),
    async getJson({ endpoint, query = {}, version }: JsonRequest) {
      bench.requests += 1;
      const url = new URL(`http://primary/netbackup${endpoint}`);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
      const accept = `application/vnd.netbackup+json;version=${version}`;
      const headers = { accept, authorization: KEY };
      const text = await (await simulator.fetch(new Request(url, { headers }))).text();
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
      const response: unknown = JSON.parse(text);
      return response;
    },
  };
  const context: LedgerContext = {
    site: "bench",
    session: { client, version: "14.0" },
    request: { signal: new AbortController().signal, deadline: Infinity, tracing: noTracing },
    clock: { ...simulatorClock },
    logger: silentLogger,
    windowMs: HOUR,
  };
  return Object.assign(bench, { context });
}

/** Bar 1: requests per poll against a full reading of the window. */
async function requestsPerPoll(): Promise<void> {
  const options = { jobsPerHour: 100_000, historyHours: 2, meanDurationSeconds: 18 };
  const bench = benchOf(options, 0);
  const collector = createLedgerCollector({ site: "bench", lookUpStatuses: false });
  const result = await collector.collect(bench.context);
  const full = bench.requests;
  const polls = 6;
  for (let poll = 0; poll < polls; poll++) {
    bench.nowMs += 5 * 60_000;
    await collector.collect(bench.context);
  }
  const each = (bench.requests - full) / polls;
  printTable("One hour window, a poll every 5 minutes, 100,000 jobs an hour", [
    ["", "requests", "ratio"],
    ["full reading of the window", String(full), ""],
    ["a poll of the ledger", digits(each, 1), digits(each / full, 3)],
    ["jobs in the window", String(result.rows), ""],
  ]);
}

/** Bar 2: the first reading in parallel against one page after the other. */
async function firstReading(): Promise<void> {
  const rows = [["requests at a time", "requests", "seconds", "ratio"]];
  let sequential = 0;
  for (const concurrency of [1, 8]) {
    const bench = benchOf({ jobsPerHour: 100_000, historyHours: 2 }, 50);
    // The simulator builds its world at the first request: that is not to be measured.
    await bench.context.session.client.getJson({
      endpoint: "/admin/jobs",
      query: { filter: "state eq 'DONE'", sort: "lastUpdateTime", "page[limit]": 1 },
      version: "14.0",
    }, bench.context.request);
    const started = performance.now();
    const collector = createLedgerCollector({ site: "bench", concurrency, lookUpStatuses: false });
    await collector.collect(bench.context);
    const seconds = (performance.now() - started) / 1000;
    if (concurrency === 1) sequential = seconds;
    const ratio = digits(seconds / sequential, 3);
    rows.push([String(concurrency), String(bench.requests), digits(seconds), ratio]);
  }
  printTable("First reading of 100,000 jobs, 50 ms a page", rows);
}

/** Bar 3: many finished jobs in the window, in the real program. */
async function manyJobs(jobs: number): Promise<void> {
  const options = {
    jobsPerHour: jobs,
    // Of a million, 5,000 are under way at any time.
    meanDurationSeconds: 18,
    storageUnits: 12,
    latencyMs: 0,
    // It asks for jobs of one policy type, for which the simulated primary looks at each of its jobs.
    collectors: { catalogBackup: { enabled: false } },
  };
  await withWorld(options, async (world) => {
    const before = await world.costs();
    const page = await world.collected("jobs");
    const { cpuSeconds, peakBytes } = await world.costs();
    const requests = page.samples("nbu_api_requests_total", { endpoint: "/admin/jobs" })
      .reduce((sum, { value }) => sum + value, 0);
    const cpu = (cpuSeconds - before.cpuSeconds) / (jobs / 100_000);
    const parse = await parseSeconds(world, requests) / (jobs / 100_000);
    printTable(`${jobs} finished jobs in the window`, [
      ["", "figure"],
      ["requests", String(requests)],
      ["peak resident memory, MB", digits(peakBytes / 1e6, 0)],
      ["CPU time per 100,000 jobs, s", digits(cpu)],
      ["JSON.parse alone of the same bytes, s", digits(parse)],
      ["ratio", digits(cpu / parse)],
    ]);
  });
}

/** Measures, and prints tables. */
export async function benchLedger(args: readonly string[]): Promise<void> {
  const jobs = single("jobs", numberLists(args, { jobs: [1_000_000] }).jobs);
  await requestsPerPoll();
  await firstReading();
  await manyJobs(jobs);
  await steadyMemory();
}
