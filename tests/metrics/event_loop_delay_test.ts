import assert from "node:assert/strict";
import FakeTimers from "@sinonjs/fake-timers";
import { EventLoopDelay } from "../../src/metrics/event_loop_delay.ts";

/** Runs a test on fake timers, whose clock a test can also let run ahead of them. */
function withTimers(
  work: (
    monitor: EventLoopDelay,
    pass: (ms: number) => void,
    block: (ms: number) => void,
  ) => void,
): void {
  const timers = FakeTimers.install({ toFake: ["setInterval", "clearInterval"] });
  let ahead = 0;
  const monitor = new EventLoopDelay({ monotonic: () => timers.now + ahead });
  try {
    work(monitor, (ms) => timers.tick(ms), (ms) => {
      ahead += ms;
    });
  } finally {
    monitor.close();
    timers.uninstall();
  }
}

Deno.test("EventLoopDelay is 0 while its timer is in time", () => {
  withTimers((monitor, pass) => {
    monitor.start();
    pass(10_000);
    assert.equal(monitor.maxSeconds(), 0);
  });
});

Deno.test("EventLoopDelay shows the longest block of the last minute, then forgets it", () => {
  withTimers((monitor, pass, block) => {
    monitor.start();
    pass(1000);
    block(3000);
    pass(500);
    pass(10_000);
    block(1000);
    pass(500);
    assert.equal(monitor.maxSeconds(), 3);
    pass(49_000);
    assert.equal(monitor.maxSeconds(), 1, "the longest is forgotten, the second still shows");
    pass(15_000);
    assert.equal(monitor.maxSeconds(), 0);
  });
});

Deno.test("EventLoopDelay counts a block whose tick is still to come", () => {
  withTimers((monitor, pass, block) => {
    monitor.start();
    pass(500);
    block(2500);
    assert.equal(monitor.maxSeconds(), 2);
  });
});

Deno.test("EventLoopDelay sees nothing before start() and after close()", () => {
  withTimers((monitor, pass, block) => {
    block(5000);
    assert.equal(monitor.maxSeconds(), 0);
    monitor.start();
    monitor.start();
    pass(500);
    monitor.close();
    block(5000);
    pass(5000);
    assert.equal(monitor.maxSeconds(), 0);
  });
});

Deno.test("EventLoopDelay sees a real block of the event loop", async () => {
  const monitor = new EventLoopDelay({ monotonic: () => performance.now() });
  monitor.start();
  const end = performance.now() + 1500;
  while (performance.now() < end);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.ok(monitor.maxSeconds() >= 0.9, `${monitor.maxSeconds()}`);
  monitor.close();
});
