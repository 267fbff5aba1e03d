/**
 * Writes the generated pages of the documentation: `deno task docs`. A test fails when one of them
 * is not what it would write.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { AREAS, HISTOGRAMS } from "./docs/catalogue.ts";
import { permissionTables } from "./docs/permission_tables.ts";
import { collectorsReference } from "./docs/collectors_reference.ts";
import { COLLECTORS } from "../src/collectors/registry.ts";
import { COLLECTOR_SECTIONS } from "../src/collectors/sections.ts";
import { configReference } from "./docs/config_reference.ts";
import { metricsReference } from "./docs/metrics_reference.ts";
import { readModuleGraph, sourceFiles } from "./architecture/graph.ts";
import { layerTable } from "./architecture/table.ts";
import { ROOT } from "./command.ts";
import { measureSite } from "./cost/measure.ts";
import { costRows, costTable, documentedRows, isUpToDate } from "./cost/table.ts";
import { replaceGenerated } from "./markdown.ts";
import { reasonsTable } from "./docs/reasons.ts";

/** A page that is generated, as a whole or in part. */
export interface GeneratedPage {
  /** Path relative to the root of the repository. */
  readonly path: string;
  /**
   * Makes the page anew, formatted as `deno fmt` does.
   *
   * @param current The page as it is now, with LF at the end of lines; empty when it does not exist.
   */
  render(current: string): string | Promise<string>;
}

/** All generated pages. */
export const PAGES: readonly GeneratedPage[] = [
  { path: "docs/metrics.md", render: () => metricsReference(AREAS, HISTOGRAMS) },
  { path: "docs/collectors.md", render: () => collectorsReference(COLLECTORS) },
  {
    path: "docs/permissions.md",
    render: (current) =>
      Object.entries(permissionTables(COLLECTORS)).reduce(
        (page, [name, table]) => replaceGenerated(page, name, table),
        current,
      ),
  },
  { path: "docs/configuration.md", render: () => configReference(COLLECTOR_SECTIONS) },
  {
    path: "docs/cost.md",
    async render(current) {
      const byDefault = COLLECTORS.filter(({ enabledByDefault }) => enabledByDefault);
      const rows = costRows(await measureSite(COLLECTORS), await measureSite(byDefault));
      if (isUpToDate(documentedRows(current), rows)) return current;
      return replaceGenerated(current, "cost", costTable(rows));
    },
  },
  {
    path: "docs/troubleshooting.md",
    render: (current) => replaceGenerated(current, "reasons", reasonsTable()),
  },
  {
    path: "ARCHITECTURE.md",
    async render(current) {
      const table = layerTable(await readModuleGraph(await sourceFiles()));
      const example = await Deno.readTextFile(new URL("src/collectors/alerts.ts", ROOT));
      return replaceGenerated(
        replaceGenerated(current, "layers", table),
        "alerts",
        `\`\`\`ts\n${example.replaceAll("\r\n", "\n").trimEnd()}\n\`\`\``,
      );
    },
  },
  { path: "README.md", render: (current) => withCollectorCount(current, COLLECTORS.length) },
];

/**
 * The README with the number of collectors in its comparison.
 *
 * @throws Error When it has no such row.
 */
function withCollectorCount(readme: string, count: number): string {
  const row = /^(\| collectors +\| )(\d+ *)/m;
  if (!row.test(readme)) throw new Error("README.md has no row with the number of collectors");
  return readme.replace(
    row,
    (_, head: string, cell: string) => head + String(count).padEnd(cell.length),
  );
}

/** A page as it is now; empty when it does not exist. */
export async function currentPage(path: string): Promise<string> {
  try {
    // Git may check text out with CRLF.
    return (await Deno.readTextFile(new URL(path, ROOT))).replaceAll("\r\n", "\n");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

if (import.meta.main) {
  for (const { path, render } of PAGES) {
    const current = await currentPage(path);
    const rendered = await render(current);
    if (rendered === current) continue;
    await Deno.writeTextFile(new URL(path, ROOT), rendered);
    console.log(`wrote ${path}`);
  }
}
