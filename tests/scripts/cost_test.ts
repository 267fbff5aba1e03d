import assert from "node:assert/strict";
import { type Cost, measureSite, type SiteCost } from "../../scripts/cost/measure.ts";
import {
  type CostRow,
  costRows,
  costTable,
  documentedRows,
  isUpToDate,
  SUM_ROWS,
} from "../../scripts/cost/table.ts";
import { currentPage } from "../../scripts/docs.ts";
import { COLLECTORS } from "../../src/collectors/registry.ts";
import { alerts } from "../../src/collectors/alerts.ts";
import { storage } from "../../src/collectors/storage.ts";

function cost(requestsPerHour: number, series: number): Cost {
  return {
    requestsPerHour,
    firstHourRequests: 2 * requestsPerHour,
    series,
    openMetricsSeries: 3 * series,
  };
}

/** A site with costs of these collectors, and one request and ten series of its own. */
function siteCost(collectors: Readonly<Record<string, Cost>>): SiteCost {
  return { collectors: new Map(Object.entries(collectors)), own: cost(1, 10) };
}

const ROWS = costRows(
  siteCost({ storage: cost(12, 100), alerts: cost(2.25, 5) }),
  siteCost({ storage: cost(12, 90) }),
  [storage, alerts],
);

function row(rows: readonly CostRow[], name: string): CostRow {
  const found = rows.find((row) => row.name === name);
  assert.ok(found, name);
  return found;
}

Deno.test("the documented costs name every collector, and need less than a request per second", async () => {
  const rows = documentedRows(await currentPage("docs/cost.md"));
  // That the figures are true is checked where the page is made anew.
  const names = [...COLLECTORS.map(({ name }) => name), ...Object.values(SUM_ROWS)];
  assert.deepEqual(rows.map(({ name }) => name), names);
  assert.ok(row(rows, SUM_ROWS.all).requestsPerHour < 3600);
  assert.ok(row(rows, SUM_ROWS.all).firstHourRequests < 3600);
});

Deno.test("a default site has less than 3,000 series", async () => {
  const byDefault = await measureSite(
    COLLECTORS.filter(({ enabledByDefault }) => enabledByDefault),
  );
  const { series, openMetricsSeries } = row(costRows(byDefault, byDefault), SUM_ROWS.default);
  assert.ok(series > 1000 && series < 3000, `${series} series`);
  // Prometheus asks for OpenMetrics and keeps those, too.
  assert.ok(
    openMetricsSeries > series && openMetricsSeries < 3000,
    `${openMetricsSeries} with _created`,
  );
});

Deno.test("costRows() sums up everything, and the default from a site of its own", () => {
  assert.deepEqual(ROWS.map(({ name }) => name), ["storage", "alerts", ...Object.values(SUM_ROWS)]);
  const everything = row(ROWS, SUM_ROWS.all);
  assert.deepEqual([everything.requestsPerHour, everything.series], [15.25, 115]);
  const byDefault = row(ROWS, SUM_ROWS.default);
  assert.deepEqual([byDefault.requestsPerHour, byDefault.series, byDefault.openMetricsSeries], [
    13,
    100,
    300,
  ]);
});

Deno.test("documentedRows() reads what costTable() writes, and no other table", () => {
  const table = costTable(ROWS);
  const read = documentedRows(`# Page\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n${table}\n`);
  assert.ok(isUpToDate(read, ROWS));
  assert.equal(read.length, ROWS.length);
  assert.deepEqual(documentedRows("# Page\n"), []);
});

Deno.test("isUpToDate() bears small differences, and no large ones, missing rows or other defaults", () => {
  const changed = (change: Partial<CostRow>) =>
    ROWS.map((row) => row.name === "storage" ? { ...row, ...change } : row);
  assert.ok(isUpToDate(changed({ series: 109, requestsPerHour: 13 }), ROWS));
  for (
    const change of [
      { series: 111 },
      { openMetricsSeries: 200 },
      { requestsPerHour: 20 },
      { firstHourRequests: 90 },
      { enabledByDefault: false },
      { name: "tape" },
    ]
  ) {
    assert.ok(!isUpToDate(changed(change), ROWS), JSON.stringify(change));
  }
  assert.ok(!isUpToDate(ROWS.slice(1), ROWS));
  assert.ok(!isUpToDate([], ROWS));
});

Deno.test("measureSite() counts requests and series of each collector, and those of the site", async () => {
  const { collectors, own } = await measureSite([storage, alerts], 1);
  // 100 alerts in pages of ten, twelve times an hour; storage fits one page.
  assert.equal(collectors.get("alerts")?.requestsPerHour, 120);
  assert.equal(collectors.get("storage")?.requestsPerHour, 12);
  assert.equal(collectors.get("storage")?.series, collectors.get("storage")?.openMetricsSeries);
  assert.ok((collectors.get("storage")?.series ?? 0) > 200);
  assert.equal(own.requestsPerHour, 0);
  assert.ok(own.series > 20);
  assert.ok(own.openMetricsSeries > own.series, "counts of requests have a line _created");
});
