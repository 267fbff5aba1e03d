import assert from "node:assert/strict";
import { createLedgerCollector, type LedgerCollectorOptions } from "../../src/ledger/collector.ts";
import { renderFamilies } from "../../src/metrics/exposition.ts";
import { statusError } from "../testing/fake_client.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";
import { contextOf, hurried } from "./_context.ts";
import { createMemoryCheckpoint, jobsSectionOf } from "./_memory_checkpoint.ts";
import { ModelPrimary } from "./_model.ts";

const START = Date.UTC(2026, 0, 1, 12);
const HOUR = 3_600_000;

/** A collector and its primary; unless it is `fresh`, a first poll has found no jobs. */
async function setUp(
  { fresh, ...options }: Partial<LedgerCollectorOptions> & { fresh?: boolean } = {},
) {
  const primary = new ModelPrimary(START);
  const log = createRecordingLogger();
  const collector = createLedgerCollector({
    site: "a",
    zeroFirst: false,
    lookUpStatuses: false,
    ...options,
  });
  const context = contextOf(primary, { logger: log.logger });
  if (!fresh) {
    const { requestMs } = primary;
    primary.requestMs = 0;
    await collector.collect(context);
    primary.requestMs = requestMs;
    primary.reset();
  }
  return { primary, log, collector, context, collect: () => collector.collect(context) };
}

/** Jobs that ended one after the other. */
function finishMany(primary: ModelPrimary, jobs: number, spacingMs: number): void {
  for (let job = 0; job < jobs; job++) {
    primary.now += spacingMs;
    primary.finish(primary.birth());
  }
}

const done = { action: "BACKUP", policy_type: "STANDARD" };

Deno.test("ledger asks for what changed since the newest update, less the overlap", async () => {
  const { primary, collect } = await setUp({ overlapMs: 30_000 });
  finishMany(primary, 3, 60_000);
  const newest = primary.now;
  primary.now += 600_000;
  await collect();
  primary.filters.length = 0;
  primary.requestMs = 0;
  await collect();
  const since = new Date(newest - 30_000).toISOString();
  assert.deepEqual(primary.filters.toSorted(), [
    `state eq 'DONE' and lastUpdateTime ge ${since}`,
    "state ne 'DONE'",
  ]);
});

Deno.test("ledger counts outcomes by level, and sizes, files and durations of leaves only", async () => {
  const { primary, collect } = await setUp();
  const figures = { kilobytes: 10, dataKilobytes: 4, files: 3, rate: 2000 };
  const parent = primary.birth({ childCount: 2 });
  const children = [1, 2].map(() => primary.birth({ parentJobId: parent }));
  const own = primary.birth();
  primary.change(own, { parentJobId: own, tries: 3 });
  primary.now += 90_000;
  for (const jobId of [parent, ...children, own]) primary.finish(jobId, figures);
  const { cumulative } = await collect();
  const total = (name: string, labels = {}) => valueOf(cumulative, name, { ...done, ...labels });
  assert.equal(total("nbu_jobs_completed_total", { level: "root", status: "0" }), 2);
  assert.equal(total("nbu_jobs_completed_total", { level: "child", status: "0" }), 2);
  assert.equal(total("nbu_jobs_protected_bytes_total"), 3 * 10 * 1024);
  assert.equal(total("nbu_jobs_wire_bytes_total"), 3 * 4 * 1024);
  assert.equal(total("nbu_jobs_files_total"), 9);
  assert.equal(valueOf(cumulative, "nbu_jobs_retries_total", { action: "BACKUP" }), 2);
  assert.equal(valueOf(cumulative, "nbu_job_duration_seconds", done, "_count"), 3);
  assert.equal(valueOf(cumulative, "nbu_job_duration_seconds", done, "_sum"), 270);
  // The job that needed three tries tells when the last began, not how long it waited at first.
  assert.equal(
    valueOf(cumulative, "nbu_job_queue_wait_seconds", { action: "BACKUP" }, "_count"),
    2,
  );
  const rate = (suffix: string) =>
    valueOf(cumulative, "nbu_job_throughput_bytes_per_second", { action: "BACKUP" }, suffix);
  assert.equal(rate("_sum"), 3 * 2000 * 1024);
  assert.equal(rate("_count"), 3);
});

