import assert from "node:assert/strict";
import { createLedgerCollector, type LedgerCollectorOptions } from "../../src/ledger/collector.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { valueOf } from "../testing/samples.ts";
import { contextOf } from "./_context.ts";
import { createMemoryCheckpoint } from "./_memory_checkpoint.ts";
import { ModelPrimary } from "./_model.ts";

const START = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A primary on which a job ends every 15 s, polled every 5 min. */
async function setUp(options: Partial<LedgerCollectorOptions> = {}, skewMs = 0) {
  const primary = new ModelPrimary(START);
  const log = createRecordingLogger();
  const context = contextOf(primary, { clock: primary.clock(skewMs), logger: log.logger });
  const start = () =>
    createLedgerCollector({ site: "a", zeroFirst: false, lookUpStatuses: false, ...options });
  let collector = start();
  await collector.collect(context);
  return {
    primary,
    log,
    context,
    restart: () => collector = start(),
    pass: (milliseconds: number) => {
      for (let passed = 0; passed < milliseconds; passed += 15_000) {
        primary.now += 15_000;
        primary.finish(primary.birth());
      }
    },
    completed: async () => {
      const { cumulative } = await collector.collect(context);
      return valueOf(cumulative, "nbu_jobs_completed_total") ?? 0;
    },
    collect: () => collector.collect(context),
  };
}

for (const aheadMs of [5 * MINUTE, 23 * HOUR]) {
  Deno.test(`ledger misses nothing behind a job that is dated ${aheadMs / MINUTE} min ahead`, async () => {
    const { primary, pass, completed } = await setUp();
    primary.finish(primary.birth(), { lastUpdateTime: primary.now + aheadMs });
    for (let poll = 0; poll < 30; poll++) {
      pass(5 * MINUTE);
      await completed();
    }
    assert.equal(await completed(), primary.jobs.size);
  });
}

for (const backMs of [10 * MINUTE, HOUR]) {
  Deno.test(`ledger misses nothing when the clock of the primary is set back by ${backMs / MINUTE} min`, async () => {
    const { primary, log, pass, collect, completed } = await setUp();
    pass(20 * MINUTE);
    await completed();
    pass(2 * MINUTE);
    primary.setClock(-backMs);
    pass(3 * MINUTE);
    for (let poll = 0; poll < 3; poll++) {
      await completed();
      pass(5 * MINUTE);
    }
    const { families, cumulative } = await collect();
    assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), primary.jobs.size);
    assert.equal(valueOf(cumulative, "nbu_ledger_clock_steps_total"), 1);
    const warnings = log.records.filter(({ message }) => message.includes("clock"));
    assert.deepEqual(warnings.map(({ fields }) => fields["step_seconds"]), [-backMs / 1000]);
    const skew = valueOf(families, "nbu_ledger_clock_skew_seconds") ?? NaN;
    assert.ok(Math.abs(skew + backMs / 1000) <= 1);
  });
}

Deno.test("ledger misses nothing when the clock of the primary is set back while the exporter is stopped", async () => {
  const { primary, pass, restart, completed } = await setUp({
    checkpoint: createMemoryCheckpoint(),
  });
  pass(20 * MINUTE);
  await completed();
  pass(5 * MINUTE);
  primary.setClock(-HOUR);
  pass(5 * MINUTE);
  restart();
  assert.equal(await completed(), primary.jobs.size);
});

Deno.test("ledger misses nothing that is shown late over a step of the primary's clock forward", async () => {
  const { primary, pass, completed } = await setUp({ overlapMs: 40_000 });
  pass(5 * MINUTE);
  const late = primary.birth();
  await completed();
  primary.finish(late, {}, 30_000);
  primary.now += 1000;
  primary.setClock(HOUR);
  pass(15_000);
  await completed();
  primary.now += 20_000;
  assert.equal(await completed(), primary.jobs.size);
});

Deno.test("ledger finds no step of the clock in polls of any length and slow responses", async () => {
  const { primary, pass, collect } = await setUp({}, 23 * HOUR);
  primary.requestMs = 1900;
  for (let poll = 1; poll < 12; poll++) {
    pass(poll * 47_123);
    await collect();
  }
  const { cumulative, families } = await collect();
  assert.equal(valueOf(cumulative, "nbu_ledger_clock_steps_total"), 0);
  const skew = valueOf(families, "nbu_ledger_clock_skew_seconds") ?? NaN;
  assert.ok(Math.abs(skew + 23 * 3600) <= 2);
});
