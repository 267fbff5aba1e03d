/**
 * The metrics reference, made from the catalogue.
 *
 * @module
 */
import {
  AREAS,
  CATALOGUE,
  DURATION_BOUNDS,
  QUEUE_WAIT_BOUNDS,
  REQUEST_DURATION_BOUNDS,
  THROUGHPUT_BOUNDS,
} from "./catalogue.ts";
import { LABEL_MEANINGS } from "./label_meanings.ts";
import type { MetricDefinition } from "./types.ts";

/** The reference as Markdown, formatted as `deno fmt` does. */
export function metricsReference(): string {
  const sections = [
    "# Metrics",
    "This page is made from `src/metrics/catalogue.ts`. After a change there, run `deno task docs`.",
    "Metrics of NetBackup are collected in the background, on the exporter's own schedule: a scrape never\n" +
    "asks NetBackup. A name marked as old is kept from the Go exporter, even where it breaks a convention\n" +
    "of Prometheus.",
  ];
  for (const { title, definitions } of AREAS) {
    const rows = [...definitions].sort(byName).map(metricRow);
    sections.push(`## ${title}`, table(["Name", "Type", "Labels", "Old", "Meaning"], rows));
  }
  const used = new Set(CATALOGUE.flatMap(({ labels }) => labels));
  const meanings = [...used].sort().map((name) => [`\`${name}\``, LABEL_MEANINGS[name] ?? ""]);
  sections.push("## Labels", table(["Label", "Meaning"], meanings));
  sections.push(
    "## Buckets",
    table(["Histogram", "Upper bounds, in the unit of the name"], [
      ["`nbu_job_duration_seconds`", DURATION_BOUNDS.join(", ")],
      ["`nbu_job_queue_wait_seconds`", QUEUE_WAIT_BOUNDS.join(", ")],
      ["`nbu_job_throughput_bytes_per_second`", THROUGHPUT_BOUNDS.join(", ")],
      ["`nbu_api_request_duration_seconds`", REQUEST_DURATION_BOUNDS.join(", ")],
    ]),
  );
  return `${sections.join("\n\n")}\n`;
}

function metricRow({ name, type, labels, legacy, help }: MetricDefinition): string[] {
  return [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(", "),
    legacy ? "yes" : "",
    help,
  ];
}

function byName(a: MetricDefinition, b: MetricDefinition): number {
  return a.name < b.name ? -1 : 1;
}

/** A table whose columns are padded to equal width. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0))
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}
