import assert from "node:assert/strict";
import { healthOf, readinessOf } from "../../src/app/readiness.ts";

Deno.test("healthOf() is unreachable only when every site is, and not before one was asked", () => {
  for (
    const [ups, expected] of [
      [[false, false], "unreachable"],
      [[false, true], "ok"],
      [[false, undefined], "ok"],
    ] as const
  ) assert.equal(healthOf(ups.map((up) => ({ up }))), expected);
});

Deno.test("readinessOf() waits for the first cycle of every site, but no longer than 15 s", () => {
  const ended = { site: "a", firstCycleEnded: true };
  const waiting = { site: "b", firstCycleEnded: false };
  assert.deepEqual(readinessOf([ended], 0), { ready: true, waitingFor: [] });
  const sites = [ended, waiting];
  assert.deepEqual(readinessOf(sites, 14_999), { ready: false, waitingFor: ["b"] });
  assert.deepEqual(readinessOf(sites, 15_000), { ready: true, waitingFor: ["b"] });
});
