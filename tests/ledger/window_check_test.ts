import assert from "node:assert/strict";
import { createLedgerCollector, type LedgerCollectorOptions } from "../../src/ledger/collector.ts";
import { statusError } from "../testing/fake_client.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { valueOf } from "../testing/samples.ts";
import { contextOf } from "./_context.ts";
import { createMemoryCheckpoint } from "./_memory_checkpoint.ts";
import { ModelPrimary } from "./_model.ts";

const START = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A primary with ten finished jobs of the last hour, which a first poll has read. */
async function setUp(options: Partial<LedgerCollectorOptions> = {}) {
  const primary = new ModelPrimary(START);
  primary.requestMs = 0;
  const log = createRecordingLogger();
  const create = () =>
    createLedgerCollector({ site: "a", zeroFirst: false, lookUpStatuses: false, ...options });
  const context = contextOf(primary, { logger: log.logger, windowMs: 24 * HOUR });
  let collector = create();
  await collector.collect(context);
  for (let job = 0; job < 10; job++) {
    primary.now += MINUTE;
    primary.finish(primary.birth(), { kilobytes: 1, files: 2 });
  }
  await collector.collect(context);
  primary.reset();
  return {
    primary,
    log,
    collect: () => collector.collect(context),
    restart: () => void (collector = create()),
    collector: () => collector,
  };
}

const labels = { action: "BACKUP", policy_type: "STANDARD" };
type Result = Awaited<ReturnType<ReturnType<typeof createLedgerCollector>["collect"]>>;
const inWindow = ({ families }: Result) => valueOf(families, "nbu_jobs_count", labels);
const counted = ({ cumulative }: Result) => valueOf(cumulative, "nbu_jobs_completed_total", labels);
const mismatches = ({ cumulative }: Result) =>
  valueOf(cumulative, "nbu_ledger_window_mismatches_total");
const removed = ({ cumulative }: Result) =>
  valueOf(cumulative, "nbu_ledger_window_removed_jobs_total");

Deno.test("jobs deleted on the primary leave the windowed gauges within an hour, and stay counted", async () => {
  const { primary, log, collect } = await setUp();
  for (const jobId of [101, 103, 105]) primary.delete(jobId);
  primary.now += 30 * MINUTE;
  assert.equal(inWindow(await collect()), 10, "it is not yet time to ask");
  primary.now += 31 * MINUTE;
  const result = await collect();
  assert.equal(inWindow(result), 7);
  assert.equal(valueOf(result.families, "nbu_jobs_bytes", labels), 7 * 1024);
  assert.equal(valueOf(result.families, "nbu_jobs_files_count", labels), 14);
  assert.equal(valueOf(result.families, "nbu_jobs_state_count", { state: "DONE" }), 7);
  assert.equal(counted(result), 10);
  assert.equal(mismatches(result), 1);
  assert.equal(removed(result), 3);
  const said = log.records.filter(({ message }) => message.includes("deleted on the primary"));
  assert.deepEqual(said.map(({ fields }) => fields["jobs"]), [3]);
});

Deno.test("the primary's count is asked for once an hour, and costs one request while it agrees", async () => {
  const { primary, collect } = await setUp();
  primary.now += HOUR;
  await collect();
  const first = primary.requests;
  for (let poll = 0; poll < 12 * 3; poll++) {
    primary.now += 5 * MINUTE;
    await collect();
  }
  assert.equal(primary.counts, 4);
  assert.equal(first, 3);
  assert.equal(primary.requests, 3 + 12 * 3 * 2 + 3);
});

Deno.test("the primary's count is not asked for where its interval is 0", async () => {
  const { primary, collect, collector } = await setUp({ windowCheckMs: 0 });
  primary.delete(101);
  primary.now += 5 * HOUR;
  assert.equal(inWindow(await collect()), 10);
  assert.equal(primary.counts, 0);
  collector().reconfigure({ windowCheckMs: HOUR });
  await collect();
  primary.now += HOUR;
  assert.equal(inWindow(await collect()), 9);
});

