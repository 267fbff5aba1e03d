/**
 * The cost of every collector, all on at once: requests and series of the site that `docs/cost.md` is
 * about, and processor time of each run.
 *
 * @module
 */
import { measureSite } from "../scripts/cost/measure.ts";
import { COLLECTORS } from "../src/collectors/registry.ts";
import { measureRun } from "./collector_cpu.ts";
import { digits, printTable } from "./table.ts";

/** Measures, and prints a table. */
export async function benchCollectors(): Promise<void> {
  const { collectors, own } = await measureSite(COLLECTORS);
  const total = {
    requests: own.requestsPerHour,
    cpu: 0,
    series: own.series,
    openMetricsSeries: own.openMetricsSeries,
  };
  const rows: string[][] = [];
  for (const definition of COLLECTORS) {
    const { name } = definition;
    const cost = collectors.get(name);
    if (!cost) continue;
    const { cpuSeconds, runsPerHour } = await measureRun(definition);
    total.requests += cost.requestsPerHour;
    total.cpu += cpuSeconds * runsPerHour;
    total.series += cost.series;
    total.openMetricsSeries += cost.openMetricsSeries;
    rows.push([
      name,
      digits(cost.requestsPerHour, 1),
      digits(cpuSeconds * 1000, 1),
      digits(cpuSeconds * runsPerHour, 2),
      String(cost.series),
      String(cost.openMetricsSeries),
    ]);
  }
  printTable("All collectors, 1,000 clients, 200 policies, 20,000 jobs a day", [
    ["collector", "requests an hour", "CPU, ms a run", "CPU, s an hour", "series", "with _created"],
    ...rows,
    [
      "all, with the site itself",
      digits(total.requests, 1),
      "",
      digits(total.cpu, 2),
      String(total.series),
      String(total.openMetricsSeries),
    ],
  ]);
}
