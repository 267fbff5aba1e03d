import assert from "node:assert/strict";
import { createLedgerCollector } from "../../src/ledger/collector.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";
import { contextOf } from "./_context.ts";
import { createMemoryCheckpoint } from "./_memory_checkpoint.ts";
import { ModelPrimary } from "./_model.ts";

const START = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;
const WRITTEN = "nbu_ledger_checkpoint_timestamp_seconds";
const PART = "nbu_ledger_part_last_success_timestamp_seconds";

function makeCollector(checkpoint = createMemoryCheckpoint()) {
  return createLedgerCollector({ site: "a", lookUpStatuses: false, checkpoint });
}

/** A primary with one failed and two successful backups that were counted and published. */
async function afterSomeJobs() {
  const primary = new ModelPrimary(START);
  const checkpoint = createMemoryCheckpoint();
  const collector = makeCollector(checkpoint);
  const collect = () => collector.collect(contextOf(primary));
  await collect();
  for (const status of [0, 96, 0]) {
    const jobId = primary.birth();
    primary.now += MINUTE;
    primary.finish(jobId, { status, kilobytes: 5 });
  }
  await collect();
  const { cumulative } = await collect();
  return { primary, checkpoint, collector, cumulative };
}

/** Labels and values of a metric; exemplars are not kept. */
function samplesOf(families: readonly MetricFamily[], name: string) {
  const samples = families.find(({ definition }) => definition.name === name)?.samples ?? [];
  return samples.map(({ labels, value }) => ({ labels, value }));
}

Deno.test("ledger shows its counters and last times as they were, before the first poll after a restart", async () => {
  const { primary, checkpoint, collector, cumulative } = await afterSomeJobs();
  const readAt = collector.partsReadAt();
  assert.ok(Number(readAt["finished"]) > START && Number(readAt["unfinished"]) > START);
  const { saved } = checkpoint;
  const writes = saved.length;
  const next = makeCollector({ ...checkpoint, writtenAtMs: START - MINUTE });
  const restored = await next.restore(readAt);
  const kept = ["nbu_jobs_completed_total", "nbu_jobs_outcome_total", "nbu_backups_total"];
  for (const name of [...kept, "nbu_jobs_protected_bytes_total", PART]) {
    assert.deepEqual(samplesOf(restored, name), samplesOf(cumulative, name), name);
  }
  assert.equal(valueOf(restored, "nbu_jobs_completed_total", { status: "96" }), 1);
  assert.equal(valueOf(restored, "nbu_job_duration_seconds", {}, "_count"), 3);
  assert.equal(
    valueOf(restored, "nbu_jobs_last_success_timestamp_seconds", { action: "BACKUP" }),
    Math.floor(primary.last(102)?.endTime ?? 0) / 1000,
  );
  assert.equal(valueOf(restored, WRITTEN), (START - MINUTE) / 1000);
  assert.equal(saved.length, writes, "nothing is written for that");
  primary.now += MINUTE;
  primary.finish(primary.birth(), { status: 96 });
  const { cumulative: after } = await next.collect(contextOf(primary));
  assert.equal(valueOf(after, "nbu_jobs_completed_total", { status: "96" }), 2, "counted on");
});

Deno.test("ledger restores once where the first poll begins while it still restores", async () => {
  const { primary, checkpoint } = await afterSomeJobs();
  const { load } = checkpoint;
  const reading = Promise.withResolvers<void>();
  let loads = 0;
  checkpoint.load = async () => {
    loads++;
    await reading.promise;
    return await load();
  };
  const next = makeCollector(checkpoint);
  const restoring = next.restore({});
  const polling = next.collect(contextOf(primary));
  reading.resolve();
  await restoring;
  const { cumulative } = await polling;
  assert.equal(loads, 1);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total", { status: "0" }), 2);
});

Deno.test("ledger tries again to restore what could not be read", async () => {
  const { primary, checkpoint } = await afterSomeJobs();
  const { load } = checkpoint;
  checkpoint.load = () => Promise.reject(new Error("no access"));
  const next = makeCollector(checkpoint);
  await assert.rejects(next.restore({}), { message: "no access" });
  checkpoint.load = load;
  const { cumulative } = await next.collect(contextOf(primary));
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total", { status: "0" }), 2);
});

Deno.test("ledger publishes a counter that was new at the end of the process as 0 once more", async () => {
  const primary = new ModelPrimary(START);
  const checkpoint = createMemoryCheckpoint();
  const first = makeCollector(checkpoint);
  await first.collect(contextOf(primary));
  primary.now += MINUTE;
  primary.finish(primary.birth(), { status: 96 });
  await first.collect(contextOf(primary));
  // Killed before the next poll: the value was never published.
  const next = makeCollector(checkpoint);
  const labels = { status: "96", action: "BACKUP" };
  assert.equal(valueOf(await next.restore({}), "nbu_jobs_completed_total", labels), 0);
  const poll = async () => (await next.collect(contextOf(primary))).cumulative;
  assert.equal(valueOf(await poll(), "nbu_jobs_completed_total", labels), 0);
  assert.equal(valueOf(await poll(), "nbu_jobs_completed_total", labels), 1);
});

Deno.test("ledger claims no progress of a reading that has not begun, and none that it does not know", async () => {
  const primary = new ModelPrimary(START);
  const checkpoint = createMemoryCheckpoint();
  for (const restart of [false, true]) {
    const collector = makeCollector(checkpoint);
    await collector.restore({});
    assert.deepEqual(collector.liveFamilies(), [], "nothing was asked for yet");
    assert.equal(collector.progress(), undefined);
    let failing = true;
    primary.refuses = () => failing;
    await assert.rejects(collector.collect(contextOf(primary)));
    // At the first start it is not even known from when on jobs are to be read.
    assert.equal(collector.progress(), restart ? 0 : undefined);
    failing = false;
    await collector.collect(contextOf(primary));
    assert.equal(collector.progress(), 1);
    assert.equal(seriesCount(collector.liveFamilies(), "nbu_ledger_backfill_progress_ratio"), 1);
    failing = true;
    await assert.rejects(collector.collect(contextOf(primary)));
    assert.equal(collector.progress(), 1, "no catch-up goes on");
  }
});
