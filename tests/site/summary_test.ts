import assert from "node:assert/strict";
import { resultOf } from "../testing/fake_collector.ts";
import { NetworkError } from "../../src/netbackup/errors.ts";
import { INTERVAL, MINUTE, SECOND, withSite, type World } from "./_world.ts";

const START = Date.UTC(2026, 0, 1);

function collector({ site }: World, name: string) {
  const found = site.summary().collectors.find((collector) => collector.name === name);
  assert.ok(found);
  return found;
}

function refused(): Promise<never> {
  const problem = { reason: "connect", hint: "check it" } as const;
  return Promise.reject(
    new NetworkError({ site: "a", endpoint: "/ping" }, "connection refused", problem),
  );
}

Deno.test("Site.summary() says when each collector runs next", () =>
  withSite(async (world) => {
    assert.equal(collector(world, "jobs").nextRunAt, undefined, "not before the start");
    world.site.start(10 * SECOND);
    await world.clock.advance(0);
    assert.equal(collector(world, "jobs").nextRunAt, START + 10 * SECOND);
    await world.clock.advance(10 * SECOND);
    assert.equal(collector(world, "jobs").nextRunAt, START + 10 * SECOND + INTERVAL);
    await world.clock.advance(MINUTE);
    assert.equal(collector(world, "jobs").nextRunAt, START + 10 * SECOND + INTERVAL);
  }));

Deno.test("Site.summary() knows no next run while one goes on", () =>
  withSite(async (world) => {
    const run = Promise.withResolvers<void>();
    world.jobs.behave = async ({ site }) => {
      await run.promise;
      return resultOf(site, 1);
    };
    world.site.start(0);
    await world.clock.advance(0);
    const during = collector(world, "jobs");
    assert.deepEqual([during.running, during.nextRunAt, during.outcome], [
      true,
      undefined,
      "waiting",
    ]);
    assert.equal(during.durationSeconds, undefined);
    run.resolve();
    await world.clock.advance(0);
    const after = collector(world, "jobs");
    assert.deepEqual([after.running, after.outcome, after.rows], [false, "ok", 1]);
    assert.equal(after.nextRunAt, START + INTERVAL);
  }));

Deno.test("Site.summary() says why a collector fails, since when, and what to do", () =>
  withSite(async (world) => {
    world.site.start(0);
    await world.clock.advance(0);
    world.storage.behave = refused;
    await world.clock.advance(2 * INTERVAL);
    const { failure, failingSince, outcome, rows, lastSuccessAt } = collector(world, "storage");
    assert.equal(outcome, "failed");
    assert.equal(failure?.reason, "connect");
    assert.match(failure?.message ?? "", /connection refused/);
    assert.match(failure?.remedy ?? "", /^Check "host" and "port"/);
    assert.equal(failingSince, START + INTERVAL);
    assert.deepEqual([rows, lastSuccessAt], [1, START], "of the last success");
    assert.equal(world.site.summary().downSince, undefined, "jobs work");
  }));

Deno.test("Site.summary() has a remedy for faults of the exporter itself", () =>
  withSite(async (world) => {
    world.storage.behave = () => Promise.reject(new TypeError("x is undefined"));
    world.site.start(0);
    await world.clock.advance(0);
    const { failure } = collector(world, "storage");
    assert.deepEqual([failure?.reason, failure?.message], ["internal", "x is undefined"]);
    assert.match(failure?.remedy ?? "", /report this bug/);
  }));

Deno.test("Site.summary() says since when a site is down, and how much less often it is asked", () =>
  withSite(async (world) => {
    world.site.start(0);
    await world.clock.advance(0);
    world.jobs.behave = refused;
    world.storage.behave = refused;
    await world.clock.advance(3 * INTERVAL);
    const { up, downSince, factor } = world.site.summary();
    assert.deepEqual([up, downSince, factor], [false, START + INTERVAL, 2]);
    world.jobs.behave = ({ site }) => Promise.resolve(resultOf(site, 1));
    world.storage.behave = world.jobs.behave;
    await world.clock.advance(2 * INTERVAL);
    const later = world.site.summary();
    assert.deepEqual([later.up, later.downSince, later.factor], [true, undefined, 1]);
  }));

Deno.test("Site.summary() tells a list that is always empty from one that is empty now", () =>
  withSite(async (world) => {
    let rows = 0;
    world.storage.behave = () => Promise.resolve({ families: [], cumulative: [], rows });
    world.site.start(0);
    await world.clock.advance(0);
    const seen: unknown[] = [];
    for (rows of [3, 0]) {
      const { rows: last, everHadRows } = collector(world, "storage");
      seen.push([last, everHadRows]);
      await world.clock.advance(INTERVAL);
    }
    const { rows: last, everHadRows } = collector(world, "storage");
    assert.deepEqual([...seen, [last, everHadRows]], [[0, false], [3, true], [0, true]]);
  }));

Deno.test("Site.summary() shows a catch-up while it goes on", () =>
  withSite((world) => {
    let progress = 0.5;
    const [jobs] = world.jobs.made;
    assert.ok(jobs);
    Object.assign(jobs, { progress: () => progress });
    assert.equal(collector(world, "jobs").progress, 0.5);
    progress = 1;
    assert.equal(collector(world, "jobs").progress, undefined);
    assert.equal(collector(world, "storage").progress, undefined);
    return Promise.resolve();
  }));

Deno.test("Site.summary() has the unfinished jobs until they are too old", () =>
  withSite(async (world) => {
    const queue = { active: 1, queued: 0, oldest: undefined, longest: [] };
    const [jobs] = world.jobs.made;
    assert.ok(jobs);
    assert.equal(world.site.summary().queue, undefined);
    Object.assign(jobs, { queue: () => queue });
    world.site.start(0);
    await world.clock.advance(0);
    assert.deepEqual(world.site.summary().queue, queue);
    world.jobs.behave = refused;
    await world.clock.advance(2 * INTERVAL);
    assert.deepEqual(world.site.summary().queue, queue);
    await world.clock.advance(2 * INTERVAL);
    assert.equal(world.site.summary().queue, undefined);
  }));

Deno.test("Site.summary() says where the primary is, and holds no key", () =>
  withSite((world) => {
    const summary = world.site.summary();
    assert.equal(summary.baseUrl, "https://nbu.example.com:1556/netbackup");
    assert.doesNotMatch(JSON.stringify(summary), /test-key/);
    return Promise.resolve();
  }));
