import assert from "node:assert/strict";
import { startDeadline } from "../../src/base/deadline.ts";
import { countListeners } from "../testing/count_listeners.ts";
import { createFakeClock, settle } from "../testing/fake_clock.ts";

Deno.test("startDeadline() aborts with its reason when the time is over, and not before", async () => {
  const clock = createFakeClock();
  const reason = new Error("too slow");
  using limit = startDeadline({ clock, milliseconds: 1_000, reason: () => reason });
  await clock.advance(999);
  assert.equal(limit.signal.aborted, false);
  assert.equal(limit.expired, false);
  await clock.advance(1);
  assert.equal(limit.signal.reason, reason);
  assert.equal(limit.expired, true);
});

Deno.test("startDeadline() makes no reason and leaves no timer when the work ends in time", async () => {
  const clock = createFakeClock();
  let made = 0;
  {
    using _limit = startDeadline({ clock, milliseconds: 1_000, reason: () => made++ });
    assert.equal(clock.pending, 1);
  }
  assert.equal(clock.pending, 0);
  await clock.advance(2_000);
  assert.equal(made, 0);
});

Deno.test("startDeadline() follows other signals with their reason, which is no expiry", async () => {
  const clock = createFakeClock();
  const abort = new AbortController();
  const other = new AbortController();
  using limit = startDeadline({
    clock,
    milliseconds: 1_000,
    reason: () => new Error("too slow"),
    signals: [other.signal, abort.signal],
  });
  abort.abort("closing");
  assert.equal(limit.signal.reason, "closing");
  await clock.advance(1_000);
  assert.equal(limit.signal.reason, "closing");
  assert.equal(limit.expired, false);
});

Deno.test("startDeadline() is aborted from the start by a signal that already was", () => {
  const clock = createFakeClock();
  using limit = startDeadline({
    clock,
    milliseconds: 1_000,
    reason: () => new Error("too slow"),
    signals: [AbortSignal.abort("before")],
  });
  assert.equal(limit.signal.reason, "before");
});

Deno.test("startDeadline() without any time is over at once", async () => {
  const clock = createFakeClock();
  using limit = startDeadline({ clock, milliseconds: 0, reason: () => "over" });
  await settle();
  assert.equal(limit.signal.reason, "over");
});

Deno.test("startDeadline() leaves no listener behind on a signal that lives long", () => {
  const clock = createFakeClock();
  const counted = countListeners(new AbortController().signal);
  for (let n = 0; n < 10; n++) {
    using _limit = startDeadline({
      clock,
      milliseconds: 1_000,
      reason: () => "over",
      signals: [counted.signal],
    });
    assert.equal(counted.listeners, 1);
  }
  assert.equal(counted.listeners, 0);
});