Deno.test("ledger keeps its histograms few: waits and rates by action, rates of actions that move data", async () => {
  const { primary, collect } = await setUp();
  for (const policyType of ["STANDARD", "VMWARE", "ORACLE"]) {
    for (const jobType of ["BACKUP", "IMAGEDELETE"]) {
      primary.finish(primary.birth({ jobType, policyType }), { rate: 100 });
    }
  }
  const { cumulative } = await collect();
  const lines = (name: string, labels = {}) =>
    cumulative.find(({ definition }) => definition.name === name)?.samples
      .filter(({ labels: { action }, suffix }) =>
        suffix === "_count" && Object.values(labels).includes(action)
      ).length;
  assert.equal(lines("nbu_job_queue_wait_seconds", { action: "BACKUP" }), 1);
  assert.equal(lines("nbu_job_throughput_bytes_per_second", { action: "BACKUP" }), 1);
  assert.equal(lines("nbu_job_throughput_bytes_per_second", { action: "IMAGEDELETE" }), 0);
});

Deno.test("ledger measures the wait in the queue from the start of the job to the start of its work", async () => {
  const { primary, collect } = await setUp();
  const jobId = primary.birth();
  primary.now += 12_000;
  primary.change(jobId, { state: "ACTIVE", activeTryStartTime: primary.now });
  primary.now += 60_000;
  primary.finish(jobId);
  const { cumulative } = await collect();
  assert.equal(valueOf(cumulative, "nbu_job_queue_wait_seconds", { action: "BACKUP" }, "_sum"), 12);
  const bucket = (le: string) =>
    valueOf(cumulative, "nbu_job_queue_wait_seconds", { action: "BACKUP", le }, "_bucket");
  assert.deepEqual([bucket("10"), bucket("60")], [0, 1]);
});

Deno.test("ledger puts status codes beyond the bound under other, for good", async () => {
  const checkpoint = createMemoryCheckpoint();
  const first = await setUp({ maxStatusCodes: 2, checkpoint });
  for (const status of [0, 96, 13, 24]) {
    first.primary.now += 1000;
    first.primary.finish(first.primary.birth(), { status });
  }
  const { cumulative } = await first.collect();
  const statuses = (families: typeof cumulative) =>
    families.find(({ definition }) => definition.name === "nbu_jobs_completed_total")?.samples
      .map(({ labels, value }) => `${labels["status"]}=${value}`);
  assert.deepEqual(statuses(cumulative), ["0=1", "96=1", "other=2"]);
  const collector = createLedgerCollector({
    site: "a",
    zeroFirst: false,
    maxStatusCodes: 2,
    checkpoint,
  });
  first.primary.finish(first.primary.birth(), { status: 24 });
  const later = await collector.collect(first.context);
  assert.deepEqual(statuses(later.cumulative), ["0=1", "96=1", "other=3"]);
});

Deno.test("reconfigure() changes the bound on status codes; labels handed out stay", async () => {
  const { primary, collector, collect } = await setUp({ maxStatusCodes: 2 });
  const end = async (...statuses: number[]) => {
    for (const status of statuses) {
      primary.now += 1000;
      primary.finish(primary.birth(), { status });
    }
    const { cumulative } = await collect();
    const family = cumulative.find(({ definition }) =>
      definition.name === "nbu_jobs_completed_total"
    );
    return family?.samples.map(({ labels, value }) => `${labels["status"]}=${value}`);
  };
  assert.deepEqual(await end(0, 96, 13), ["0=1", "96=1", "other=1"]);
  collector.reconfigure({ maxStatusCodes: 3 });
  assert.deepEqual(await end(13, 24), ["0=1", "96=1", "other=2", "13=1"]);
  collector.reconfigure({ maxStatusCodes: 1 });
  assert.deepEqual(await end(13, 25), ["0=1", "96=1", "other=3", "13=2"]);
});

