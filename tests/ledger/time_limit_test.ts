import assert from "node:assert/strict";
import { withTimeLimit } from "../../src/ledger/time_limit.ts";
import { countListeners } from "../testing/count_listeners.ts";
import { unlimited } from "../testing/fake_client.ts";
import { createFakeClock } from "../testing/fake_clock.ts";

Deno.test("withTimeLimit() aborts the work when the time is over, and says how long it had", async () => {
  const clock = createFakeClock();
  const counted = countListeners(new AbortController().signal);
  const request = { ...unlimited(), signal: counted.signal };
  const work = withTimeLimit(clock, request, 1_500, ({ signal, deadline }) => {
    assert.equal(deadline, 1_500);
    return clock.sleep(60_000, signal);
  });
  const ended = assert.rejects(work, { message: "it took longer than 1.5 s" });
  await clock.advance(1_500);
  await ended;
  assert.deepEqual([clock.pending, counted.listeners], [0, 0]);
});

Deno.test("withTimeLimit() keeps to the deadline of the poll, and leaves nothing behind", async () => {
  const clock = createFakeClock();
  const counted = countListeners(new AbortController().signal);
  const request = { ...unlimited(), signal: counted.signal, deadline: 1_000 };
  const given = await withTimeLimit(clock, request, 1_500, ({ deadline }) => {
    assert.equal(counted.listeners, 1);
    return Promise.resolve(deadline);
  });
  assert.equal(given, 1_000);
  assert.deepEqual([clock.pending, counted.listeners], [0, 0]);
});
