import assert from "node:assert/strict";
import FakeTimers from "@sinonjs/fake-timers";
import { systemClock } from "../../src/base/clock.ts";
import { countListeners } from "../testing/count_listeners.ts";

const DAY = 24 * 3600 * 1000;

Deno.test("the clock calls back once when the time is over, however long it is", () => {
  const timers = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    // No timer of the runtime's can wait for so long.
    for (const milliseconds of [1, 1000, 60 * DAY]) {
      let calls = 0;
      systemClock.after(milliseconds, () => calls++);
      timers.tick(milliseconds - 1);
      assert.equal(calls, 0);
      timers.tick(1);
      assert.equal(calls, 1);
      timers.tick(61 * DAY);
      assert.equal(calls, 1);
    }
  } finally {
    timers.uninstall();
  }
});

Deno.test("the clock does not call back once that is cancelled, and leaves no timer", () => {
  const timers = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    let calls = 0;
    for (const passed of [0, 30 * DAY, 61 * DAY]) {
      const cancel = systemClock.after(60 * DAY, () => calls++);
      timers.tick(passed);
      cancel();
      cancel();
      assert.equal(timers.countTimers(), 0);
    }
    assert.equal(calls, 1);
  } finally {
    timers.uninstall();
  }
});

Deno.test("the clock calls back without a timer where there is nothing to wait for, unless that is cancelled", async () => {
  const called: number[] = [];
  systemClock.after(0, () => called.push(0));
  systemClock.after(-1, () => called.push(-1));
  systemClock.after(0, () => called.push(1))();
  assert.deepEqual(called, []);
  await Promise.resolve();
  assert.deepEqual(called, [0, -1]);
});

Deno.test("the clock's sleep ends when the time is over or its signal is aborted, and leaves nothing behind", async () => {
  const abort = new AbortController();
  const counted = countListeners(abort.signal);
  await systemClock.sleep(1, counted.signal);
  await systemClock.sleep(0, counted.signal);
  await systemClock.sleep(-5);
  assert.equal(counted.listeners, 0);
  const sleep = systemClock.sleep(DAY, abort.signal);
  abort.abort("enough");
  await assert.rejects(sleep, (reason) => reason === "enough");
  await assert.rejects(systemClock.sleep(0, abort.signal), (reason) => reason === "enough");
});