Deno.test("ledger shows a job and client as exemplar of every status but 0, in OpenMetrics", async () => {
  const { primary, collect } = await setUp();
  primary.finish(primary.birth(), { status: 0 });
  const failed = primary.birth();
  primary.finish(failed, { status: 96 });
  const { cumulative } = await collect();
  const family = cumulative.filter(({ definition }) =>
    definition.name === "nbu_jobs_completed_total"
  );
  const lines = (await renderFamilies(family, "openmetrics")).split("\n");
  const line = (status: string) => lines.find((line) => line.includes(`status="${status}"`));
  const seconds = Math.floor(primary.last(failed)?.endTime ?? 0) / 1000;
  assert.ok(line("96")?.endsWith(` 1 # {job_id="${failed}",client="client"} 1 ${seconds}`));
  assert.ok(line("0")?.endsWith("} 1"));
  assert.doesNotMatch(await renderFamilies(family, "text"), / # \{/);
});

Deno.test("ledger shows the jobs as they are now, with zeros for every state of every action", async () => {
  const { primary, collect } = await setUp();
  const since = primary.now;
  primary.birth({ reason: 2 });
  primary.now += 5000;
  primary.birth({ reason: 2 });
  primary.birth({ state: "ACTIVE", rate: 100 });
  primary.birth({ state: "ACTIVE", rate: 200 });
  primary.birth({ state: "ACTIVE", rate: 300, childCount: 1 });
  primary.birth({ jobType: "RESTORE", state: "SUSPENDED" });
  const { families } = await collect();
  const current = (action: string, state: string) =>
    valueOf(families, "nbu_jobs_current", { action, state });
  assert.deepEqual(
    ["QUEUED", "ACTIVE", "REQUEUED", "DONE", "SUSPENDED", "INCOMPLETE"].map((state) =>
      `${current("BACKUP", state)} ${current("RESTORE", state)}`
    ),
    ["2 0", "3 0", "0 0", "0 0", "0 1", "0 0"],
  );
  const backup = { action: "BACKUP" };
  const value = (name: string, labels = {}) => valueOf(families, name, labels);
  assert.equal(value("nbu_jobs_oldest_queued_timestamp_seconds", backup), since / 1000);
  assert.equal(value("nbu_jobs_oldest_active_timestamp_seconds", backup), since / 1000 + 5);
  assert.equal(seriesCount(families, "nbu_jobs_oldest_queued_timestamp_seconds"), 1);
  assert.equal(value("nbu_jobs_active_throughput_bytes_per_second", backup), 300 * 1024);
  assert.equal(value("nbu_jobs_active_throughput_bytes_per_second", { action: "RESTORE" }), 0);
  assert.equal(value("nbu_jobs_queued_count", { ...backup, reason: "2" }), 2);
  assert.equal(value("nbu_job_queue_reason_info", { reason: "2", name: "DRIVES_IN_USE" }), 1);
});

Deno.test("ledger knows actions and reasons that are no longer there", async () => {
  const { primary, collect } = await setUp();
  const jobId = primary.birth({ reason: 5 });
  await collect();
  primary.finish(jobId);
  primary.now += 2 * HOUR;
  const { families } = await collect();
  assert.equal(valueOf(families, "nbu_jobs_current", { state: "QUEUED" }), 0);
  assert.equal(valueOf(families, "nbu_job_queue_reason_info", { reason: "5" }), 1);
  assert.equal(valueOf(families, "nbu_jobs_count"), undefined);
});

Deno.test("ledger counts a job as finished that ends between the two queries", async () => {
  const { primary, collect } = await setUp({ concurrency: 1 });
  const jobId = primary.birth({ state: "ACTIVE" });
  finishMany(primary, 8, 60_000);
  // The unfinished are asked for first; the finished are still being read when it ends.
  primary.onRequest = (count) => {
    if (count === 3) primary.finish(jobId);
  };
  const { families } = await collect();
  assert.equal(valueOf(families, "nbu_jobs_count", done), 9);
  assert.equal(valueOf(families, "nbu_jobs_state_count", { state: "ACTIVE" }), undefined);
});

Deno.test("ledger counts a job as finished that NetBackup shows as such with the same update time", async () => {
  const { primary, collect } = await setUp({ concurrency: 1, fresh: true });
  const jobId = primary.birth({ state: "ACTIVE" });
  // The requests are for the newest job, the unfinished ones and the finished ones, in this order.
  primary.finish(jobId, {}, 500);
  const { families } = await collect();
  assert.equal(valueOf(families, "nbu_jobs_count", done), 1);
  assert.equal(valueOf(families, "nbu_jobs_current", { state: "ACTIVE" }), 0);
});

Deno.test("ledger pins the begin of the first read before it reads, and goes on from there when killed", async () => {
  const checkpoint = createMemoryCheckpoint();
  const { primary, context, collect } = await setUp({ checkpoint, fresh: true });
  finishMany(primary, 20, 60_000);
  let atFirstRead: number | undefined;
  primary.onRequest = () => {
    if (primary.filters.some((filter) => filter.includes("ge"))) {
      atFirstRead ??= checkpoint.saved.length;
    }
  };
  await collect();
  assert.equal(atFirstRead, 1);
  // As if it had been killed during that read: the second begins two hours later, and misses none
  // that ended since the first began.
  checkpoint.saved.length = 1;
  finishMany(primary, 5, 60_000);
  primary.now += 2 * HOUR;
  const collector = createLedgerCollector({ site: "a", zeroFirst: false, checkpoint });
  const { cumulative } = await collector.collect(context);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 5);
});

