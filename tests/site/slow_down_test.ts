import assert from "node:assert/strict";
import { NetworkError } from "../../src/netbackup/errors.ts";
import { statusError } from "../testing/fake_client.ts";
import { fakeDefinition, resultOf } from "../testing/fake_collector.ts";
import { INTERVAL, MINUTE, withSite, type World } from "./_world.ts";

const unreachable = () =>
  Promise.reject(
    new NetworkError({ site: "a", endpoint: "/admin/jobs" }, "no route", {
      reason: "network",
      hint: "check it",
    }),
  );

/** Minutes at which `jobs` runs from now on. */
function watchRuns({ jobs, clock }: World, behave: typeof jobs.behave): number[] {
  const minutes: number[] = [];
  jobs.behave = (...args) => {
    minutes.push(clock.monotonic() / MINUTE);
    return behave(...args);
  };
  return minutes;
}

const FACTOR = "nbu_collection_interval_factor";

Deno.test("Site asks a primary that fails less and less often, to a quarter of the rate", async () => {
  await withSite(async (world) => {
    const { site, clock, storage, value } = world;
    storage.behave = unreachable;
    const minutes = watchRuns(world, unreachable);
    const factors: (number | undefined)[] = [];
    site.start(0);
    for (let minute = 0; minute <= 80; minute++) {
      await clock.advance(minute === 0 ? 0 : MINUTE);
      if (minute % 5 === 0) factors.push(value(FACTOR));
    }
    assert.deepEqual(minutes, [0, 5, 10, 20, 40, 60, 80]);
    assert.deepEqual(factors.slice(0, 9), [1, 1, 2, 2, 4, 4, 4, 4, 4]);
  });
});

Deno.test("Site asks at full rate at once after the first success, all collectors", async () => {
  const other = fakeDefinition("other");
  await withSite(async (world) => {
    const { site, clock, storage, value } = world;
    storage.behave = unreachable;
    other.behave = unreachable;
    const minutes = watchRuns(world, unreachable);
    site.start(0);
    await clock.advance(41 * MINUTE);
    assert.equal(value(FACTOR), 4);
    const otherRuns = other.runs;
    storage.behave = () => Promise.resolve(resultOf("a", 1));
    await clock.advance(19 * MINUTE);
    assert.equal(value(FACTOR), 1);
    assert.equal(value("nbu_up"), 1);
    assert.deepEqual(minutes.at(-1), 60);
    await clock.advance(11 * MINUTE);
    assert.deepEqual(minutes.slice(-3), [60, 65, 70]);
    assert.ok(other.runs >= otherRuns + 2, "another collector did not wait for its long pause");
  }, { others: [other] });
});

Deno.test("Site does not slow down while the primary gives any sign of life", async () => {
  await withSite(async (world) => {
    const { site, clock, storage, value } = world;
    const minutes = watchRuns(world, unreachable);
    storage.behave = () => Promise.reject(statusError(404, "/storage/storage-units"));
    site.start(0);
    await clock.advance(20 * MINUTE);
    assert.deepEqual(minutes, [0, 5, 10, 15, 20]);
    assert.equal(value(FACTOR), 1);
  });
});

Deno.test("Site slows down for a collector that is asked for more often than the site is polled as well", async () => {
  const quick = fakeDefinition("quick", { interval: () => MINUTE });
  quick.behave = unreachable;
  await withSite(async ({ site, clock, jobs, storage }) => {
    jobs.behave = unreachable;
    storage.behave = unreachable;
    site.start(0);
    await clock.advance(60 * MINUTE);
    const before = quick.runs;
    await clock.advance(40 * MINUTE);
    assert.equal(quick.runs - before, 10);
  }, { others: [quick] });
});

Deno.test("Site works out pauses anew when the polling interval changes", async () => {
  const slow = fakeDefinition("slow", { interval: () => 10 * MINUTE });
  slow.behave = unreachable;
  await withSite(async ({ site, clock, jobs, storage, replan }) => {
    jobs.behave = unreachable;
    storage.behave = unreachable;
    site.start(0);
    await clock.advance(65 * MINUTE);
    const before = slow.runs;
    replan({}, { collectionIntervalMs: 60 * MINUTE });
    await clock.advance(0);
    assert.equal(slow.runs, before + 1, "the failures are young by the new interval");
  }, { others: [slow] });
});

Deno.test("Site shows what it knows of a primary that fails until it is too old, slow-down or not", async () => {
  await withSite(async ({ site, clock, jobs, storage, value }) => {
    site.start(0);
    await clock.advance(0);
    jobs.behave = unreachable;
    storage.behave = unreachable;
    await clock.advance(3 * INTERVAL - 1);
    assert.equal(value("nbu_fake_value"), 1);
    await clock.advance(1);
    assert.equal(value("nbu_fake_value"), undefined);
  });
});
