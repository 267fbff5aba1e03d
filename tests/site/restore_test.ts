import assert from "node:assert/strict";
import { restoreSite } from "../../src/site/restore.ts";
import { countListeners } from "../testing/count_listeners.ts";
import { createFakeClock, settle } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";

/** A state directory that never responds, until it is told to. */
function hangingRunTimes() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { load: () => promise, of: () => undefined, resolve };
}

Deno.test("restoreSite() has polling begin after 15 s, whatever the state directory is up to", async () => {
  const clock = createFakeClock();
  const { logger, records } = createRecordingLogger();
  const counted = countListeners(new AbortController().signal);
  let ended = false;
  const restoring = restoreSite({
    runTimes: hangingRunTimes(),
    tasks: [],
    clock,
    logger,
    signal: counted.signal,
  }).then(() => ended = true);
  await clock.advance(14_999);
  assert.equal(ended, false);
  await clock.advance(1);
  await restoring;
  assert.deepEqual(records.map(({ level, message }) => [level, message]), [
    ["warn", "reading the state directory timed out: polling without saved state"],
  ]);
  assert.deepEqual([clock.pending, counted.listeners], [0, 0]);
});

Deno.test("restoreSite() ends at once, without a word, when the site is closed", async () => {
  const clock = createFakeClock();
  const { logger, records } = createRecordingLogger();
  const closing = new AbortController();
  const restoring = restoreSite({
    runTimes: hangingRunTimes(),
    tasks: [],
    clock,
    logger,
    signal: closing.signal,
  });
  await settle();
  closing.abort("closing");
  await restoring;
  assert.deepEqual([records.length, clock.pending], [0, 0]);
});

Deno.test("restoreSite() that is in time says nothing and leaves no timer behind", async () => {
  const clock = createFakeClock();
  const { logger, records } = createRecordingLogger();
  const runTimes = hangingRunTimes();
  runTimes.resolve();
  const { signal } = new AbortController();
  await restoreSite({ runTimes, tasks: [], clock, logger, signal });
  assert.deepEqual([records.length, clock.pending], [0, 0]);
});