Deno.test("ledger writes the checkpoint before it gives a result, and says so when it cannot", async () => {
  const checkpoint = createMemoryCheckpoint();
  const { primary, log, collect } = await setUp({ checkpoint });
  primary.finish(primary.birth());
  const { cumulative } = await collect();
  assert.match(checkpoint.saved.at(-1) ?? "", /"nbu_jobs_completed_total":\[\[\{[^}]*\},1,/);
  const written = valueOf(cumulative, "nbu_ledger_checkpoint_timestamp_seconds");
  assert.ok(written !== undefined && written <= primary.now / 1000);
  checkpoint.save = () => Promise.reject(new Error("disk full"));
  primary.now += 60_000;
  const later = await collect();
  assert.equal(valueOf(later.cumulative, "nbu_ledger_checkpoint_timestamp_seconds"), written);
  assert.deepEqual(log.records.map(({ level }) => level), ["error"]);
});

Deno.test("ledger writes nothing at a poll that saw nothing new, and its checkpoint counts as up to date", async () => {
  const checkpoint = createMemoryCheckpoint();
  const { primary, collect, context } = await setUp({ checkpoint, zeroFirst: true });
  finishMany(primary, 5, 1000);
  const running = primary.birth({ state: "ACTIVE" });
  for (let poll = 0; poll < 3; poll++) await collect();
  const writes = async (polls: number, restarted = { collect }) => {
    const before = checkpoint.saved.length;
    for (let poll = 0; poll < polls; poll++) {
      primary.now += 300_000;
      const { cumulative } = await restarted.collect();
      const at = valueOf(cumulative, "nbu_ledger_checkpoint_timestamp_seconds") ?? 0;
      if (restarted.collect === collect) assert.ok(primary.now / 1000 - at < 2);
    }
    return checkpoint.saved.length - before;
  };
  assert.equal(await writes(10), 0);
  primary.finish(running);
  assert.equal(await writes(10), 1);
  primary.change(running, { files: 3 });
  assert.equal(await writes(10), 1);
  const again = createLedgerCollector({ site: "a", checkpoint, lookUpStatuses: false });
  assert.equal(await writes(10, { collect: () => again.collect(context) }), 0);
});

Deno.test("ledger begins at 0 after a restart when its last counters could not be written", async () => {
  const checkpoint = createMemoryCheckpoint();
  const { primary, collect, context } = await setUp({ checkpoint });
  finishMany(primary, 50, 1000);
  await collect();
  checkpoint.failing = "set aside";
  finishMany(primary, 3, 60_000);
  const { cumulative, families } = await collect();
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 53);
  assert.equal(valueOf(families, "nbu_ledger_counters_durable"), 1);
  const again = await createLedgerCollector({
    site: "a",
    zeroFirst: false,
    checkpoint,
    lookUpStatuses: false,
  })
    .collect(context);
  // Those that the checkpoint did not know; the others are known, and in the window.
  assert.equal(valueOf(again.cumulative, "nbu_jobs_completed_total"), 3);
  assert.equal(valueOf(again.families, "nbu_jobs_count"), 53);
});

Deno.test("ledger publishes the counters last written where it could not but go back to them", async () => {
  const checkpoint = createMemoryCheckpoint();
  const { primary, collect, context } = await setUp({ checkpoint });
  finishMany(primary, 50, 1000);
  await collect();
  checkpoint.failing = "stuck";
  finishMany(primary, 3, 60_000);
  const completed = async (result = collect()) =>
    valueOf((await result).cumulative, "nbu_jobs_completed_total");
  assert.equal(await completed(), 50);
  assert.equal(valueOf((await collect()).families, "nbu_ledger_counters_durable"), 0);
  const again = createLedgerCollector({
    site: "a",
    zeroFirst: false,
    checkpoint,
    lookUpStatuses: false,
  });
  assert.equal(await completed(again.collect(context)), 50, "after a restart, too");
  checkpoint.failing = undefined;
  assert.equal(await completed(), 53);
  assert.equal(valueOf((await collect()).families, "nbu_ledger_counters_durable"), 1);
});

