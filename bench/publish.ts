/**
 * What it costs to publish the result of one collector of one site, by the number of sites.
 *
 * @module
 */
import { defineMetric } from "../src/metrics/define.ts";
import { MetricsPage } from "../src/metrics/page/page.ts";
import type { MetricFamily } from "../src/metrics/types.ts";
import { digits, printTable } from "./table.ts";

const METRICS = 20;
const SERIES_PER_METRIC = 50;
const PUBLICATIONS = 400;

const definitions = Array.from(
  { length: METRICS },
  (_, index) =>
    defineMetric(`bench_${index}_bytes`, "gauge", `Metric ${index}`, ["site", "name", "kind"]),
);

/** Measures, and prints a table. */
export async function benchPublish(): Promise<void> {
  const rows = [["sites", "series", "median, µs", "p90, µs"]];
  for (const sites of [1, 10, 100, 1000]) {
    const page = new MetricsPage({ monotonic: () => performance.now(), own: () => [] });
    for (let site = 0; site < sites; site++) page.publish(`site ${site}`, result(site, 0));
    // Both are asked for, so both are rendered anew with each publication.
    await page.body("text", "identity");
    await page.body("openmetrics", "gzip");
    const times: number[] = [];
    for (let index = 1; index <= PUBLICATIONS; index++) {
      const families = result(index % sites, index);
      const started = performance.now();
      page.publish(`site ${index % sites}`, families);
      await rendered();
      times.push((performance.now() - started) * 1000);
    }
    times.sort((a, b) => a - b);
    rows.push([
      String(sites),
      String(sites * METRICS * SERIES_PER_METRIC),
      digits(times[Math.floor(times.length / 2)] ?? NaN, 0),
      digits(times[Math.floor(times.length * 0.9)] ?? NaN, 0),
    ]);
  }
  printTable(
    `Publishing one collector's ${METRICS * SERIES_PER_METRIC} series, rendered in two forms`,
    rows,
  );
}

function result(site: number, value: number): MetricFamily[] {
  return definitions.map((definition) => ({
    definition,
    samples: Array.from({ length: SERIES_PER_METRIC }, (_, series) => ({
      labels: { site: `site ${site}`, name: `unit ${series}`, kind: "disk" },
      value: value + series,
    })),
  }));
}

/** Rendering goes on in tasks of its own; it is done when the event loop has nothing left to do. */
function rendered(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
