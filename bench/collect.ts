/**
 * The cost of collecting: many finished jobs in the window of a primary that takes its time.
 *
 * @module
 */
import { parsePage } from "../tests/testing/parsed_page.ts";
import { firstLine, startDeno } from "./process.ts";
import { digits, printTable } from "./table.ts";
import { withWorld } from "./world.ts";

const JOBS = 100_000;
const LATENCY_MS = 20;

/** What the baseline prints. */
interface Baseline {
  readonly pages: number;
  readonly rows: number;
  readonly bytes: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/** Measures, and prints a table. */
export async function benchCollect(): Promise<void> {
  const options = { jobsPerHour: JOBS, storageUnits: 12, latencyMs: LATENCY_MS };
  await withWorld(options, async (world) => {
    const page = await world.collected("jobs");
    const { cpuSeconds, peakBytes } = await world.costs();
    const requests = sum(page, "nbu_api_requests_total");
    const wall = page.value("nbu_collector_duration_seconds", { collector: "jobs" }) ?? NaN;
    const rows = page.value("nbu_collector_rows", { collector: "jobs" }) ?? NaN;

    const since = new Date(Date.now() - 3_600_000).toISOString();
    const child = startDeno(
      ["run", "-A", "bench/baseline.ts", world.api, world.key, since],
      "piped",
    );
    const base: Baseline = JSON.parse(await firstLine(child));
    await child.status;

    printTable(`Collecting ${JOBS} finished jobs, ${LATENCY_MS} ms latency`, [
      ["", "exporter", "fetch and JSON.parse alone", "ratio"],
      ["requests", String(requests), String(base.pages), digits(requests / base.pages)],
      ["rows", String(rows), String(base.rows), digits(rows / base.rows)],
      ["wall time, s", digits(wall), digits(base.wallSeconds), digits(wall / base.wallSeconds)],
      [
        "CPU time, s",
        digits(cpuSeconds),
        digits(base.cpuSeconds),
        digits(cpuSeconds / base.cpuSeconds),
      ],
      ["peak resident memory, MB", digits(peakBytes / 1e6, 0), "", ""],
    ]);
  });
}

function sum(page: ReturnType<typeof parsePage>, name: string): number {
  return page.samples(name).reduce((total, { value }) => total + value, 0);
}
