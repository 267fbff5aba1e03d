/**
 * The metrics reference, made from the catalogue.
 *
 * @module
 */
import { markdownTable } from "../markdown.ts";
import { CONTRACT } from "./contract.ts";
import { LABEL_MEANINGS } from "./label_meanings.ts";
import type { MetricDefinition } from "../../src/metrics/types.ts";

/** Metrics that belong together. */
export interface MetricArea {
  readonly title: string;
  readonly definitions: readonly MetricDefinition[];
  /** What labels mean that no other area has. */
  readonly labels?: Readonly<Partial<Record<string, string>>>;
}

/** Upper bounds of the buckets of a histogram. */
export interface HistogramBounds {
  readonly name: string;
  readonly bounds: readonly number[];
}

/** The reference as Markdown, formatted as `deno fmt` does. */
export function metricsReference(
  areas: readonly MetricArea[],
  histograms: readonly HistogramBounds[],
): string {
  const sections = [
    "# Metrics",
    "This page is made from the definitions in the code: `deno task docs` writes it anew.",
    "Metrics of NetBackup are collected in the background, on the exporter's own schedule: a scrape never\n" +
    "asks NetBackup. A name marked as old is kept from the Go exporter, even where it breaks a convention\n" +
    "of Prometheus.",
    "In OpenMetrics, the counters and histograms of the job ledger, of the requests and of the exporter\n" +
    "itself have a line `_created` for each series: the time at which it was 0, which a restart with a\n" +
    "state directory does not change. Prometheus 3 makes use of these lines when it is started with\n" +
    "`--enable-feature=created-timestamp-zero-ingestion`; otherwise it stores them as series of their\n" +
    "own. The text format is without them (`scrape_protocols: [PrometheusText0.0.4]`).",
  ];
  for (const { title, definitions } of areas) {
    const rows = [...definitions].sort(byName).map(metricRow);
    sections.push(
      `## ${title}`,
      markdownTable([["Name", "Type", "Labels", "Old", "Meaning"], ...rows]),
    );
  }
  const used = new Set(
    areas.flatMap(({ definitions }) => definitions.flatMap(({ labels }) => labels)),
  );
  const meaning = Object.assign({}, LABEL_MEANINGS, ...areas.map(({ labels }) => labels));
  const meanings = [...used].sort().map((name) => [`\`${name}\``, meaning[name] ?? ""]);
  sections.push("## Labels", markdownTable([["Label", "Meaning"], ...meanings]));
  sections.push(
    "## Buckets",
    markdownTable([
      ["Histogram", "Upper bounds, in the unit of the name"],
      ...histograms.map(({ name, bounds }) => [`\`${name}\``, bounds.join(", ")]),
    ]),
  );
  return `${sections.join("\n\n")}\n`;
}

function metricRow({ name, type, labels, help }: MetricDefinition): string[] {
  return [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(", "),
    name in CONTRACT ? "yes" : "",
    help,
  ];
}

function byName(a: MetricDefinition, b: MetricDefinition): number {
  return a.name < b.name ? -1 : 1;
}
