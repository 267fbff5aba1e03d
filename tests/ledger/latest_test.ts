import assert from "node:assert/strict";
import { createLedgerCollector } from "../../src/ledger/collector.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";
import { contextOf } from "./_context.ts";
import { createMemoryCheckpoint } from "./_memory_checkpoint.ts";
import { ModelPrimary } from "./_model.ts";

const START = Date.UTC(2026, 0, 1, 12);
const DAY = 24 * 3_600_000;

Deno.test("ledger tells when jobs last started and succeeded, across restarts and long after the window", async () => {
  const primary = new ModelPrimary(START);
  const checkpoint = createMemoryCheckpoint();
  const context = contextOf(primary);
  const start = () => createLedgerCollector({ site: "a", lookUpStatuses: false, checkpoint });
  // It ended before the counters began.
  primary.finish(primary.birth({ jobType: "RESTORE" }));
  const restored = primary.now;
  primary.now += 60_000;
  const collector = start();
  await collector.collect(context);
  primary.now += 60_000;
  const failed = primary.birth();
  const succeeded = primary.birth();
  const begun = primary.now;
  primary.now += 60_000;
  primary.finish(succeeded);
  const ended = Math.floor(primary.now / 1000);
  primary.now += 60_000;
  primary.finish(failed, { status: 96 });
  // Nobody believes in a start that lies in the future.
  primary.finish(primary.birth({ startTime: primary.now + 30 * DAY }), { status: 96 });
  await collector.collect(context);
  primary.now += 5 * DAY;
  for (const result of [await collector.collect(context), await start().collect(context)]) {
    const value = (name: string, labels: Record<string, string>) =>
      valueOf(result.cumulative, `nbu_jobs_last_${name}_timestamp_seconds`, labels);
    assert.equal(value("started", { action: "BACKUP" }), begun / 1000);
    assert.equal(value("started", { action: "RESTORE" }), restored / 1000);
    assert.equal(value("success", { action: "BACKUP", policy_type: "STANDARD" }), ended);
    assert.equal(value("success", { action: "RESTORE" }), Math.floor(restored / 1000));
    const successes = seriesCount(result.cumulative, "nbu_jobs_last_success_timestamp_seconds");
    assert.equal(successes, 2);
  }
});
