import assert from "node:assert/strict";
import { statusError } from "../testing/fake_client.ts";
import { EMPTY_RESULT, fakeDefinition, hang, resultOf } from "../testing/fake_collector.ts";
import { INTERVAL, MINUTE, withSite } from "./_world.ts";

Deno.test("Site is neither up nor down before a main collector has ended, then up by one of them", async () => {
  await withSite(async ({ site, clock, storage, jobs, count }) => {
    storage.behave = hang;
    jobs.behave = hang;
    site.start(0);
    await clock.advance(0);
    assert.equal(count("nbu_up"), 0);
    assert.equal(site.summary().firstCycleEnded, false);
  });
  await withSite(async ({ site, clock, jobs, value }) => {
    jobs.behave = () => Promise.reject(statusError(500));
    site.start(0);
    await clock.advance(0);
    assert.equal(value("nbu_up", { site: "a" }), 1);
    assert.equal(site.summary().firstCycleEnded, true);
  });
});

Deno.test("Site is down when all main collectors fail, whatever the others do", async () => {
  const other = fakeDefinition("other");
  await withSite(async ({ site, clock, storage, jobs, value }) => {
    storage.behave = () => Promise.reject(statusError(503));
    jobs.behave = () => Promise.reject(statusError(503));
    site.start(0);
    await clock.advance(MINUTE);
    assert.equal(value("nbu_collector_success", { collector: "other" }), 1);
    assert.equal(value("nbu_up"), 0);
    assert.equal(site.summary().up, false);
  }, { others: [other] });
});

Deno.test("Site is down one polling interval after its primary died, however seldom a main collector runs", async () => {
  await withSite(async ({ site, clock, storage, jobs, value }) => {
    site.start(0);
    await clock.advance(INTERVAL - 1);
    assert.equal(value("nbu_up"), 1);
    for (const each of [storage, jobs]) each.behave = () => Promise.reject(statusError(503));
    await clock.advance(INTERVAL);
    assert.equal(storage.runs, 1, "it has not noticed anything");
    assert.equal(value("nbu_collector_success", { collector: "storage" }), 1);
    assert.equal(value("nbu_up"), 0);
    assert.equal(site.summary().up, false, "which is what /health says");
  }, { collectors: { storage: { intervalMs: 12 * INTERVAL } } });
});

Deno.test("Site is up by any collector where the main ones are switched off", async () => {
  const off = { enabled: false };
  await withSite(async ({ site, clock, value, jobs }) => {
    site.start(0);
    await clock.advance(MINUTE);
    assert.equal(value("nbu_up"), 1);
    assert.equal(jobs.made.length, 0);
  }, { others: [fakeDefinition("other")], collectors: { jobs: off, storage: off } });
});

Deno.test("Site keeps the last success time of a failing source, so that its age can be alerted on", async () => {
  await withSite(async ({ site, clock, jobs, value }) => {
    site.start(0);
    await clock.advance(0);
    const jobsAt = () => value("nbu_last_scrape_timestamp_seconds", { source: "jobs" });
    const before = jobsAt();
    assert.equal(before, clock.now() / 1000);
    jobs.behave = () => Promise.reject(statusError(503));
    await clock.advance(10 * INTERVAL);
    assert.equal(value("nbu_up"), 1, "storage is still collected");
    assert.equal(jobsAt(), before);
    const collector = "jobs";
    assert.equal(value("nbu_collector_last_success_timestamp_seconds", { collector }), before);
    assert.equal(
      value("nbu_last_scrape_timestamp_seconds", { source: "storage" }),
      clock.now() / 1000,
    );
    assert.equal(value("nbu_collector_success", { collector }), 0);
    assert.equal(value("nbu_collector_errors_total", { collector, reason: "http" }), 10);
    assert.equal(
      value("nbu_collector_errors_total", { collector, reason: "auth" }),
      0,
      "every reason exists from the start",
    );
  });
});

Deno.test("Site gives 0 as the last success of a collector that never succeeded", async () => {
  await withSite(async ({ site, clock, jobs, value, count }) => {
    jobs.behave = () => Promise.reject(statusError(503));
    site.start(0);
    await clock.advance(0);
    const collector = "jobs";
    assert.equal(value("nbu_collector_last_success_timestamp_seconds", { collector }), 0);
    assert.equal(value("nbu_last_scrape_timestamp_seconds", { source: "jobs" }), 0);
    assert.equal(count("nbu_collector_rows"), 1, "rows are those of a success");
  });
});

