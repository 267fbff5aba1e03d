import assert from "node:assert/strict";
import { createLedgerCollector, type LedgerCollectorOptions } from "../../src/ledger/collector.ts";
import { cursorPage, statusError } from "../testing/fake_client.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";
import { contextOf, hurried } from "./_context.ts";
import { ModelPrimary } from "./_model.ts";

const START = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;

async function setUp(options: Partial<LedgerCollectorOptions> = {}) {
  const primary = new ModelPrimary(START);
  primary.pageSize = 20;
  primary.requestMs = 0;
  const log = createRecordingLogger();
  const collector = createLedgerCollector({
    site: "a",
    zeroFirst: false,
    lookUpStatuses: false,
    ...options,
  });
  const context = contextOf(primary, { logger: log.logger });
  await collector.collect(context);
  primary.reset();
  return { primary, log, collector, context, collect: () => collector.collect(context) };
}

function finishMany(primary: ModelPrimary, jobs: number, spacingMs: number): void {
  for (let job = 0; job < jobs; job++) {
    primary.now += spacingMs;
    primary.finish(primary.birth());
  }
}

const warnings = (log: ReturnType<typeof createRecordingLogger>) =>
  log.records.filter(({ level }) => level === "warn").map(({ fields }) => fields["jobs"]);

Deno.test("ledger misses nothing of a primary that ignores the order, also when a request fails midway", async () => {
  const { primary, log, collect } = await setUp();
  primary.ignoresSort = true;
  finishMany(primary, 1000, 1000);
  primary.onRequest = (count) => {
    if (count === 12) throw statusError(503);
  };
  await assert.rejects(collect());
  primary.onRequest = () => {};
  assert.equal(valueOf((await collect()).cumulative, "nbu_jobs_completed_total"), 1000);
  primary.reset();
  finishMany(primary, 100, 1000);
  assert.equal(valueOf((await collect()).cumulative, "nbu_jobs_completed_total"), 1100);
  assert.ok(primary.requests < 25, `${primary.requests} requests`);
  assert.deepEqual(warnings(log), ["finished"]);
});

Deno.test("ledger reads a primary that ignores filters in a bounded way, and says so once", async () => {
  const { primary, log, collect } = await setUp({ concurrency: 4 });
  primary.ignoresFilters = true;
  finishMany(primary, 150, 30_000);
  for (let job = 0; job < 30; job++) primary.birth({ state: "ACTIVE" });
  for (let poll = 0; poll < 4; poll++) {
    const done = 150 + 20 * poll;
    primary.reset();
    const { families, cumulative } = await collect();
    assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), done);
    assert.equal(valueOf(families, "nbu_jobs_current", { state: "ACTIVE" }), 30);
    assert.ok(primary.requests < 70, `${primary.requests} requests`);
    finishMany(primary, 20, 15_000);
  }
  assert.deepEqual(warnings(log).toSorted(), ["finished", "unfinished"]);
  // It obeys again: the next polls read what is new, and nothing else.
  primary.ignoresFilters = false;
  await collect();
  await collect();
  primary.reset();
  finishMany(primary, 5, 1000);
  assert.equal(valueOf((await collect()).cumulative, "nbu_jobs_completed_total"), 235);
  assert.ok(primary.requests <= 5, `${primary.requests} requests`);
});

Deno.test("ledger gives up a list of unfinished jobs that does not end, and publishes the finished ones", async () => {
  const { primary, log, collect } = await setUp();
  finishMany(primary, 5, 1000);
  const respond = primary.client.respond;
  let id = 1e6;
  primary.client.respond = (request, context) => {
    if (!String(request.query?.["filter"]).startsWith("state ne")) return respond(request, context);
    const rows = Array.from(
      { length: 1000 },
      () => ({ attributes: { jobId: id++, state: "ACTIVE" } }),
    );
    return cursorPage(rows, String(id));
  };
  const { families, cumulative } = await collect();
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 5);
  assert.equal(valueOf(families, "nbu_jobs_current", { action: "" }), undefined);
  assert.match(String(log.records.at(-1)?.fields["error"]), /more than 200000 unfinished jobs/);
});

