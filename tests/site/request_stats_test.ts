import assert from "node:assert/strict";
import { createRequestStats } from "../../src/site/request_stats.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";

const CLOCK = { now: () => 1_700_000_000_000, monotonic: () => 0 };

Deno.test("createRequestStats() has counters of retries and rejected rows from the start", () => {
  const families = createRequestStats("a", ["/x", "/y"], CLOCK).families();
  for (const metric of ["nbu_api_retries_total", "nbu_api_rows_rejected_total"]) {
    assert.equal(seriesCount(families, metric), 2);
    assert.equal(valueOf(families, metric, { site: "a", endpoint: "/y" }), 0);
  }
  assert.equal(
    seriesCount(families, "nbu_response_time_ms"),
    0,
    "unknown before the first request",
  );
});

Deno.test("RequestStats counts requests by endpoint and code, and keeps the duration of the last response", () => {
  const stats = createRequestStats("a", [], CLOCK);
  stats.request("/x", "200", 0.25, true);
  stats.request("/x", "200", 2, true);
  stats.request("/x", "network", 0.5, false);
  stats.retry("/x");
  stats.rowsRejected("/x", 3);
  stats.rowsRejected("/x", 4);
  const families = stats.families();
  const requests = (code: string) => valueOf(families, "nbu_api_requests_total", { code });
  assert.deepEqual([requests("200"), requests("network")], [2, 1]);
  assert.equal(valueOf(families, "nbu_api_retries_total"), 1);
  assert.equal(valueOf(families, "nbu_api_rows_rejected_total"), 7);
  assert.equal(valueOf(families, "nbu_response_time_ms", { site: "a" }), 2000);
  assert.equal(valueOf(families, "nbu_api_request_duration_seconds", {}, "_count"), 3);
  assert.equal(valueOf(families, "nbu_api_request_duration_seconds", {}, "_sum"), 2.75);
});

Deno.test("RequestStats.revision differs after each change, and only then", () => {
  const stats = createRequestStats("a", ["/x"], CLOCK);
  const seen = new Set([stats.revision]);
  stats.families();
  assert.ok(seen.has(stats.revision));
  const changes = [
    () => stats.request("/x", "200", 1, true),
    () => stats.retry("/x"),
    () => stats.rowsRejected("/x", 1),
  ];
  for (const change of changes) {
    change();
    assert.ok(!seen.has(stats.revision));
    seen.add(stats.revision);
  }
});

Deno.test("RequestStats.inLastHour() counts each try of a request", () => {
  let now = 0;
  const stats = createRequestStats("a", [], { now: () => 0, monotonic: () => now });
  stats.request("/x", "network", 1, false);
  stats.request("/x", "200", 1, true);
  assert.equal(stats.inLastHour(), 2);
  now += 3_600_000;
  assert.equal(stats.inLastHour(), 0);
});