Deno.test("Site shows an old result for three intervals, then withdraws it without another event", async () => {
  await withSite(async ({ site, clock, storage, publisher, records, value, count }) => {
    storage.behave = ({ site }) => Promise.resolve(resultOf(site, 42));
    site.start(0);
    await clock.advance(0);
    storage.behave = hang;
    await clock.advance(3 * INTERVAL - 1);
    assert.equal(value("nbu_fake_value"), 42);
    assert.equal(value("nbu_collector_stale", { collector: "storage" }), 0);
    const before = publisher.publications.length;
    await clock.advance(1);
    assert.equal(count("nbu_fake_value"), 0);
    assert.equal(value("nbu_collector_stale", { collector: "storage" }), 1);
    assert.equal(value("nbu_collector_stale", { collector: "jobs" }), 0);
    assert.ok(publisher.publications.length > before, "the withdrawal was published");
    const logged = records.filter(({ message }) => message.startsWith("withdrew series"));
    assert.deepEqual(logged.map(({ level }) => level), ["warn"]);
  });
});

Deno.test("Site withdraws the result of each collector by the collector's own interval", async () => {
  const slow = fakeDefinition("slow", { interval: () => 4 * INTERVAL });
  slow.behave = () => Promise.resolve(resultOf("slow", 1));
  await withSite(async ({ site, clock, storage, value }) => {
    site.start(0);
    await clock.advance(MINUTE);
    storage.behave = () => Promise.reject(statusError(503));
    slow.behave = () => Promise.reject(statusError(503));
    await clock.advance(11 * INTERVAL);
    assert.equal(value("nbu_fake_value", { site: "a" }), undefined);
    assert.equal(value("nbu_fake_value", { site: "slow" }), 1);
    await clock.advance(INTERVAL);
    assert.equal(value("nbu_fake_value", { site: "slow" }), undefined);
  }, { others: [slow] });
});

Deno.test("Site counts a run that takes longer than its interval as slow, not as stale", async () => {
  await withSite(async ({ site, clock, storage, value }) => {
    storage.behave = async ({ request }) => {
      await clock.sleep(4 * INTERVAL, request.signal);
      return resultOf("a", 7);
    };
    site.start(0);
    await clock.advance(7 * INTERVAL + MINUTE);
    assert.equal(value("nbu_fake_value"), 7, "of the run that ended three intervals ago");
  }, { collectors: { storage: { timeoutMs: 100 * INTERVAL } } });
});

Deno.test("Site keeps counters when the result that brought them is withdrawn", async () => {
  await withSite(async ({ site, clock, storage, value }) => {
    const { families } = resultOf("a", 7);
    storage.behave = () => Promise.resolve({ families: [], cumulative: families, rows: 0 });
    site.start(0);
    await clock.advance(0);
    storage.behave = () => Promise.reject(statusError(500));
    await clock.advance(20 * INTERVAL);
    assert.equal(value("nbu_collector_stale", { collector: "storage" }), 1);
    assert.equal(value("nbu_fake_value"), 7);
  });
});

Deno.test("Site shows the health of every collector at all times once it has ended a run", async () => {
  const HEALTH = [
    ...["nbu_collector_success", "nbu_collector_duration_seconds", "nbu_collector_rows"],
    ...["nbu_collector_last_success_timestamp_seconds", "nbu_collector_stale"],
    ...["nbu_collector_unsupported", "nbu_last_scrape_timestamp_seconds"],
  ];
  await withSite(async ({ site, clock, jobs, storage, count, value }) => {
    const complete = (when: string) => {
      for (const metric of HEALTH) assert.equal(count(metric), 2, `${metric} ${when}`);
      assert.equal(value("nbu_up") !== undefined, true, when);
      assert.equal(count("nbu_api_version"), 1, when);
      assert.equal(value("nbu_collection_interval_factor") !== undefined, true, when);
    };
    site.start(0);
    await clock.advance(0);
    complete("after a success");
    jobs.behave = () => Promise.reject(statusError(503));
    storage.behave = () => Promise.reject(statusError(503));
    for (let hour = 0; hour < 3; hour++) {
      await clock.advance(60 * MINUTE);
      complete(`after ${hour + 1} hours of failures`);
    }
    jobs.behave = () => Promise.resolve(EMPTY_RESULT);
    await clock.advance(60 * MINUTE);
    complete("after the first success of one");
  });
});

Deno.test("Site counts the rows of the last success", async () => {
  await withSite(async ({ site, clock, jobs, value }) => {
    jobs.behave = () => Promise.resolve({ ...EMPTY_RESULT, rows: 12 });
    site.start(0);
    await clock.advance(0);
    jobs.behave = () => Promise.reject(statusError(503));
    await clock.advance(INTERVAL);
    assert.equal(value("nbu_collector_rows", { collector: "jobs" }), 12);
  });
});
