/**
 * Bar 4 of the job ledger: its memory over many polls of a steady load.
 *
 * Client and collector run in this process; the simulated primary, whose own memory is not to be
 * measured, runs in another. Time is made to pass five minutes a poll on both sides.
 *
 * @module
 */
import { systemClock } from "../src/base/clock.ts";
import { createLedgerCollector } from "../src/ledger/collector.ts";
import { Secret } from "../src/base/secret.ts";
import { createNetBackupClient } from "../src/netbackup/client.ts";
import { silentLogger } from "../tests/testing/silent_logger.ts";
import { noTracing } from "../src/telemetry/tracing.ts";
import { siteConfig } from "../tests/testing/site_config.ts";
import { firstLine, startDeno, stop } from "./process.ts";
import { digits, printTable } from "./table.ts";

const KEY = "bench-key";
const HOUR_MS = 3_600_000;
const POLL_MS = 300_000;
const POLLS = 200;
/** The window is full from the first poll on; the rest of the warm-up is the compiler's. */
const WARM_UP = 20;
const AT_A_TIME = 20;

/** Runs 200 polls and prints what they left in memory. */
export async function steadyMemory(): Promise<void> {
  const simulator = startDeno([
    "run",
    "-A",
    "tests/simulator/main.ts",
    "--port=0",
    `--key=${KEY}`,
    "--jobs-per-hour=100000",
    "--history-hours=2",
    "--mean-duration-seconds=60",
    "--control",
  ], "piped");
  try {
    const { url } = JSON.parse(await firstLine(simulator));
    print(await poll(url));
  } finally {
    await stop(simulator);
  }
}

interface Sample {
  /** Heap in use after a full collection, in bytes. */
  readonly heap: number;
  /** The same, and the memory of typed arrays: the records of the jobs. */
  readonly all: number;
  readonly resident: number;
}

async function poll(baseUrl: string): Promise<Sample[]> {
  let skewMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + skewMs };
  const client = createNetBackupClient(siteConfig({ baseUrl, apiKey: new Secret(KEY) }), {
    clock,
    logger: silentLogger,
    observer: { request() {}, retry() {}, rowsRejected() {} },
  });
  const collector = createLedgerCollector({ site: "bench", lookUpStatuses: false });
  const samples: Sample[] = [];
  for (let number = 0; number < POLLS; number++) {
    await collector.collect({
      site: "bench",
      session: { client, version: "14.0" },
      request: {
        signal: new AbortController().signal,
        deadline: Infinity,
        tracing: noTracing,
      },
      clock,
      logger: silentLogger,
      windowMs: HOUR_MS,
    });
    collectGarbage();
    const { heapUsed, external, rss } = Deno.memoryUsage();
    samples.push({ heap: heapUsed, all: heapUsed + external, resident: rss });
    skewMs += POLL_MS;
    const body = JSON.stringify({ value: skewMs });
    const response = await fetch(new URL("/_control/skew", baseUrl), { method: "POST", body });
    if (!response.ok) throw new Error(await response.text());
    await response.body?.cancel();
  }
  await client.close();
  return samples;
}

function print(samples: readonly Sample[]): void {
  const mean = (from: number, name: keyof Sample) =>
    samples.slice(from, from + AT_A_TIME).reduce((sum, sample) => sum + sample[name], 0) /
    AT_A_TIME;
  const rows = [["polls", "heap in use, MB", "and records, MB", "resident, MB"]];
  for (let from = WARM_UP; from < POLLS; from += 2 * AT_A_TIME) {
    rows.push([
      `${from + 1} to ${from + AT_A_TIME}`,
      digits(mean(from, "heap") / 1e6),
      digits(mean(from, "all") / 1e6),
      digits(mean(from, "resident") / 1e6, 0),
    ]);
  }
  const ratio = (name: keyof Sample) =>
    digits(mean(POLLS - AT_A_TIME, name) / mean(WARM_UP, name), 3);
  rows.push([
    `${POLLS - AT_A_TIME + 1} to ${POLLS} : ${WARM_UP + 1} to ${WARM_UP + AT_A_TIME}`,
    ratio("heap"),
    ratio("all"),
    ratio("resident"),
  ]);
  printTable(`${POLLS} polls of a steady load of 100,000 jobs an hour`, rows);
}

/** Needs V8's switch `--expose-gc`, which the task sets. */
function collectGarbage(): void {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") throw new Error("run this by `deno task bench ledger`");
  collect();
}
