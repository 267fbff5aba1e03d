import assert from "node:assert/strict";
import { RunTimes } from "../../src/site/run_times.ts";
import { createMemoryCheckpoint, type MemoryCheckpoint } from "../ledger/_memory_checkpoint.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

function makeTimes(checkpoint: MemoryCheckpoint = createMemoryCheckpoint()) {
  const clock = createFakeClock();
  const { logger, records } = createRecordingLogger();
  const times = new RunTimes({ checkpoint, clock, logger });
  const kept = async () => {
    const next = new RunTimes({ checkpoint, clock, logger });
    await next.load();
    return next;
  };
  return { times, checkpoint, clock, records, kept };
}

const at = (successMs: number, parts = {}) => ({ successMs, parts });

Deno.test("RunTimes writes the first success of each collector within a second, together", async () => {
  const { times, checkpoint, clock, kept } = makeTimes();
  times.succeeded("jobs", at(1000, { finished: 900 }));
  times.succeeded("storage", at(1100));
  await clock.advance(SECOND);
  assert.equal(checkpoint.saved.length, 1);
  const next = await kept();
  assert.deepEqual(next.of("jobs"), at(1000, { finished: 900 }));
  assert.deepEqual(next.of("storage"), at(1100));
  assert.equal(next.of("alerts"), undefined);
  await times.close();
  assert.equal(clock.pending, 0);
});

Deno.test("RunTimes writes six times an hour for a site that is polled each minute and idle", async () => {
  const { times, checkpoint, clock } = makeTimes();
  for (let minute = 0; minute <= 60; minute++) {
    times.succeeded("jobs", at(clock.now()));
    await clock.advance(MINUTE);
  }
  assert.ok(checkpoint.saved.length <= 7, `${checkpoint.saved.length} writes`);
  await times.close();
});

Deno.test("RunTimes writes the last success soon after the first failure, and nothing for further ones", async () => {
  const { times, checkpoint, clock, kept } = makeTimes();
  times.succeeded("jobs", at(1000));
  await clock.advance(MINUTE);
  times.succeeded("jobs", at(2000));
  await clock.advance(MINUTE);
  assert.equal((await kept()).of("jobs")?.successMs, 1000);
  for (let run = 0; run < 5; run++) {
    times.failed("jobs");
    await clock.advance(MINUTE);
  }
  assert.equal((await kept()).of("jobs")?.successMs, 2000);
  assert.equal(checkpoint.saved.length, 2);
  await times.close();
});

Deno.test("RunTimes writes at the end what has not been written, and nothing else", async () => {
  const { times, checkpoint, clock, kept } = makeTimes();
  times.succeeded("jobs", at(1000));
  await times.close();
  assert.equal((await kept()).of("jobs")?.successMs, 1000);
  const next = await kept();
  await next.close();
  assert.equal(checkpoint.saved.length, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("RunTimes keeps what it read of collectors that do not run now", async () => {
  const { times, kept } = makeTimes();
  times.succeeded("tape", at(1000));
  await times.close();
  const next = await kept();
  next.succeeded("jobs", at(2000));
  await next.close();
  const last = await kept();
  assert.deepEqual([last.of("tape")?.successMs, last.of("jobs")?.successMs], [1000, 2000]);
});

Deno.test("RunTimes warns once while it cannot write, and tries again", async () => {
  const { times, checkpoint, clock, records, kept } = makeTimes();
  checkpoint.failing = "set aside";
  times.succeeded("jobs", at(1000));
  await clock.advance(30 * MINUTE);
  assert.deepEqual(records.map(({ level }) => level), ["warn"]);
  checkpoint.failing = undefined;
  await clock.advance(10 * MINUTE);
  assert.equal((await kept()).of("jobs")?.successMs, 1000);
  await times.close();
});

Deno.test("RunTimes begins without what cannot be read", async () => {
  const { times, checkpoint, records } = makeTimes();
  checkpoint.load = () => Promise.reject(new Error("no access"));
  await times.load();
  assert.equal(times.of("jobs"), undefined);
  assert.deepEqual(records.map(({ level }) => level), ["warn"]);
  await times.close();
});
