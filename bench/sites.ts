/**
 * The cost of many sites: processor time, memory and the size of the page, for sites that are polled
 * and scraped all the time.
 *
 * All sites poll the one simulated primary, whose processor time is shown beside: the exporter knows
 * nothing of that, and 80 worlds would cost more than what is measured.
 *
 * ```
 * deno task bench sites --sites 5,10 --seconds 30 --large 0.1
 * ```
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { numberLists, single } from "./flags.ts";
import { countSeries, rawBody } from "./page.ts";
import { parseSeconds } from "./parse.ts";
import { startScraper } from "./scraper.ts";
import { digits, printTable } from "./table.ts";
import { waitSeconds } from "./wait.ts";
import { withWorld } from "./world.ts";

const POLL_SECONDS = 20;
const SCRAPE_SECONDS = 15;
const STORAGE_UNITS = 12;

interface Case {
  readonly sites: number;
  /** Finished jobs in the window of each site, which is one hour. */
  readonly jobs: number;
  readonly running: number;
}

interface Figures {
  /** Mean time between polls of a site. */
  readonly pollSeconds: number;
  readonly cpuPerMinute: number;
  /** Processor time to parse the JSON of 100,000 jobs in this run: how fast the machine is. */
  readonly parseSeconds: number;
  readonly simulatorCpuPerMinute: number;
  readonly peakBytes: number;
  readonly residentBytes: number;
  readonly series: number;
  readonly plainBytes: number;
  readonly gzipBytes: number;
}

/** Connections of the first reading, with their buffers, stay open for 90 s. */
const SETTLE_SECONDS = 100;

/** Measures, and prints a table. */
export async function benchSites(args: readonly string[]): Promise<void> {
  const flags = numberLists(args, {
    sites: [10, 20, 40, 80],
    jobs: [2000],
    running: [200],
    // Some polls: a part of one would count too few or too many of them.
    seconds: [120],
    // Share of the two large cases: 0.1 makes them 1 site of 10,000 jobs and 5 sites.
    large: [1],
  });
  const seconds = single("seconds", flags.seconds);
  const jobs = single("jobs", flags.jobs);
  const running = single("running", flags.running);
  const large = single("large", flags.large);
  const growth: Case[] = flags.sites.map((sites) => ({ sites, jobs, running }));
  const cases: Case[] = [
    ...growth,
    { sites: Math.ceil(10 * large), jobs: 10_000, running: 1000 },
    { sites: Math.ceil(50 * large), jobs: 4000, running: 200 },
  ];
  const rows = [[
    "sites",
    "jobs each",
    "series",
    "a poll every, s",
    "CPU, s a minute",
    "JSON of 100,000 jobs, s",
    "the primary's",
    "resident, MB",
    "peak, MB",
    "plain, kB",
    "gzip, kB",
  ]];
  const costs: number[] = [];
  for (const world of cases) {
    // It takes minutes.
    console.error(`measuring ${world.sites} sites of ${world.jobs} jobs`);
    const figures = await measure(world, seconds);
    // A program that polls less often than it should does not get cheaper by that.
    costs.push(figures.cpuPerMinute * (figures.pollSeconds / POLL_SECONDS));
    rows.push([
      String(world.sites),
      String(world.jobs),
      String(figures.series),
      digits(figures.pollSeconds, 1),
      digits(figures.cpuPerMinute),
      digits(figures.parseSeconds),
      digits(figures.simulatorCpuPerMinute),
      digits(figures.residentBytes / 1e6, 0),
      digits(figures.peakBytes / 1e6, 0),
      digits(figures.plainBytes / 1e3, 0),
      digits(figures.gzipBytes / 1e3, 0),
    ]);
    console.error(rows.at(-1)?.join("  "));
  }
  const title = `Sites, polled every ${POLL_SECONDS} s, ` +
    `scraped every ${SCRAPE_SECONDS} s plain and gzip, over ${seconds} s`;
  printTable(title, rows);
  if (growth.length > 1) {
    const exponent = growthExponent(growth.map(({ sites }, index) => [sites, costs[index] ?? NaN]));
    printTable(`Growth of the CPU time per poll over ${flags.sites.join(", ")} sites`, [
      ["exponent", "1 = in proportion"],
      [digits(exponent), ""],
    ]);
  }
}

async function measure(size: Case, seconds: number): Promise<Figures> {
  let figures: Figures | undefined;
  await withWorld({
    jobsPerHour: size.jobs,
    meanDurationSeconds: (size.running / size.jobs) * 3600,
    storageUnits: STORAGE_UNITS,
    latencyMs: 0,
    sites: size.sites,
    collectionInterval: `${POLL_SECONDS}s`,
  }, async (world) => {
    await world.collected("storage");
    await world.collected("jobs");
    const url = `${world.exporter}/metrics`;
    const scraper = startScraper(url, SCRAPE_SECONDS);
    try {
      // The first readings, and compiling what they use, are not part of the steady cost.
      await waitSeconds(SETTLE_SECONDS);
      scraper.reset();
      const [before, simulatorBefore] = [await world.costs(), await world.simulatorCosts()];
      const started = performance.now();
      await waitSeconds(seconds);
      const [after, simulatorAfter] = [await world.costs(), await world.simulatorCosts()];
      const minutes = (performance.now() - started) / 60_000;
      const plain = await rawBody(url, "identity");
      figures = {
        pollSeconds: scraper.pollSeconds(),
        parseSeconds: await parseSeconds(world, 1000),
        cpuPerMinute: (after.cpuSeconds - before.cpuSeconds) / minutes,
        simulatorCpuPerMinute: (simulatorAfter.cpuSeconds - simulatorBefore.cpuSeconds) / minutes,
        peakBytes: after.peakBytes,
        residentBytes: after.residentBytes,
        series: countSeries(plain),
        plainBytes: plain.length,
        gzipBytes: (await rawBody(url, "gzip")).length,
      };
    } finally {
      await scraper.stop();
    }
  });
  if (!figures) throw new Error("nothing was measured");
  return figures;
}

/** The exponent that fits best: the slope of a line through the logarithms. */
export function growthExponent(points: readonly (readonly [number, number])[]): number {
  const logarithms = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const meanX = logarithms.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = logarithms.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const above = logarithms.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / logarithms.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
