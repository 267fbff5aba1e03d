/**
 * The reference of the collectors, made from their declarations.
 *
 * @module
 */
import { markdownTable } from "../markdown.ts";
import { type Endpoint, operationOf } from "../../src/netbackup/resource.ts";
import type { CollectorDefinition } from "../../src/collectors/collector.ts";

/** The reference as Markdown, formatted as `deno fmt` does. */
export function collectorsReference(collectors: readonly CollectorDefinition[]): string {
  const overview = collectors.map((collector) => [
    `\`${collector.name}\``,
    collector.enabledByDefault ? "yes" : "",
    String(collector.metrics.length),
    collector.needsJobs ? `${collector.summary} Needs the collector \`jobs\`.` : collector.summary,
  ]);
  const endpoints = collectors.flatMap(({ name, resources }) =>
    resources.map((resource) => [
      `\`${name}\``,
      `\`${operationOf(resource)}\``,
      permissionOf(resource),
      resource.since,
    ])
  );
  const assumed = collectors.flatMap(({ name, resources }) =>
    resources.filter((resource) => resource.assumed)
      .map((resource) => [`\`${name}\``, `\`${operationOf(resource)}\``])
  );
  const sections = [
    "# Collectors",
    "This page is made from the declarations in `src/collectors/`: `deno task docs` writes it anew.",
    "Each collector has a section below `collectors` in the configuration, with the keys `enabled`,\n" +
    "`interval`, `timeout` and `maxSeries` beside those of its own. It runs on a schedule of its own, and\n" +
    "one that fails affects its own metrics only.",
    markdownTable([["Collector", "On by default", "Metrics", "What"], ...overview]),
    "## Endpoints and permissions",
    "The role of the API key needs the operation VIEW (`|OPERATIONS|VIEW|`), or the one that is named, on\n" +
    "the objects of the collectors that are on, and nothing else. What the release of NetBackup lacks is\n" +
    "not asked for, and shows as `nbu_collector_unsupported 1`, not as a failure.",
    markdownTable([["Collector", "Endpoint", "Permission", "Since API version"], ...endpoints]),
    "## Fields that are not documented",
    "The vendor's documents at hand (10.3, 11.0, 11.2) have no schema of these endpoints: the names of\n" +
    "their fields are assumed. Where a release has other names, optional fields and their metrics are\n" +
    "absent; a row without a field that it cannot do without is rejected, which shows in\n" +
    "`nbu_api_rows_rejected_total`, and a collector all of whose rows are rejected fails.",
    markdownTable([["Collector", "Endpoint"], ...assumed]),
  ];
  return `${sections.join("\n\n")}\n`;
}

function permissionOf({ permission, operation }: Endpoint): string {
  if (permission === "") return "none";
  return operation === undefined ? `\`${permission}\`` : `\`${permission}\`: \`${operation}\``;
}
