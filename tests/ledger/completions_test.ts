import assert from "node:assert/strict";
import * as v from "valibot";
import { createLedgerCollector } from "../../src/ledger/collector.ts";
import type { Completion } from "../../src/ledger/completions.ts";
import { defineSection } from "../../src/state/section.ts";
import { statusError } from "../testing/fake_client.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { valueOf } from "../testing/samples.ts";
import { contextOf } from "./_context.ts";
import { createMemoryCheckpoint } from "./_memory_checkpoint.ts";
import { ModelPrimary } from "./_model.ts";

const START = Date.UTC(2026, 0, 1, 12);

function setUp() {
  const primary = new ModelPrimary(START);
  const log = createRecordingLogger();
  const context = contextOf(primary, { primaryTime: () => undefined, logger: log.logger });
  return { primary, log, context };
}

Deno.test("subscribe() is told of a completion with its client, policy and schedule", async () => {
  const { primary, context } = setUp();
  const collector = createLedgerCollector({ site: "a", zeroFirst: false, lookUpStatuses: false });
  const told: Completion[] = [];
  collector.subscribe((completion) => told.push(completion));
  await collector.collect(context);
  const jobId = primary.birth({ parentJobId: 7, tries: 2 });
  primary.now += 90_000;
  primary.finish(jobId, { status: 1, kilobytes: 3, dataKilobytes: 2, files: 5 });
  await collector.collect(context);
  const ended = primary.last(jobId);
  assert.deepEqual(told, [{
    jobId,
    parentJobId: 7,
    level: "child",
    childCount: 0,
    client: "client",
    policy: "policy",
    scheduleName: "Weekly",
    scheduleType: "FULL_BACKUP",
    action: "BACKUP",
    status: 1,
    class: "partial",
    startMs: ended?.startTime,
    endMs: ended?.endTime,
    bytes: 3072,
  }]);
});

Deno.test("subscribe() is told of jobs of the window that ended before anything counted, apart", async () => {
  const { primary, context } = setUp();
  const checkpoint = createMemoryCheckpoint();
  const counted: number[] = [];
  const earlier: number[] = [];
  const open = () => {
    const collector = createLedgerCollector({ site: "a", lookUpStatuses: false, checkpoint });
    collector.subscribe(({ jobId }) => counted.push(jobId), ({ jobId }) => earlier.push(jobId));
    return collector;
  };
  const before = primary.birth();
  primary.finish(before);
  primary.now += 60_000;
  await open().collect(context);
  assert.deepEqual([counted, earlier], [[], [before]]);
  const after = primary.birth();
  primary.now += 60_000;
  primary.finish(after);
  const collector = open();
  await collector.collect(context);
  await collector.collect(context);
  assert.deepEqual([counted, earlier], [[after], [before]], "a restart knows them");
});

Deno.test("subscribe() is told of each counted completion once, over failed polls and restarts", async () => {
  const { primary, context } = setUp();
  const checkpoint = createMemoryCheckpoint();
  const options = {
    site: "a",
    zeroFirst: false,
    lookUpStatuses: false,
    checkpoint,
    concurrency: 1,
  };
  // What a subscriber has made of the stream is kept with the ledger.
  const told: number[] = [];
  const section = defineSection<number[]>({
    name: "told",
    version: 1,
    schemas: { 1: v.array(v.number()) },
    serialize: () => [...told],
    restore: (content) => told.splice(0, told.length, ...content),
  });
  const start = async () => {
    const collector = createLedgerCollector(options);
    told.length = 0;
    collector.subscribe(({ jobId }) => told.push(jobId));
    await collector.attach(section);
    return collector;
  };
  let collector = await start();
  await collector.collect(context);
  for (let round = 0; round < 6; round++) {
    for (let job = 0; job < 10; job++) {
      primary.now += 7000;
      primary.finish(primary.birth());
    }
    primary.requests = 0;
    primary.onRequest = (count) => {
      if (round % 2 === 0 && count === 3) throw statusError(503);
    };
    await collector.collect(context).catch(() => {});
    if (round % 3 === 1) collector = await start();
  }
  primary.onRequest = () => {};
  const { cumulative } = await collector.collect(context);
  assert.deepEqual(told.toSorted(), [...primary.jobs.keys()].toSorted());
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), told.length);
});

Deno.test("a subscriber that throws is named in the log, and costs nobody else a completion", async () => {
  const { primary, log, context } = setUp();
  const collector = createLedgerCollector({ site: "a", zeroFirst: false, lookUpStatuses: false });
  let told = 0;
  collector.subscribe(() => {
    throw new Error("no such client");
  });
  const end = collector.subscribe(() => told++);
  await collector.collect(context);
  for (let job = 0; job < 3; job++) primary.finish(primary.birth());
  const { cumulative } = await collector.collect(context);
  assert.equal(valueOf(cumulative, "nbu_jobs_completed_total"), 3);
  assert.equal(told, 3);
  assert.deepEqual(log.records.map(({ level, fields }) => [level, fields["count"]]), [[
    "error",
    3,
  ]]);
  end();
  primary.finish(primary.birth());
  await collector.collect(context);
  assert.equal(told, 3, "it has unsubscribed");
});

Deno.test("what a subscriber learns is kept where no job ends: once an hour, and at once the first time", async () => {
  const { primary, context } = setUp();
  const checkpoint = createMemoryCheckpoint();
  const collector = createLedgerCollector({ site: "a", lookUpStatuses: false, checkpoint });
  let learned = 0;
  const section = defineSection<number>({
    name: "guest",
    version: 1,
    schemas: { 1: v.number() },
    serialize: () => learned,
    restore: () => {},
  });
  const saves = async (minutes: number) => {
    const before = checkpoint.saved.length;
    primary.now += minutes * 60_000;
    learned++;
    await collector.collect(context);
    return checkpoint.saved.length - before;
  };
  for (let poll = 0; poll < 3; poll++) await saves(5);
  assert.equal(await saves(120), 0, "nobody has anything to keep");
  await collector.attach(section);
  assert.equal(await saves(5), 1);
  assert.match(checkpoint.saved.at(-1) ?? "", /"guest":\{"version":1,"content":5\}/);
  assert.equal(await saves(55), 0);
  assert.equal(await saves(5), 1);
  await collector.detach(section);
  assert.equal(await saves(120), 0);
});
