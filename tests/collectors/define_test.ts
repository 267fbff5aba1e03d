import assert from "node:assert/strict";
import * as v from "valibot";
import { labelFilter } from "../../src/collectors/options/label_filter.ts";
import { defineCollector, everyPoll } from "../../src/collectors/define.ts";
import { key } from "../../src/config/schema/keys.ts";
import { wholeNumber } from "../../src/config/schema/leaves.ts";
import { gauge } from "../../src/metrics/define.ts";
import { HttpStatusError, UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { EndpointUnsupportedError, listResource } from "../../src/netbackup/resource.ts";
import { text } from "../../src/netbackup/fields.ts";
import { row } from "../../src/netbackup/row.ts";
import { failure } from "../netbackup/testing/fixtures.ts";
import { configOf } from "../testing/site_config.ts";
import { runOnce } from "./_run.ts";

const disks = listResource({
  endpoint: "/disks",
  permission: "|DISKS|",
  since: "10.0",
  paging: "offset",
  limit: 100,
  row: row({ state: text("UNKNOWN") }),
});
const tapes = listResource({ ...disks, endpoint: "/tapes", since: "12.0" });

const count = gauge("nbu_disks", "Disks", ["state"], {
  zeros: { state: ["UP", "DOWN"] },
});
const limit = gauge("nbu_disk_limit", "Limit");
const least = key(wholeNumber(0, 100), "The least.");

const collector = defineCollector({
  name: "disks",
  summary: "Disks.",
  interval: "90s",
  resources: { disks, tapes },
  metrics: { count, limit },
  options: { least: v.optional(least, "7"), states: labelFilter("states") },
  async collect({ read, readIfSupported, metrics, options }) {
    for (const { state } of await read(disks)) {
      if (options.states.allows(state)) metrics.count.add({ state }, 1);
    }
    const more = await readIfSupported(tapes);
    if (more) metrics.count.set({ state: "TAPES" }, more.length);
    metrics.limit.set({}, options.least);
  },
});

const up = { id: "1", attributes: { state: "UP" } };

Deno.test("defineCollector() derives the definition from the declaration", () => {
  const { server } = configOf([], { collectionIntervalMs: 42_000 });
  assert.equal(collector.interval(server), 90_000);
  assert.equal(collector.enabledByDefault, false);
  assert.equal(collector.main, false);
  assert.deepEqual(collector.resources.map(({ endpoint }) => endpoint), ["/disks", "/tapes"]);
  assert.deepEqual(collector.metrics.map(({ labels }) => labels), [["site", "state"], ["site"]]);
  assert.deepEqual(Object.keys(collector.options), ["least", "states"]);
  assert.ok(Object.isFrozen(collector));
  assert.equal(everyPoll(server), 42_000);
});

Deno.test("defineCollector() has no options where none are declared", async () => {
  const plain = defineCollector({
    name: "plain",
    summary: "Plain.",
    interval: everyPoll,
    enabledByDefault: true,
    main: true,
    resources: {},
    metrics: { limit },
    collect: ({ options, metrics }) => {
      metrics.limit.set({}, Object.keys(options).length);
      return Promise.resolve();
    },
  });
  assert.deepEqual(plain.options, {});
  assert.deepEqual([plain.enabledByDefault, plain.main], [true, true]);
  assert.equal((await runOnce(plain, {})).value("nbu_disk_limit"), 0);
});

Deno.test("the compiler refuses the meaning of a label that no metric of the collector has", () => {
  const head = { name: "disks", summary: "Disks.", interval: everyPoll, resources: {} };
  const collect = () => Promise.resolve();
  const known = { ...head, metrics: { count }, labels: { state: "State of the disk" }, collect };
  assert.deepEqual(defineCollector(known).labels, { state: "State of the disk" });
  // What is checked here is that this line does not compile.
  const wrong = () =>
    defineCollector({
      ...head,
      metrics: { count },
      // @ts-expect-error There is no label `stat`.
      labels: { stat: "State of the disk" },
      collect,
    });
  assert.equal(typeof wrong, "function");
});

Deno.test("a declared collector has no series of what is not known, and 1 or 0 for true or false", async () => {
  const flags = gauge("nbu_flags", "Flags", ["name"]);
  const flagged = defineCollector({
    name: "flagged",
    summary: "Flags.",
    interval: everyPoll,
    resources: {},
    metrics: { flags },
    collect: ({ metrics }) => {
      for (const name of ["first", "second"]) metrics.flags.add({ name: "some" }, name === "first");
      metrics.flags.set({ name: "off" }, false);
      metrics.flags.set({ name: "on" }, true);
      metrics.flags.set({ name: "unknown" }, undefined);
      return Promise.resolve();
    },
  });
  const result = await runOnce(flagged, {});
  assert.deepEqual(result.series("nbu_flags"), ["name=off: 0", "name=on: 1", "name=some: 1"]);
});

Deno.test("a declared collector gets its options parsed, and their defaults", async () => {
  const lists = { "/disks": [up], "/tapes": [] };
  assert.equal((await runOnce(collector, lists)).value("nbu_disk_limit"), 7);
  const options = { least: "12", states: { exclude: ["U*"] } };
  const result = await runOnce(collector, lists, { options });
  assert.equal(result.value("nbu_disk_limit"), 12);
  assert.equal(result.value("nbu_disks", { state: "UP" }), 0);
});

Deno.test("a declared collector refuses options that do not fit when it is made", async () => {
  await assert.rejects(
    runOnce(collector, { "/disks": [] }, { options: { least: "many" } }),
    /a whole number from 0 to 100/,
  );
});

Deno.test("a declared collector gives its series the site, and zeros where nothing is counted", async () => {
  const rows = [up, up, { id: "3", attributes: { state: "MIXED" } }];
  const result = await runOnce(collector, { "/disks": rows, "/tapes": [] });
  assert.deepEqual(result.series("nbu_disks"), [
    "state=DOWN: 0",
    "state=MIXED: 1",
    "state=TAPES: 0",
    "state=UP: 2",
  ]);
  for (const { samples } of result.families) {
    assert.ok(
      samples.every(({ labels }) => Object.keys(labels)[0] === "site" && labels["site"] === "a"),
    );
  }
});

Deno.test("a declared collector has a family for each metric, also an empty one", async () => {
  const silent = defineCollector({
    name: "silent",
    summary: "Silent.",
    interval: "1m",
    resources: {},
    metrics: { count, limit },
    collect: () => Promise.resolve(),
  });
  const { families, cumulative } = await runOnce(silent, {});
  assert.deepEqual(
    families.map(({ definition, samples }) => [definition.name, samples.length]),
    [["nbu_disks", 2], ["nbu_disk_limit", 0]],
  );
  assert.deepEqual(cumulative, []);
});

Deno.test("a declared collector counts the rows of all its lists", async () => {
  const result = await runOnce(collector, { "/disks": [up, up], "/tapes": [up, null] });
  assert.equal(result.rows, 3, "a row that does not fit is none");
});

Deno.test("a declared collector keeps the first of two series with the same labels and counts the other", async () => {
  const repeating = defineCollector({
    name: "repeating",
    summary: "Repeating.",
    interval: "1m",
    resources: {},
    metrics: { count, limit },
    collect: ({ metrics }) => {
      for (const value of [5, 6, 7]) metrics.count.set({ state: "UP" }, value);
      metrics.limit.set({}, 1);
      return Promise.resolve();
    },
  });
  const result = await runOnce(repeating, {});
  assert.equal(result.value("nbu_disks", { state: "UP" }), 5);
  assert.deepEqual([...result.repeated ?? []], [["nbu_disks", 2]]);
});

Deno.test("a declared collector gets the time of its run and a logger", async () => {
  const timed = defineCollector({
    name: "timed",
    summary: "Timed.",
    interval: "1m",
    resources: {},
    metrics: { limit },
    collect: ({ now, logger, metrics }) => {
      logger.info("seen");
      metrics.limit.set({}, now / 1000);
      return Promise.resolve();
    },
  });
  const result = await runOnce(timed, {});
  assert.equal(result.value("nbu_disk_limit"), Date.UTC(2026, 0, 1) / 1000);
  assert.ok(result.records.some(({ message }) => message === "seen"));
});

Deno.test("a declared collector begins each run with empty series", async () => {
  const state = { runs: 0 };
  const growing = defineCollector({
    name: "growing",
    summary: "Growing.",
    interval: "1m",
    resources: {},
    metrics: { limit },
    collect: ({ metrics }) => {
      metrics.limit.add({}, ++state.runs);
      return Promise.resolve();
    },
  });
  assert.equal((await runOnce(growing, {})).value("nbu_disk_limit"), 1);
  assert.equal((await runOnce(growing, {})).value("nbu_disk_limit"), 2);
});

for (
  const [reason, lists, version] of [
    ["answers 404", { "/disks": [up], "/tapes": 404 }, "14.0"],
    ["answers 406", { "/disks": [up], "/tapes": 406 }, "14.0"],
    ["is too old", { "/disks": [up], "/tapes": [up] }, "11.0"],
  ] as const
) {
  Deno.test(`readIfSupported() is undefined where the release ${reason}`, async () => {
    const result = await runOnce(collector, lists, { version });
    assert.deepEqual(result.series("nbu_disks"), ["state=DOWN: 0", "state=UP: 1"]);
    assert.equal(result.rows, 1);
  });
}

Deno.test("read() ends the run as unsupported where the release lacks the list", async () => {
  const error = await failure(runOnce(collector, { "/disks": 404 }), EndpointUnsupportedError);
  assert.ok(error.cause instanceof HttpStatusError, "the primary said so");
});

for (const status of [400, 403, 429, 500]) {
  Deno.test(`readIfSupported() ends the run as failed on ${status}`, async () => {
    await assert.rejects(runOnce(collector, { "/disks": [], "/tapes": status }), (error) => {
      assert.ok(!(error instanceof EndpointUnsupportedError));
      return true;
    });
  });
}

const counting = defineCollector({
  name: "counting",
  summary: "Counting.",
  interval: "1m",
  resources: { disks },
  metrics: { limit },
  async collect({ count, metrics }) {
    metrics.limit.set({}, await count(disks, { filter: "state eq 'UP'" }));
  },
});

Deno.test("count() asks for the number of rows with one request that reads one of them", async () => {
  const result = await runOnce(counting, { "/disks": Array.from({ length: 250 }, () => up) });
  assert.equal(result.value("nbu_disk_limit"), 250);
  assert.deepEqual(result.requests.map(({ query }) => query), [
    { filter: "state eq 'UP'", "page[limit]": 1, "page[offset]": 0 },
  ]);
  assert.equal(result.rows, 1);
  assert.equal((await runOnce(counting, { "/disks": [] })).value("nbu_disk_limit"), 0);
});

Deno.test("count() fails where NetBackup gives rows and no number: that is not 1", async () => {
  await assert.rejects(
    runOnce(counting, { "/disks": [up, up] }, { withoutMeta: true }),
    UnexpectedBodyError,
  );
});

Deno.test("a declared collector knows the primary's time once it has responded, and the key's tag", async () => {
  const facts: unknown[] = [];
  const asking = defineCollector({
    name: "asking",
    summary: "Asking.",
    interval: "1m",
    resources: { disks },
    metrics: { limit },
    async collect({ primary, read }) {
      facts.push(primary.timeMs, primary.clockSkewMs);
      await read(disks);
      facts.push(primary.timeMs, primary.clockSkewMs, primary.apiKeyTag);
    },
  });
  await runOnce(asking, { "/disks": [] }, { skewMs: 5000, apiKeyTag: "tag" });
  assert.deepEqual(facts, [undefined, undefined, Date.UTC(2026, 0, 1, 0, 0, 5), 5000, "tag"]);
});

Deno.test("the compiler refuses wrong labels, options and rows in a declaration", () => {
  const declare = () =>
    defineCollector({
      name: "wrong",
      summary: "Wrong.",
      interval: "1m",
      resources: { disks },
      metrics: { count, limit },
      options: { least },
      async collect({ read, metrics, options }) {
        const [disk] = await read(disks);
        // @ts-expect-error The label `state` is missing.
        metrics.count.set({}, 1);
        // @ts-expect-error The label is called `state`.
        metrics.count.add({ stat: "UP" }, 1);
        // @ts-expect-error There is no label `name`.
        metrics.count.set({ state: "UP", name: "x" }, 1);
        // @ts-expect-error The frame adds the label `site`.
        metrics.count.set({ state: "UP", site: "a" }, 1);
        // @ts-expect-error A label is a text.
        metrics.count.set({ state: 1 }, 1);
        // @ts-expect-error There is no such metric.
        metrics.counts.set({ state: "UP" }, 1);
        // @ts-expect-error There is no such option.
        metrics.limit.set({}, options.most);
        // @ts-expect-error The row has no such field.
        metrics.count.set({ state: disk?.status ?? "" }, 1);
        const number: number = options.least;
        return metrics.limit.set({}, number);
      },
    });
  assert.equal(typeof declare, "function");
});
