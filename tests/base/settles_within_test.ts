import assert from "node:assert/strict";
import { settlesWithin } from "../../src/base/settles_within.ts";

const LONG_MS = 60_000;

Deno.test("settlesWithin() is true when the promise settles, also when it rejects", async () => {
  assert.equal(await settlesWithin(Promise.resolve(1), LONG_MS), true);
  assert.equal(await settlesWithin(Promise.reject(new Error("no")), LONG_MS), true);
});

Deno.test("settlesWithin() is false when the time is over or the signal aborts", async () => {
  const never = new Promise(() => {});
  assert.equal(await settlesWithin(never, 1), false);
  assert.equal(await settlesWithin(never, LONG_MS, AbortSignal.abort()), false);
  const controller = new AbortController();
  const waiting = settlesWithin(never, LONG_MS, controller.signal);
  controller.abort();
  assert.equal(await waiting, false);
});