Deno.test("ledger without a checkpoint begins at 0 with the newest job, and shows the window", async () => {
  const { primary, collect } = await setUp({ fresh: true });
  finishMany(primary, 42, 30_000);
  const running = primary.birth({ state: "ACTIVE" });
  const { families, cumulative } = await collect();
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), undefined);
  assert.equal(valueOf(families, "nbu_jobs_count"), 42);
  primary.finish(running);
  finishMany(primary, 2, 30_000);
  assert.equal(valueOf((await collect()).cumulative, "nbu_jobs_completed_total"), 3);
});

Deno.test("ledger that meets an empty list at first does not count the job database later", async () => {
  const { primary, collect } = await setUp({ fresh: true });
  finishMany(primary, 100, 60_000);
  primary.hidden = () => true;
  primary.now += 5000;
  await collect();
  primary.hidden = () => false;
  finishMany(primary, 3, 60_000);
  const { cumulative } = await collect();
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 3);
});

Deno.test("ledger writes what a failed poll has read, and flush() writes nothing twice", async () => {
  const checkpoint = createMemoryCheckpoint();
  const { primary, log, collector, context, collect } = await setUp({ checkpoint, concurrency: 1 });
  finishMany(primary, 20, 60_000);
  primary.onRequest = (count) => {
    if (count === 5) throw statusError(503);
  };
  await assert.rejects(collect());
  const kept = checkpoint.saved.length;
  const document = jobsSectionOf(checkpoint.saved.at(-1));
  assert.ok(document.records.jobId.length > 0 && document.records.jobId.length < 20);
  await collector.flush(log.logger);
  assert.equal(checkpoint.saved.length, kept);
  primary.onRequest = () => {};
  const collected = await createLedgerCollector({ site: "a", zeroFirst: false, checkpoint })
    .collect(context);
  assert.equal(valueOf(collected.cumulative, "nbu_jobs_completed_total"), 20);
});

Deno.test("ledger reads lists to their end although the rows behind their cursors change or go", async () => {
  const { primary, collect } = await setUp({ concurrency: 1 });
  primary.fragileCursors = true;
  finishMany(primary, 200, 2000);
  const running = Array.from({ length: 50 }, () => primary.birth({ state: "ACTIVE" }));
  let grown = 0;
  primary.onRequest = () => {
    const cursor = primary.delivered.at(-1);
    if (cursor && grown++ < 60) primary.change(cursor.jobId, { files: grown });
    // Every job of the list of the unfinished ones may be the last of its page.
    if (primary.requests % 3 === 0) primary.jobs.delete(running.pop() ?? 0);
  };
  const { families, cumulative } = await collect();
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 200);
  primary.onRequest = () => {};
  const later = await collect();
  assert.equal(valueOf(later.families, "nbu_jobs_current", { state: "ACTIVE" }), running.length);
  assert.ok((valueOf(families, "nbu_jobs_current", { state: "ACTIVE" }) ?? 0) >= running.length);
});

Deno.test("ledger reads on where more jobs have one update time than fit on a page", async () => {
  const { primary, collect } = await setUp({ concurrency: 1 });
  primary.requestMs = 0;
  finishMany(primary, 3, 1000);
  for (let job = 0; job < 30; job++) primary.finish(primary.birth());
  finishMany(primary, 3, 1000);
  assert.equal(valueOf((await collect()).cumulative, "nbu_jobs_completed_total"), 36);
});

Deno.test("ledger ends with a list that names a successor of its last page", async () => {
  const { primary, collect } = await setUp({ concurrency: 1 });
  primary.endlessCursors = true;
  finishMany(primary, 10, 1000);
  assert.equal(valueOf((await collect()).cumulative, "nbu_jobs_completed_total"), 10);
  primary.requests = 0;
  await collect();
  assert.ok(primary.requests < 12, `${primary.requests} requests`);
});

Deno.test("ledger needs no request for the window after a restart but the usual two", async () => {
  const checkpoint = createMemoryCheckpoint();
  const { primary, context, collect } = await setUp({ checkpoint });
  finishMany(primary, 10, 60_000);
  const before = await collect();
  primary.filters.length = 0;
  const after = await createLedgerCollector({ site: "a", zeroFirst: false, checkpoint }).collect(
    context,
  );
  assert.equal(primary.filters.length, 2);
  const count = (families: typeof before.families) => valueOf(families, "nbu_jobs_count", done);
  assert.equal(count(after.families), count(before.families));
});

