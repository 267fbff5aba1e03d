import assert from "node:assert/strict";
import { alerts } from "../../src/collectors/alerts.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { runOnce } from "./_run.ts";

const ENDPOINT = "/manage/alerts";

/** An alert as the vendor's documents show it, with the parts that matter here. */
function alert(id: string | number, attributes: unknown): unknown {
  return { type: "alert", id, links: { self: { href: `/manage/alerts/${id}` } }, attributes };
}

function jobAlert(id: string | number, severity: unknown = "ERROR"): unknown {
  return alert(id, {
    titleId: 1,
    title: "Job details are as follows:",
    category: "JOB",
    subCategory: "MS-WINDOWS",
    severity,
    createdDateTime: "2026-01-01T13:41:31.751Z",
    params: { jobId: "4", status: "2074" },
  });
}

Deno.test("alerts counts alerts by severity and category, and starts at 0", async () => {
  const rows = [
    jobAlert("1"),
    jobAlert("2"),
    jobAlert("3", "WARNING"),
    alert("4", {
      severity: "INFO",
      category: "SECURITY",
    }),
  ];
  const result = await runOnce(alerts, { [ENDPOINT]: rows });
  assert.deepEqual(result.series("nbu_alerts_count"), [
    "severity=ERROR,category=JOB: 2",
    "severity=INFO,category=JOB: 0",
    "severity=INFO,category=SECURITY: 1",
    "severity=WARNING,category=JOB: 1",
  ]);
  assert.equal(result.rows, 4);
});

Deno.test("alerts is 0 for every severity when there are none", async () => {
  const result = await runOnce(alerts, { [ENDPOINT]: [] });
  assert.equal(result.count("nbu_alerts_count"), 3);
  for (const severity of ["INFO", "WARNING", "ERROR"]) {
    assert.equal(result.value("nbu_alerts_count", { severity, category: "JOB" }), 0);
  }
  assert.equal(result.rows, 0);
});

Deno.test("alerts reads every page of ten", async () => {
  const rows = Array.from({ length: 71 }, (_, index) => jobAlert(String(index)));
  const result = await runOnce(alerts, { [ENDPOINT]: rows });
  assert.equal(result.value("nbu_alerts_count", { severity: "ERROR" }), 71);
  assert.deepEqual(
    result.requests.map(({ query }) => query?.["page[offset]"]),
    [0, 10, 20, 30, 40, 50, 60, 70],
  );
  assert.ok(result.requests.every(({ query }) => query?.["page[limit]"] === 10));
});

Deno.test("alerts counts an alert once that moves to the next page while it is read", async () => {
  const rows = [jobAlert("1"), jobAlert("2"), jobAlert("2"), jobAlert(3)];
  const result = await runOnce(alerts, { [ENDPOINT]: rows });
  assert.equal(result.value("nbu_alerts_count", { severity: "ERROR" }), 3);
  assert.equal(result.client.rejected.get(ENDPOINT), 1);
});

Deno.test("alerts takes missing and null fields, and rows that are none", async () => {
  const rows = [
    jobAlert("1", null),
    alert("2", {}),
    alert("3", null),
    alert("4", { severity: 5 }),
    "row",
    jobAlert("5"),
  ];
  const result = await runOnce(alerts, { [ENDPOINT]: rows });
  const count = (severity: string, category: string) =>
    result.value("nbu_alerts_count", { severity, category });
  assert.equal(count("UNKNOWN", "JOB"), 1);
  assert.equal(count("UNKNOWN", "UNKNOWN"), 2);
  assert.equal(count("ERROR", "JOB"), 1);
  assert.equal(result.client.rejected.get(ENDPOINT), 2);
  assert.equal(result.rows, 4);
});

Deno.test("alerts fails when no row fits", async () => {
  await assert.rejects(runOnce(alerts, { [ENDPOINT]: ["a", "b"] }), UnexpectedBodyError);
});

Deno.test("alerts is unsupported where the release has no such list", async () => {
  await assert.rejects(runOnce(alerts, {}), EndpointUnsupportedError);
});