for (const status of [400, 401, 403, 404, 405, 406, 410, 415]) {
  Deno.test(`a primary that answers ${status} to a question for its count is not asked again for a day`, async () => {
    const { primary, log, collect } = await setUp();
    primary.counting = statusError(status, "/admin/jobs-count-requests");
    primary.delete(101);
    for (let hour = 0; hour < 24; hour++) {
      primary.now += HOUR;
      await collect();
    }
    // A version that it does not speak is no refusal yet: 10.3 documents another one for this.
    const questions = status === 406 || status === 415 ? 2 : 1;
    assert.equal(primary.counts, questions);
    const said = log.records.filter(({ message }) => message.includes("primary cannot count jobs"));
    assert.equal(said.length, 1);
    primary.now += HOUR;
    await collect();
    assert.equal(primary.counts, 2 * questions);
  });
}

Deno.test("a question for the count that fails costs nothing, and is asked again after the interval", async () => {
  const { primary, collect } = await setUp();
  primary.delete(101);
  primary.counting = statusError(503, "/admin/jobs-count-requests");
  primary.now += HOUR;
  assert.equal(inWindow(await collect()), 10);
  primary.counting = "right";
  primary.now += MINUTE;
  assert.equal(inWindow(await collect()), 10);
  primary.now += HOUR;
  assert.equal(inWindow(await collect()), 9);
});

Deno.test("a re-reading of the window that fails is gone on with by the next poll", async () => {
  const { primary, collect } = await setUp({ concurrency: 1 });
  primary.delete(101);
  primary.now += HOUR;
  primary.onRequest = (count) => {
    if (count === 5) throw statusError(503);
  };
  assert.equal(inWindow(await collect()), 10);
  primary.onRequest = () => {};
  const asked = primary.requests;
  const result = await collect();
  assert.equal(inWindow(result), 9);
  assert.equal(mismatches(result), 1);
  assert.equal(primary.counts, 1);
  assert.ok(primary.requests - asked < 6, "not from the beginning");
});

Deno.test("a job that is shown again is in the gauges again, and is not counted twice", async () => {
  const { primary, collect } = await setUp();
  const shown = () => false;
  primary.hidden = ({ jobId }) => jobId === 101;
  primary.now += HOUR;
  assert.equal(inWindow(await collect()), 9);
  primary.hidden = shown;
  primary.now += HOUR;
  const result = await collect();
  assert.equal(inWindow(result), 10);
  assert.equal(counted(result), 10);
  assert.equal(removed(result), 1);
});

Deno.test("a job that was missed is found by the count, and counted", async () => {
  const { primary, collect } = await setUp({ overlapMs: 30_000 });
  const late = primary.birth();
  // It is visible only long after what NetBackup may take.
  primary.finish(late, {}, 10 * MINUTE);
  primary.hidden = ({ jobId, visibleAt }) => jobId === late && visibleAt > primary.trueNow;
  primary.now += 5 * MINUTE;
  primary.finish(primary.birth());
  await collect();
  primary.now += 6 * MINUTE;
  assert.equal(counted(await collect()), 11);
  primary.now += HOUR;
  const result = await collect();
  assert.equal(inWindow(result), 12);
  assert.equal(counted(result), 12);
});

Deno.test("a count that never agrees is asked for less and less often", async () => {
  const { primary, collect } = await setUp();
  primary.counting = "beyond permissions";
  // Permissions on single jobs bound the list, not the count.
  primary.hidden = ({ jobId }) => jobId === 200;
  for (let job = 0; job < 100; job++) primary.finish(primary.birth());
  for (let hour = 0; hour < 20; hour++) {
    primary.now += HOUR;
    await collect();
  }
  assert.equal(primary.counts, 5);
});

Deno.test("a restart forgets no deletion, and asks at once", async () => {
  const checkpoint = createMemoryCheckpoint();
  const { primary, collect, restart } = await setUp({ checkpoint });
  primary.delete(101);
  primary.now += HOUR;
  assert.equal(inWindow(await collect()), 9);
  primary.delete(102);
  restart();
  const result = await collect();
  assert.equal(inWindow(result), 8);
  assert.equal(removed(result), 2);
  assert.equal(mismatches(result), 2);
});

Deno.test("a primary that ignores filters loses no job by its count", async () => {
  const { primary, collect } = await setUp();
  primary.ignoresFilters = true;
  for (let job = 0; job < 3; job++) primary.birth();
  primary.now += HOUR;
  assert.equal(inWindow(await collect()), 10);
  assert.equal(primary.counts, 1);
});