Deno.test("ledger that recalls little reads the window anew after a restart and counts nothing twice", async () => {
  const checkpoint = createMemoryCheckpoint();
  const options = { checkpoint, recall: 3, overlapMs: 5000 };
  const { primary, context, collect } = await setUp(options);
  finishMany(primary, 30, 60_000);
  const before = await collect();
  const document = jobsSectionOf(checkpoint.saved.at(-1));
  assert.ok(document.records.jobId.length <= 4);
  const after = await createLedgerCollector({ site: "a", zeroFirst: false, ...options }).collect(
    context,
  );
  for (const name of ["nbu_jobs_count", "nbu_jobs_completed_total"]) {
    const all = (result: typeof before) =>
      valueOf([...result.families, ...result.cumulative], name);
    assert.equal(all(before), 30, name);
    assert.equal(all(after), 30, name);
  }
});

Deno.test("ledger falls back to end times when the filter is refused, says so once, and shows it", async () => {
  const { primary, log, collect } = await setUp();
  primary.rejectUpdateFilter = true;
  finishMany(primary, 10, 60_000);
  const first = await collect();
  primary.now += 60_000;
  finishMany(primary, 5, 60_000);
  primary.filters.length = 0;
  const { families, cumulative } = await collect();
  assert.equal(valueOf(first.families, "nbu_jobs_count"), 10);
  assert.equal(valueOf(families, "nbu_jobs_count"), 15);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 15);
  assert.equal(valueOf(families, "nbu_ledger_fallback"), 1);
  assert.deepEqual(log.records.map(({ level }) => level), ["warn"]);
  // Later updates are found within the wider overlap.
  const asked = primary.filters.find((filter) => filter.includes("endTime")) ?? "";
  const since = Date.parse(asked.split(" ge ")[1] ?? "");
  assert.ok(primary.now - since >= 15 * 60_000);
});

Deno.test("ledger passes on a refusal that has another cause", async () => {
  const { primary, collect } = await setUp();
  primary.onRequest = () => {
    throw statusError(400);
  };
  await assert.rejects(collect(), /400/);
});

/** Requests made at the same time are answered at the same time: counts the rounds. */
function inRounds(primary: ModelPrimary): { rounds: number } {
  const counter = { rounds: 0 };
  let round: Promise<void> | undefined;
  primary.pause = () =>
    round ??= new Promise((resolve) =>
      setTimeout(() => {
        counter.rounds++;
        round = undefined;
        resolve();
      }, 0)
    );
  return counter;
}

Deno.test("ledger reads a long window in parallel, within its limit, however uneven the night", async () => {
  const read = async (concurrency: number) => {
    const { primary, collect } = await setUp({ concurrency, fresh: true });
    finishMany(primary, 5, 400_000);
    finishMany(primary, 6000, 100);
    primary.pageSize = 20;
    primary.requestMs = 0;
    const counter = inRounds(primary);
    const { families } = await collect();
    assert.equal(valueOf(families, "nbu_jobs_count"), 6005);
    return { rounds: counter.rounds, requests: primary.requests, most: primary.mostInFlight };
  };
  const alone = await read(1);
  const together = await read(8);
  // Two queries run side by side, that of the finished jobs by up to eight readers.
  assert.equal(alone.most, 2);
  assert.ok(together.most >= 8 && together.most <= 9, `${together.most} at once`);
  const times = alone.rounds / together.rounds;
  assert.ok(times >= 6, `${times} times as fast`);
  assert.ok(together.requests <= alone.requests * 1.2, `${together.requests} requests`);
});

Deno.test("ledger does not read again what it has read before a failure", async () => {
  const { primary, collect } = await setUp({ concurrency: 4, overlapMs: 5000 });
  finishMany(primary, 300, 10_000);
  let failed = 0;
  primary.onRequest = (count) => {
    if (count === 40) {
      failed++;
      throw statusError(503);
    }
  };
  await assert.rejects(collect());
  primary.requests = 100;
  const { cumulative } = await collect();
  assert.equal(failed, 1);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 300);
  // Three jobs a page are new: the last of the page before comes again.
  assert.ok(primary.requests - 100 < 100 - 38 + 25, `${primary.requests - 100} requests`);
  primary.filters.length = 0;
  await collect();
  assert.equal(primary.filters.some((filter) => filter.includes(" lt ")), false);
});

