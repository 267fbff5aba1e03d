import assert from "node:assert/strict";
import { createLedgerCollector } from "../../src/ledger/collector.ts";
import { LabelBounds } from "../../src/ledger/label_bounds.ts";
import { RunLengths } from "../../src/ledger/run_lengths.ts";
import type { Job } from "../../src/netbackup/resources/job.ts";
import { createPause } from "../../src/state/json_pieces.ts";
import { jobOf } from "../testing/job.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";
import { contextOf } from "./_context.ts";
import { createMemoryCheckpoint } from "./_memory_checkpoint.ts";
import { ModelPrimary } from "./_model.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;
const METRIC = "nbu_jobs_overrunning";

function job(fields: Partial<Job>): Job {
  return jobOf({
    policyName: "Gold",
    clientName: "db01",
    scheduleName: "Full",
    scheduleType: "FULL_BACKUP",
    startTimeMs: NOW,
    lastUpdateTimeMs: NOW,
    ...fields,
  });
}

/** A job that runs for some minutes by now. */
function running(minutes: number, fields: Partial<Job> = {}): Job {
  return job({ state: "ACTIVE", startTimeMs: NOW - minutes * MINUTE, ...fields });
}

/** Jobs that took 1, 2, 3 … minutes. */
function observe(lengths: RunLengths, count: number, fields: Partial<Job> = {}): void {
  for (let minutes = 1; minutes <= count; minutes++) {
    lengths.observe(job(fields), NOW + minutes * MINUTE);
  }
}

function countOf(lengths: RunLengths, unfinished: readonly Job[], action = "BACKUP") {
  const bounds = new LabelBounds(10);
  const family = lengths.overrunning("a", unfinished, { actions: [action], bounds, nowMs: NOW });
  return valueOf([family], METRIC, { action });
}

Deno.test("RunLengths counts active jobs beyond the 95th percentile of their policy", () => {
  const lengths = new RunLengths();
  observe(lengths, 40);
  assert.equal(countOf(lengths, [running(38)]), 0);
  assert.equal(countOf(lengths, [running(38.1)]), 1);
  assert.equal(countOf(lengths, [running(60), running(50), running(5)]), 2);
});

Deno.test("RunLengths says nothing of a policy with fewer than ten completions", () => {
  const lengths = new RunLengths();
  observe(lengths, 9);
  assert.equal(countOf(lengths, [running(600)]), 0);
  lengths.observe(job({}), NOW + MINUTE);
  assert.equal(countOf(lengths, [running(600)]), 1);
});

Deno.test("RunLengths compares with jobs of the same action, policy and schedule type only", () => {
  const lengths = new RunLengths();
  observe(lengths, 20);
  for (
    const other of [
      { policyName: "Silver" },
      { scheduleType: "DIFFERENTIAL_INCREMENTAL_BACKUP" },
      { jobType: "RESTORE" },
      { policyName: "" },
    ]
  ) {
    assert.equal(countOf(lengths, [running(600, other)]), 0, JSON.stringify(other));
  }
  assert.equal(countOf(lengths, [running(600)]), 1);
});

Deno.test("RunLengths leaves out what is queued, what failed, parents, and the wait in the queue", () => {
  const lengths = new RunLengths();
  observe(lengths, 20, { status: 96 });
  observe(lengths, 20, { childCount: 3 });
  assert.equal(countOf(lengths, [running(600)]), 0, "no length is known");
  observe(lengths, 20);
  assert.equal(countOf(lengths, [running(600, { state: "QUEUED" })]), 0);
  assert.equal(countOf(lengths, [running(600, { childCount: 3 })]), 0);
  const activeTryStartTimeMs = NOW - MINUTE;
  assert.equal(countOf(lengths, [running(600, { activeTryStartTimeMs })]), 0, "it began just now");
});

Deno.test("RunLengths follows a policy whose jobs take longer by now", () => {
  const lengths = new RunLengths();
  observe(lengths, 40);
  for (let run = 0; run < 40; run++) lengths.observe(job({}), NOW + 300 * MINUTE);
  assert.equal(countOf(lengths, [running(250)]), 0);
});

Deno.test("RunLengths is bounded: the policies without a completion for longest give way", async () => {
  const lengths = new RunLengths();
  for (let policy = 0; policy < 5100; policy++) {
    for (let run = 0; run < (policy < 2 ? 10 : 1); run++) {
      lengths.observe(job({ policyName: `p${policy}` }), NOW + MINUTE);
    }
    // This one goes on.
    lengths.observe(job({ policyName: "p1" }), NOW + MINUTE);
  }
  assert.equal(countOf(lengths, [running(600, { policyName: "p0" })]), 0);
  assert.equal(countOf(lengths, [running(600, { policyName: "p1" })]), 1);
  const { content } = await lengths.section.serialize(createPause());
  assert.ok(Array.isArray(content) && content.length === 5000);
  const next = new RunLengths();
  assert.equal(
    await next.section.restore({ version: 1, content }, true, async () => {}),
    undefined,
  );
  assert.equal(countOf(next, [running(600, { policyName: "p1" })]), 1, "it survives a restart");
});

Deno.test("RunLengths writes the policies that have changed since all was written", async () => {
  const lengths = new RunLengths();
  const { section } = lengths;
  observe(lengths, 20, { policyName: "p1" });
  observe(lengths, 20, { policyName: "p2" });
  assert.equal(await section.serializeChanges?.(createPause()), undefined, "it was not written");
  const whole = await section.serialize(createPause());
  section.written?.();
  for (let run = 0; run < 40; run++) {
    lengths.observe(job({ policyName: "p1" }), NOW + 300 * MINUTE);
  }
  const changes = await section.serializeChanges?.(createPause());
  assert.ok(Array.isArray(changes?.content) && changes.content.length === 1);
  const next = new RunLengths();
  const kept = { ...whole, changes: [changes.content] };
  assert.equal(await next.section.restore(kept, false, createPause()), undefined);
  for (const one of [lengths, next]) {
    assert.equal(countOf(one, [running(250, { policyName: "p1" })]), 0);
    assert.equal(countOf(one, [running(250, { policyName: "p2" })]), 1);
  }
});

Deno.test("ledger shows overrunning jobs by action, by the primary's clock, across restarts too", async () => {
  const primary = new ModelPrimary(NOW);
  const checkpoint = createMemoryCheckpoint();
  const make = () => createLedgerCollector({ site: "a", lookUpStatuses: false, checkpoint });
  let collector = make();
  // The exporter's clock is a day ahead.
  const collect = async () => {
    const clock = primary.clock(24 * 60 * MINUTE);
    return (await collector.collect(contextOf(primary, { clock }))).families;
  };
  assert.equal(seriesCount(await collect(), METRIC), 0, "no action was seen yet");
  for (let run = 0; run < 10; run++) {
    const jobId = primary.birth();
    primary.now += 10 * MINUTE;
    primary.finish(jobId);
    await collect();
  }
  primary.birth({ state: "ACTIVE" });
  assert.equal(valueOf(await collect(), METRIC, { action: "BACKUP" }), 0);
  primary.now += 11 * MINUTE;
  assert.equal(valueOf(await collect(), METRIC, { action: "BACKUP" }), 1);
  collector = make();
  assert.equal(valueOf(await collect(), METRIC, { action: "BACKUP" }), 1);
});