Deno.test("ledger reads many unfinished jobs in parallel, and few with one request", async () => {
  const { primary, collect } = await setUp({ concurrency: 4 });
  for (let job = 0; job < 3000; job++) primary.birth({ state: "ACTIVE" });
  primary.pause = () => new Promise((resolve) => setTimeout(resolve));
  const { families } = await collect();
  assert.equal(valueOf(families, "nbu_jobs_current", { state: "ACTIVE" }), 3000);
  assert.ok(primary.mostInFlight >= 4, `${primary.mostInFlight} at once`);
  assert.ok(primary.requests <= 150 * 1.25, `${primary.requests} requests`);
  for (const jobId of [...primary.jobs.keys()].slice(0, 2990)) primary.finish(jobId);
  await collect();
  primary.now += MINUTE;
  await collect();
  primary.reset();
  await collect();
  assert.equal(primary.filters.filter((filter) => filter.startsWith("state ne")).length, 1);
});

Deno.test("ledger reads a few pages of unfinished jobs without a request to divide them", async () => {
  const { primary, collect } = await setUp();
  for (let job = 0; job < 150; job++) primary.birth({ state: "ACTIVE" });
  await collect();
  assert.equal(primary.filters.filter((filter) => filter.startsWith("state ne")).length, 8);
});

Deno.test("ledger publishes the finished jobs when the unfinished ones cannot be read, each with its age", async () => {
  const { primary, log, collect } = await setUp();
  primary.birth({ state: "ACTIVE" });
  finishMany(primary, 5, 1000);
  await collect();
  let failing = true;
  const respond = primary.client.respond;
  primary.client.respond = (request, context) => {
    const unfinished = String(request.query?.["filter"]).startsWith("state ne");
    if (failing && unfinished) throw statusError(503);
    return respond(request, context);
  };
  const age = async (part: string) => {
    const { cumulative } = await collect();
    const at = valueOf(cumulative, "nbu_ledger_part_last_success_timestamp_seconds", { part });
    return primary.now / 1000 - (at ?? 0);
  };
  for (let poll = 1; poll <= 2; poll++) {
    finishMany(primary, 1, MINUTE);
    const { families, cumulative } = await collect();
    assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 5 + poll);
    assert.equal(valueOf(families, "nbu_jobs_current", { state: "ACTIVE" }), 1, "as last read");
  }
  primary.now += MINUTE;
  const { families } = await collect();
  assert.equal(seriesCount(families, "nbu_jobs_current"), 0, "too old to be shown");
  assert.equal(valueOf(families, "nbu_jobs_state_count", { state: "DONE" }), 7);
  assert.ok(await age("finished") < 1 && await age("unfinished") >= 180);
  assert.equal(log.records.filter(({ level }) => level === "warn").length, 5);
  failing = false;
  assert.ok(await age("unfinished") < 1);
});

Deno.test("ledger fails where the primary refuses the unfinished jobs", async () => {
  const { primary, collect } = await setUp();
  const respond = primary.client.respond;
  primary.client.respond = (request, context) => {
    const unfinished = String(request.query?.["filter"]).startsWith("state ne");
    if (unfinished) throw statusError(401);
    return respond(request, context);
  };
  await assert.rejects(collect(), /401/);
});

Deno.test("ledger leaves time for the finished jobs when the unfinished ones are slow", async () => {
  const { primary, collector, context } = await setUp();
  finishMany(primary, 5, 1000);
  const respond = primary.client.respond;
  primary.client.respond = (request, inner) => {
    if (!String(request.query?.["filter"]).startsWith("state ne")) return respond(request, inner);
    return new Promise((_resolve, reject) =>
      inner.signal.addEventListener("abort", () => reject(inner.signal.reason))
    );
  };
  const clock = hurried(context.clock);
  const request = { ...context.request, deadline: clock.monotonic() + 100_000 };
  const { cumulative } = await collector.collect({ ...context, clock, request });
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 5);
  assert.deepEqual(clock.limits, [90_000]);
});

Deno.test("ledger reads what lies behind jobs of one update time, of which one is resumed meanwhile", async () => {
  const { primary, collect } = await setUp({ concurrency: 1 });
  primary.pageSize = 3;
  primary.fragileCursors = true;
  for (let job = 0; job < 3; job++) primary.finish(primary.birth());
  await collect();
  primary.now += 60_000;
  primary.finish(primary.birth());
  primary.reset();
  // The row behind the cursor of the only full page is gone when the cursor is followed.
  primary.onRequest = (count) => {
    if (count === 4) primary.change(102, { state: "ACTIVE", endTime: 0 });
  };
  assert.equal(valueOf((await collect()).cumulative, "nbu_jobs_completed_total"), 4);
});