Deno.test("ledger goes on counting behind a job that is dated in the far future, and says so once", async () => {
  const { primary, log, collect } = await setUp();
  const strange = primary.birth();
  primary.finish(strange, { lastUpdateTime: START + 30 * 24 * HOUR });
  await collect();
  for (let poll = 0; poll < 5; poll++) {
    finishMany(primary, 10, 20_000);
    await collect();
  }
  const { cumulative, families } = await collect();
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 51);
  const newest = valueOf(families, "nbu_ledger_newest_update_timestamp_seconds") ?? 0;
  assert.ok(newest <= primary.now / 1000 && newest > primary.now / 1000 - 30, `newest: ${newest}`);
  const warnings = log.records.filter(({ message }) => message.includes("a day in the future"));
  assert.deepEqual(warnings.map(({ fields }) => fields), [{ job_id: strange }]);
});

Deno.test("ledger begins with the window where all jobs are dated in the far future", async () => {
  const { primary, collect } = await setUp();
  primary.finish(primary.birth());
  primary.now += 2 * HOUR;
  primary.finish(primary.birth({ startTime: START }), { lastUpdateTime: START + 30 * 24 * HOUR });
  primary.jobs.delete(100);
  const { cumulative } = await collect();
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 1);
  assert.ok(primary.filters.every((filter) => !filter.includes("1970")));
});

Deno.test("ledger takes a 400 for a refused filter only while the filter has never worked", async () => {
  const { primary, collect } = await setUp();
  finishMany(primary, 30, 1000);
  primary.requests = 0;
  primary.onRequest = (count) => {
    if (count === 5) throw statusError(400);
  };
  await assert.rejects(collect());
  const { families, cumulative } = await collect();
  assert.equal(valueOf(families, "nbu_ledger_fallback"), 0);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 30);
});

Deno.test("ledger does not wait for the text of a status code that does not come", async () => {
  const { primary, context, collector } = await setUp({ lookUpStatuses: true });
  const hurriedContext = { ...context, clock: hurried(context.clock) };
  const respond = primary.client.respond;
  let asked = 0;
  primary.client.respond = (request, requestContext) => {
    if (!request.endpoint.startsWith("/status-codes")) return respond(request, requestContext);
    asked++;
    return new Promise((_resolve, reject) => {
      requestContext.signal.addEventListener("abort", () => reject(requestContext.signal.reason));
    });
  };
  primary.finish(primary.birth(), { status: 4999 });
  for (let poll = 0; poll < 13; poll++) {
    const { families, cumulative } = await collector.collect(hurriedContext);
    assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 1);
    assert.equal(valueOf(families, "nbu_status_info", { status: "4999" }), 1);
  }
  assert.equal(asked, 1, "nor does it ask again at once");
  await collector.collect(hurriedContext);
  assert.equal(asked, 2);
});

Deno.test("ledger counts a finished job whose end lies in 1970, and no row of it as rejected", async () => {
  const { primary, collect } = await setUp();
  primary.finish(primary.birth());
  primary.finish(primary.birth(), { noEnd: true });
  const { cumulative, families } = await collect();
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 2);
  assert.equal(valueOf(families, "nbu_jobs_count"), 2);
  assert.equal(primary.client.rejected.get("/admin/jobs"), undefined);
});

Deno.test("ledger counts the tries of a job once, however many they are", async () => {
  const { primary, collect } = await setUp();
  primary.finish(primary.birth(), { tries: 100_000 });
  await collect();
  await collect();
  const { cumulative } = await collect();
  assert.equal(valueOf(cumulative, "nbu_jobs_retries_total"), 99_999);
});

Deno.test("ledger reads the older part of a longer window over as many polls as it takes", async () => {
  const { primary, collector, context } = await setUp({ concurrency: 2, fresh: true });
  finishMany(primary, 400, 60_000);
  await collector.collect(context);
  const longer = { ...context, windowMs: 24 * HOUR };
  // A third of what is to be read fits into a poll; time goes on, and jobs end.
  primary.onRequest = (count) => {
    if (count % 40 === 39) throw statusError(503);
  };
  let failed = 0;
  for (let poll = 0; poll < 10; poll++) {
    primary.requests = 0;
    finishMany(primary, 1, 60_000);
    const result = await collector.collect(longer).catch(() => undefined);
    if (!result) {
      failed++;
      continue;
    }
    const since = primary.now - longer.windowMs;
    const inWindow = primary.rows().filter(({ endTime }) => endTime >= since).length;
    assert.equal(valueOf(result.families, "nbu_jobs_count"), inWindow);
    assert.ok(failed >= 2, `${failed} polls failed`);
    return;
  }
  assert.fail("no poll got there");
});

