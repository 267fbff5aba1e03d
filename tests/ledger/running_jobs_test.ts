import assert from "node:assert/strict";
import { createLedgerCollector, type LedgerCollectorOptions } from "../../src/ledger/collector.ts";
import { valueOf } from "../testing/samples.ts";
import { contextOf } from "./_context.ts";
import { createMemoryCheckpoint } from "./_memory_checkpoint.ts";
import { ModelPrimary } from "./_model.ts";

const START = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;

async function setUp(options: Partial<LedgerCollectorOptions> = {}) {
  const primary = new ModelPrimary(START);
  primary.pageSize = 100;
  const context = contextOf(primary);
  const start = () =>
    createLedgerCollector({ site: "a", zeroFirst: false, lookUpStatuses: false, ...options });
  let collector = start();
  await collector.collect(context);
  return {
    primary,
    restart: () => collector = start(),
    /** Polls every five minutes. */
    poll: async (polls: number) => {
      let last = await collector.collect(context);
      for (let poll = 1; poll < polls; poll++) {
        primary.now += 5 * MINUTE;
        last = await collector.collect(context);
      }
      return last;
    },
  };
}

const asksById = (filter: string) => filter.startsWith("jobId eq");

Deno.test("ledger counts jobs that end without a new update time", async () => {
  const { primary, poll } = await setUp();
  const jobs = Array.from({ length: 20 }, () => primary.birth({ state: "ACTIVE" }));
  primary.now += 5 * MINUTE;
  primary.finish(primary.birth());
  await poll(2);
  for (const jobId of jobs) {
    const lastUpdateTime = primary.last(jobId)?.lastUpdateTime ?? 0;
    primary.finish(jobId, { lastUpdateTime });
  }
  const { cumulative } = await poll(3);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 21);
  assert.equal(primary.filters.filter(asksById).length, 1, "all of them in one question");
});

Deno.test("ledger counts jobs that end while their rows are hidden, across restarts too", async () => {
  const { primary, poll, restart } = await setUp({ checkpoint: createMemoryCheckpoint() });
  const jobs = Array.from({ length: 22 }, () => primary.birth({ state: "ACTIVE" }));
  await poll(1);
  primary.hidden = () => true;
  primary.now += 5 * MINUTE;
  for (const jobId of jobs) primary.finish(jobId);
  await poll(3);
  restart();
  await poll(2);
  primary.hidden = () => false;
  const { cumulative } = await poll(8);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 22);
  assert.equal(valueOf(cumulative, "nbu_ledger_jobs_vanished_total"), 0);
});

Deno.test("ledger gives up jobs that have gone, visibly, after fewer and fewer questions", async () => {
  const { primary, poll } = await setUp();
  const jobs = Array.from({ length: 100 }, () => primary.birth({ state: "ACTIVE" }));
  await poll(1);
  for (const jobId of jobs) primary.jobs.delete(jobId);
  const before = await poll(12);
  assert.equal(valueOf(before.cumulative, "nbu_ledger_jobs_vanished_total"), 0);
  const { cumulative } = await poll(120);
  assert.equal(valueOf(cumulative, "nbu_ledger_jobs_vanished_total"), 100);
  assert.ok(primary.filters.filter(asksById).length <= 9 * 3);
  primary.filters.length = 0;
  await poll(20);
  assert.equal(primary.filters.filter(asksById).length, 0);
});

Deno.test("ledger asks for nothing by id in steady state, also when jobs end between its two lists", async () => {
  const { primary, poll } = await setUp({ concurrency: 1 });
  for (let round = 0; round < 10; round++) {
    const jobId = primary.birth({ state: "ACTIVE" });
    await poll(1);
    primary.reset();
    primary.onRequest = (count) => {
      if (count === 2) primary.finish(jobId);
    };
    await poll(1);
    primary.onRequest = () => {};
    await poll(3);
    assert.equal(primary.filters.filter(asksById).length, 0);
  }
});

Deno.test("ledger asks for one id at a time where several are refused", async () => {
  const { primary, poll } = await setUp();
  const jobs = Array.from({ length: 8 }, () => primary.birth({ state: "ACTIVE" }));
  await poll(1);
  primary.now += 5 * MINUTE;
  for (const jobId of jobs) primary.finish(jobId, { lastUpdateTime: START });
  primary.refuses = (filter) => filter.includes(" or ");
  const { cumulative } = await poll(6);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 8);
});

Deno.test("ledger polls on where asking by id fails", async () => {
  const { primary, poll } = await setUp();
  primary.finish(primary.birth());
  const gone = primary.birth({ state: "ACTIVE" });
  await poll(1);
  primary.jobs.delete(gone);
  primary.refuses = asksById;
  primary.finish(primary.birth());
  const { cumulative } = await poll(4);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 2);
});

Deno.test("ledger does not take a new job for a forgotten one, whatever its times say", async () => {
  const { primary, poll } = await setUp({ recall: 5 });
  const running = Array.from({ length: 5 }, () => primary.birth({ state: "ACTIVE" }));
  for (let job = 0; job < 200; job++) {
    primary.now += MINUTE;
    primary.finish(primary.birth());
  }
  await poll(1);
  for (let round = 0; round < 3; round++) {
    primary.now += 60 * MINUTE;
    for (let job = 0; job < 100; job++) primary.finish(primary.birth());
    await poll(1);
  }
  // Dated before jobs that were counted and forgotten.
  for (const jobId of running) primary.finish(jobId, { endTime: START + MINUTE });
  const born = primary.birth();
  primary.finish(born, { endTime: START + MINUTE, startTime: START });
  const { cumulative } = await poll(3);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), primary.jobs.size);
});

Deno.test("ledger counts no job that ended before it began, however high its id, late its update, or long the window", async () => {
  const primary = new ModelPrimary(START);
  const old = primary.birth();
  primary.finish(old);
  primary.finish(primary.birth());
  primary.now += 180 * MINUTE;
  const context = contextOf(primary);
  const collector = createLedgerCollector({ site: "a", zeroFirst: false, lookUpStatuses: false });
  await collector.collect(context);
  primary.now += MINUTE;
  primary.change(old, { kilobytes: 5 });
  await collector.collect(context);
  const longer = await collector.collect({ ...context, windowMs: 600 * MINUTE });
  assert.equal(valueOf(longer.families, "nbu_jobs_count"), 2);
  assert.equal(valueOf(longer.cumulative, "nbu_jobs_completed_total"), undefined);
});
