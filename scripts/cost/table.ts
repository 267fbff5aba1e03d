/**
 * The table of costs in the documentation. It is written anew only where a figure is off by more than
 * a tolerance: a row more or less in the simulated world changes nothing for a reader.
 *
 * @module
 */
import type { CollectorDefinition } from "../../src/collectors/collector.ts";
import { COLLECTORS } from "../../src/collectors/registry.ts";
import { markdownTable } from "../markdown.ts";
import type { Cost, SiteCost } from "./measure.ts";

/** A row of the table. */
export interface CostRow extends Cost {
  /** What stands in the first column, without markup. */
  readonly name: string;
  readonly enabledByDefault: boolean;
}

/** What a documented figure may differ from the measured one, relative and absolute. */
const TOLERANCE = { ratio: 0.1, absolute: 3 } as const;

/** Names of the rows that are no collectors. */
export const SUM_ROWS = { own: "the site itself", default: "default", all: "everything" } as const;

const HEAD = [
  ...["Collector", "On by default", "Requests per hour", "In the first hour"],
  ...["Series", "With `_created`"],
];

/**
 * The rows: collectors, the site itself, then the sums.
 *
 * @param all Cost with all collectors.
 * @param byDefault Cost with those that are on by default.
 */
export function costRows(
  all: SiteCost,
  byDefault: SiteCost,
  definitions: readonly CollectorDefinition[] = COLLECTORS,
): readonly CostRow[] {
  const rows = definitions.flatMap(({ name, enabledByDefault }): CostRow[] => {
    const cost = all.collectors.get(name);
    return cost ? [{ name, enabledByDefault, ...cost }] : [];
  });
  const sumRow = (name: string, { collectors, own }: SiteCost): CostRow => ({
    name,
    enabledByDefault: false,
    ...sum([...collectors.values(), own]),
  });
  return [
    ...rows,
    { name: SUM_ROWS.own, enabledByDefault: true, ...all.own },
    sumRow(SUM_ROWS.default, byDefault),
    sumRow(SUM_ROWS.all, all),
  ];
}

function sum(costs: readonly Cost[]): Cost {
  return costs.reduce((a, b) => ({
    firstHourRequests: a.firstHourRequests + b.firstHourRequests,
    requestsPerHour: a.requestsPerHour + b.requestsPerHour,
    series: a.series + b.series,
    openMetricsSeries: a.openMetricsSeries + b.openMetricsSeries,
  }));
}

/** The table as Markdown. */
export function costTable(rows: readonly CostRow[]): string {
  return markdownTable([
    HEAD,
    ...rows.map(({ name, enabledByDefault, requestsPerHour, ...cost }) => [
      nameCell(name),
      enabledByDefault ? "yes" : "",
      requestsPerHour.toFixed(requestsPerHour < 10 ? 1 : 0),
      String(cost.firstHourRequests),
      String(cost.series),
      String(cost.openMetricsSeries),
    ]),
  ]);
}

function nameCell(name: string): string {
  if (name === SUM_ROWS.own) return name;
  return name === SUM_ROWS.default || name === SUM_ROWS.all ? `**${name}**` : `\`${name}\``;
}

/** The rows of a table that was written before; none where there is no table. */
export function documentedRows(page: string): readonly CostRow[] {
  return page.split("\n").flatMap((line): CostRow[] => {
    const [name = "", enabled, ...cells] = line.split("|").slice(1, -1).map((cell) => cell.trim());
    const figures = cells.map((cell) => Number(cell || NaN));
    const [requestsPerHour = NaN, firstHourRequests = NaN, series = NaN, openMetricsSeries = NaN] =
      figures;
    if (Number.isNaN(requestsPerHour + firstHourRequests + series + openMetricsSeries)) return [];
    return [{
      name: name.replaceAll(/[`*]/g, ""),
      enabledByDefault: enabled === "yes",
      ...{ requestsPerHour, firstHourRequests, series, openMetricsSeries },
    }];
  });
}

/** Whether the documented rows say what was measured, but for the tolerance. */
export function isUpToDate(documented: readonly CostRow[], measured: readonly CostRow[]): boolean {
  const near = (a: number, b: number) =>
    Math.abs(a - b) <= Math.max(TOLERANCE.absolute, TOLERANCE.ratio * b);
  return documented.length === measured.length && measured.every((row, index) => {
    const other = documented[index];
    return other !== undefined && other.name === row.name &&
      other.enabledByDefault === row.enabledByDefault &&
      near(other.requestsPerHour, row.requestsPerHour) &&
      near(other.firstHourRequests, row.firstHourRequests) &&
      near(other.series, row.series) &&
      near(other.openMetricsSeries, row.openMetricsSeries);
  });
}