Deno.test("ledger reads as many ranges at a time as the client of the moment sends requests", async () => {
  const most = async (maxConcurrentRequests: number) => {
    const { primary, context, collector } = await setUp();
    await collector.collect(context);
    // A restart of the site brings another client to the same ledger.
    const client = Object.assign(primary.client, { maxConcurrentRequests });
    primary.now += 12 * HOUR;
    finishMany(primary, 600, 60_000);
    primary.pause = () => new Promise((resolve) => setTimeout(resolve));
    primary.mostInFlight = 0;
    await collector.collect({ ...context, session: { client, version: "14.0" } });
    return primary.mostInFlight;
  };
  const [one, four] = [await most(1), await most(4)];
  // The unfinished jobs are read beside them.
  assert.ok(one <= 2 && four > 2 && four <= 5, `${one} and ${four} at the same time`);
});

Deno.test("ledger shows the progress of a long read, and logs it every ten seconds at most", async () => {
  const { primary, log, collector, collect } = await setUp({ concurrency: 1, fresh: true });
  finishMany(primary, 350, 10_000);
  primary.requestMs = 1000;
  const ratios: number[] = [];
  primary.onRequest = () => {
    ratios.push(collector.liveFamilies()[0]?.samples[0]?.value ?? NaN);
  };
  await collect();
  ratios.push(collector.liveFamilies()[0]?.samples[0]?.value ?? NaN);
  const begun = ratios.slice(3);
  assert.deepEqual(begun, begun.toSorted((a, b) => a - b));
  assert.ok((begun[0] ?? 1) < 0.2 && ratios.at(-1) === 1);
  const lines = log.records.filter(({ message }) => message === "reading finished jobs");
  assert.ok(lines.length >= 5 && lines.length <= 12, `${lines.length} lines`);
  assert.ok(
    Number(lines[0]?.fields["jobs"]) > 0 && Number(lines[0]?.fields["jobs_per_second"]) > 0,
  );
});

Deno.test("ledger forgets what nothing needs, and knows it again when it changes", async () => {
  const { primary, collect } = await setUp({ recall: 100, overlapMs: 1000 });
  primary.pageSize = 100;
  const old = primary.birth();
  primary.finish(old, { kilobytes: 5 });
  await collect();
  primary.now += 2 * HOUR;
  finishMany(primary, 3000, 1000);
  await collect();
  primary.now += 3 * HOUR;
  finishMany(primary, 1500, 1000);
  const before = await collect();
  primary.change(old, { kilobytes: 9 });
  const after = await collect();
  for (const name of ["nbu_jobs_completed_total", "nbu_jobs_protected_bytes_total"]) {
    assert.equal(valueOf(after.cumulative, name), valueOf(before.cumulative, name), name);
  }
  assert.equal(valueOf(after.cumulative, "nbu_jobs_completed_total"), 4501);
});

Deno.test("ledger catches up in parallel after a long stop, forgetting as it goes, and misses nothing when that fails", async () => {
  const { primary, collect } = await setUp({ recall: 50, overlapMs: 1000, concurrency: 4 });
  primary.pageSize = 100;
  primary.requestMs = 0;
  inRounds(primary);
  finishMany(primary, 10, 1000);
  await collect();
  finishMany(primary, 6000, 6000);
  primary.onRequest = (count) => {
    if (count === 50) throw statusError(503);
  };
  primary.requests = 0;
  await assert.rejects(collect());
  primary.onRequest = () => {};
  const { families, cumulative } = await collect();
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 6010);
  assert.equal(valueOf(families, "nbu_jobs_count"), 601);
  assert.ok(primary.mostInFlight >= 4);
});

Deno.test("ledger reads what a longer window needs once, also where it had forgotten it", async () => {
  const { primary, collector, context, collect } = await setUp({ recall: 50, overlapMs: 1000 });
  primary.pageSize = 100;
  finishMany(primary, 2000, 1800);
  await collect();
  finishMany(primary, 3000, 6000);
  await collect();
  const longer = { ...context, windowMs: 9 * HOUR };
  const { families, cumulative } = await collector.collect(longer);
  assert.equal(valueOf(families, "nbu_jobs_count"), 5000);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 5000);
  primary.filters.length = 0;
  const later = await collector.collect(longer);
  assert.equal(valueOf(later.families, "nbu_jobs_count"), 5000);
  assert.equal(primary.filters.some((filter) => filter.includes("endTime")), false);
});
