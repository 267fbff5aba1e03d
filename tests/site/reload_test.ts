import assert from "node:assert/strict";
import { newTreeMap, type TreeMap } from "../../src/config/tree.ts";
import { statusError } from "../testing/fake_client.ts";
import { fakeDefinition, hang, resultOf } from "../testing/fake_collector.ts";
import { INTERVAL, MINUTE, SECOND, withSite } from "./_world.ts";

/** Options of a collector as the configuration has them. */
function options(entries: Record<string, string>): TreeMap {
  return Object.assign(newTreeMap(), entries);
}

/** Waits until a run is aborted. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

Deno.test("Site.replan() leaves the timers of collectors alone that have not changed", async () => {
  const other = fakeDefinition("other", { interval: () => 2 * INTERVAL });
  await withSite(async ({ site, clock, jobs, replan }) => {
    const began: string[] = [];
    const note = (name: string) => () => {
      began.push(`${name} ${clock.monotonic() / SECOND}`);
      return Promise.resolve(resultOf("a", 1));
    };
    jobs.behave = note("jobs");
    other.behave = note("other");
    site.start(0);
    await clock.advance(MINUTE);
    replan({ storage: { intervalMs: 7 * INTERVAL } });
    await clock.advance(INTERVAL);
    replan({});
    await clock.advance(INTERVAL);
    assert.deepEqual(began, ["jobs 0", "other 15", "jobs 300", "jobs 600", "other 615"]);
    assert.deepEqual([jobs.made.length, other.made.length], [1, 1]);
  }, { others: [other] });
});

Deno.test("Site.replan() goes on with a run that is under way", async () => {
  await withSite(async ({ site, clock, jobs, replan, value }) => {
    let finish = () => {};
    jobs.behave = async () => {
      await new Promise<void>((resolve) => finish = resolve);
      return resultOf("slow", 5);
    };
    site.start(0);
    await clock.advance(0);
    replan({ jobs: { intervalMs: MINUTE }, storage: { enabled: false } });
    finish();
    await clock.advance(0);
    assert.equal(value("nbu_fake_value", { site: "slow" }), 5);
    finish = () => {};
    jobs.behave = () => Promise.resolve(resultOf("slow", 5));
    await clock.advance(MINUTE);
    assert.equal(jobs.runs, 2);
  });
});

Deno.test("Site.replan() starts a collector that is switched on at once", async () => {
  const other = fakeDefinition("other", { enabledByDefault: false });
  await withSite(async ({ site, clock, jobs, replan, value }) => {
    site.start(0);
    await clock.advance(MINUTE);
    assert.equal(value("nbu_collector_success", { collector: "other" }), undefined);
    replan({ other: { enabled: true } });
    await clock.advance(0);
    assert.equal(value("nbu_collector_success", { collector: "other" }), 1);
    assert.deepEqual([jobs.runs, other.runs], [1, 1]);
    await clock.advance(INTERVAL);
    assert.deepEqual([jobs.runs, other.runs], [2, 2]);
  }, { others: [other] });
});

Deno.test("Site.replan() withdraws a collector that is switched off, and ends it", async () => {
  await withSite(async ({ site, clock, storage, replan, value, count }) => {
    site.start(0);
    await clock.advance(0);
    let reason: unknown;
    storage.behave = ({ request }) => {
      request.signal.addEventListener("abort", () => reason = request.signal.reason);
      return untilAborted(request.signal);
    };
    await clock.advance(INTERVAL);
    replan({ storage: { enabled: false } });
    assert.equal(count("nbu_fake_value"), 0, "withdrawn at once");
    assert.equal(value("nbu_collector_success", { collector: "storage" }), undefined);
    await clock.advance(0);
    assert.match(String(reason), /closed/, "its requests are aborted");
    assert.equal(storage.made[0]?.flushes, 1);
    await clock.advance(3 * INTERVAL);
    assert.equal(storage.runs, 2);
    assert.equal(
      value("nbu_collector_errors_total", { collector: "storage", reason: "http" }),
      undefined,
    );
    assert.equal(site.summary().collectors.length, 1);
  });
});

Deno.test("Site.replan() replaces a collector whose options have changed, one after the other", async () => {
  let running = 0;
  let most = 0;
  const other = fakeDefinition("other");
  other.behave = async ({ request }, { setting }) => {
    most = Math.max(most, ++running);
    try {
      if (setting.options["filter"] === "a") await slowlyAborted(request.signal);
      return resultOf(String(setting.options["filter"]), 1);
    } finally {
      running--;
    }
  };
  let slowlyAborted = untilAborted;
  await withSite(async ({ site, clock, replan, value }) => {
    slowlyAborted = (signal) =>
      untilAborted(signal).catch(async (reason) => {
        await clock.sleep(SECOND);
        throw reason;
      });
    site.start(0);
    await clock.advance(MINUTE);
    replan({ other: { options: options({ filter: "b" }) } });
    await clock.advance(SECOND);
    assert.equal(other.made.length, 2);
    assert.equal(value("nbu_fake_value", { site: "b" }), 1);
    assert.equal(most, 1);
    replan({ other: { options: options({ filter: "b" }) } });
    assert.equal(other.made.length, 2, "equal options are no change");
  }, { others: [other], collectors: { other: { options: options({ filter: "a" }) } } });
});

Deno.test("Site.replan() goes on with the errors and the last success of a collector that it replaces", async () => {
  const other = fakeDefinition("other");
  await withSite(async ({ site, clock, replan, value }) => {
    const collector = "other";
    site.start(0);
    await clock.advance(MINUTE);
    const at = value("nbu_collector_last_success_timestamp_seconds", { collector });
    other.behave = () => Promise.reject(statusError(503));
    await clock.advance(INTERVAL);
    other.behave = ({ request }) => untilAborted(request.signal);
    replan({ other: { options: options({ filter: "b" }) } });
    await clock.advance(SECOND);
    assert.equal(other.made.length, 2);
    assert.ok(at);
    assert.equal(value("nbu_collector_last_success_timestamp_seconds", { collector }), at);
    assert.equal(value("nbu_collector_errors_total", { collector, reason: "http" }), 1);
    assert.equal(value("nbu_collector_success", { collector }), undefined, "it has not run");
  }, { others: [other] });
});

Deno.test("Site.replan() hands changed options to a collector that can take them up", async () => {
  const other = fakeDefinition("other");
  const taken: unknown[] = [];
  const reconfigurable = {
    ...other,
    create: (setting: Parameters<typeof other.create>[0]) =>
      Object.assign(other.create(setting), {
        reconfigure: (values: Record<string, unknown>) => taken.push(values["limit"]),
      }),
  };
  await withSite(async ({ site, clock, replan }) => {
    site.start(0);
    await clock.advance(MINUTE);
    replan({ other: { options: options({ limit: "5" }) } });
    await clock.advance(INTERVAL);
    assert.deepEqual(taken, ["5"]);
    assert.equal(other.made.length, 1);
    assert.equal(other.runs, 2, "at its usual time");
  }, { others: [reconfigurable] });
});

Deno.test("Site.replan() applies a new interval to that collector only, counted from its last run", async () => {
  await withSite(async ({ site, clock, jobs, storage, replan }) => {
    site.start(0);
    await clock.advance(MINUTE);
    replan({ jobs: { intervalMs: 2 * MINUTE } });
    await clock.advance(MINUTE - 1);
    assert.deepEqual([jobs.runs, storage.runs], [1, 1]);
    await clock.advance(1);
    assert.deepEqual([jobs.runs, storage.runs], [2, 1]);
    replan({ jobs: { intervalMs: SECOND } });
    await clock.advance(0);
    await clock.advance(3 * SECOND);
    assert.equal(jobs.runs, 5);
  });
});

Deno.test("Site.replan() takes a new polling interval and window for all", async () => {
  await withSite(async ({ site, clock, jobs, storage, replan }) => {
    site.start(0);
    await clock.advance(MINUTE);
    let windowMs = 0;
    jobs.behave = (context) => {
      windowMs = context.windowMs;
      return Promise.resolve(resultOf("jobs", 1));
    };
    const storageOnly = { storage: { intervalMs: INTERVAL } };
    replan(storageOnly, { collectionIntervalMs: 2 * MINUTE, scrapingIntervalMs: 42 * MINUTE });
    await clock.advance(MINUTE);
    assert.deepEqual([jobs.runs, storage.runs], [2, 1], "storage has an interval of its own");
    assert.equal(windowMs, 42 * MINUTE);
  }, { collectors: { storage: { intervalMs: INTERVAL } } });
});

Deno.test("Site.replan() withdraws at once what a shorter interval makes too old", async () => {
  await withSite(async ({ site, clock, storage, replan, value, count }) => {
    site.start(0);
    await clock.advance(0);
    storage.behave = hang;
    await clock.advance(10 * MINUTE);
    assert.equal(value("nbu_fake_value"), 1);
    replan({ storage: { intervalMs: MINUTE } });
    await clock.advance(0);
    assert.equal(value("nbu_collector_stale", { collector: "storage" }), 1);
    assert.equal(count("nbu_fake_value"), 0);
  }, { collectors: { storage: { intervalMs: 60 * MINUTE } } });
});

Deno.test("Site.replan() before the first poll counts when that comes", async () => {
  const other = fakeDefinition("other", { enabledByDefault: false });
  await withSite(async ({ site, clock, jobs, replan }) => {
    jobs.behave = () => Promise.reject(statusError(500));
    site.start(10 * SECOND);
    replan({ other: { enabled: true }, storage: { enabled: false } });
    await clock.advance(MINUTE);
    assert.deepEqual([jobs.runs, other.runs], [1, 1]);
    assert.deepEqual(site.summary().collectors.map(({ name }) => name).sort(), ["jobs", "other"]);
  }, { others: [other] });
});

Deno.test("Site.replan() fails no collector with the end of the one that negotiated for both", async () => {
  await withSite(async ({ site, clock, client, storage, value, replan }) => {
    const detect = client.detectVersion.bind(client);
    client.detectVersion = ({ signal }) => untilAborted(signal);
    site.start(0);
    await clock.advance(SECOND);
    client.detectVersion = detect;
    replan({ jobs: { enabled: false } });
    await clock.advance(SECOND);
    assert.equal(value("nbu_collector_success", { collector: "storage" }), 1);
    assert.equal(storage.runs, 1);
  });
});
