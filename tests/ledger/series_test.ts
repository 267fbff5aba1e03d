import assert from "node:assert/strict";
import { defineMetric } from "../../src/metrics/define.ts";
import { CounterFamily, CumulativeHistogram } from "../../src/ledger/series.ts";

const waits = defineMetric("test_wait_seconds", "histogram", "Waits", ["site", "action"]);
const jobs = defineMetric("test_jobs_total", "counter", "Jobs", ["site", "action"]);
const labels = { site: "a", action: "BACKUP" };

const newHistogram = () => new CumulativeHistogram(waits, [1, 10], (ms) => ms / 1000);

Deno.test("CumulativeHistogram builds cumulated buckets, sum and count", () => {
  const histogram = newHistogram();
  const cell = histogram.cell(labels);
  for (const ms of [500, 1000, 5000, 60_000]) histogram.observe(cell, ms);
  histogram.reveal();
  const lines = histogram.build().samples.map(({ le, suffix, value }) =>
    `${suffix} ${le} ${value}`
  );
  assert.deepEqual(lines, [
    "_bucket 1 2",
    "_bucket 10 3",
    "_bucket +Inf 4",
    "_sum undefined 66.5",
    "_count undefined 4",
  ]);
});

Deno.test("what CounterFamily and CumulativeHistogram have built does not change with what comes after", () => {
  const counter = new CounterFamily(jobs);
  counter.beginAt(1000);
  counter.reveal();
  counter.cell(labels).value = 5;
  counter.reveal();
  const histogram = newHistogram();
  histogram.observe(histogram.cell(labels), 500);
  histogram.reveal();
  const built = [counter.build(), histogram.build()];
  const before = built.map(({ samples }) => structuredClone(samples));
  const cell = counter.cell(labels);
  cell.value = 7;
  cell.exemplar = { labels: { job_id: "1" }, value: 1, timestampSeconds: 2 };
  counter.cell({ site: "a", action: "RESTORE" }).value = 1;
  histogram.observe(histogram.cell(labels), 5000);
  histogram.observe(histogram.cell({ site: "a", action: "RESTORE" }), 5000);
  assert.deepEqual(built.map(({ samples }) => samples), before);
  assert.equal(counter.build(true).samples.length, 2);
});

Deno.test("CounterFamily and CumulativeHistogram restore what they serialized, for their own site", () => {
  const counter = new CounterFamily(jobs);
  counter.cell(labels).value = 5;
  const restored = new CounterFamily(jobs);
  counter.reveal();
  const document = counter.serialize();
  const more: typeof document = [[{ action: "RESTORE" }, 2, false, 0], [{}, 9, false, 0]];
  restored.restore([...document, ...more], "b");
  assert.deepEqual(restored.build().samples, [
    { labels: { site: "b", action: "BACKUP" }, value: 5 },
    { labels: { site: "b", action: "RESTORE" }, value: 2 },
  ]);
  const histogram = newHistogram();
  histogram.observe(histogram.cell(labels), 5000);
  const other = newHistogram();
  histogram.reveal();
  other.restore([...histogram.serialize(), [{ action: "RESTORE" }, [1, 2], 3, false, 0]], "a");
  // Counts for other bounds cannot be told apart any more.
  assert.deepEqual(other.build(), histogram.build());
});

Deno.test("a restore adds up what an earlier version told apart by one more label", () => {
  const counter = new CounterFamily(jobs);
  const old = { site: "a", action: "BACKUP" };
  counter.restore([
    [{ ...old, policy_type: "x" }, 2, false, 0],
    [{ ...old, policy_type: "y" }, 3, false, 0],
  ], "a");
  assert.deepEqual(counter.build().samples, [{ labels: old, value: 5 }]);
  const histogram = newHistogram();
  histogram.restore([
    [{ ...old, policy_type: "x" }, [1, 0, 2], 5000, false, 0],
    [{ ...old, policy_type: "y" }, [1, 4, 0], 3000, false, 0],
  ], "a");
  assert.deepEqual(histogram.build().samples.map(({ value }) => value), [2, 6, 8, 8, 8]);
});

Deno.test("a new series is built as 0 until it has been published, across restarts too", () => {
  const counter = new CounterFamily(jobs);
  const histogram = newHistogram();
  const values = (...families: { build(): { samples: readonly { value: number }[] } }[]) =>
    families.map((family) => family.build().samples.map(({ value }) => value));
  counter.cell(labels).value = 1;
  histogram.observe(histogram.cell(labels), 500);
  assert.deepEqual(values(counter, histogram), [[0], [0, 0, 0, 0, 0]]);
  const restored = new CounterFamily(jobs);
  restored.restore(counter.serialize(), "a");
  assert.deepEqual(values(restored), [[0]]);
  for (const family of [counter, histogram, restored]) family.reveal();
  assert.deepEqual(values(counter, histogram, restored), [[1], [1, 1, 1, 0.5, 1], [1]]);
  counter.cell(labels).value = 2;
  assert.deepEqual(values(counter), [[2]], "once");
});

Deno.test("a series says when it began, across restarts too, and nothing where that was not kept", () => {
  const START = Date.UTC(2026, 0, 1);
  const created = (family: { build(): { samples: readonly { createdSeconds?: number }[] } }) =>
    family.build().samples.map(({ createdSeconds }) => createdSeconds);
  const counter = new CounterFamily(jobs);
  const histogram = newHistogram();
  counter.cell(labels);
  assert.deepEqual(created(counter), [undefined], "no poll has begun");
  for (const family of [counter, histogram]) family.beginAt(START);
  histogram.cell(labels);
  for (const family of [counter, histogram]) family.beginAt(START + 60_000);
  counter.cell({ ...labels, action: "RESTORE" });
  const seconds = START / 1000;
  assert.deepEqual(created(counter), [seconds, seconds + 60]);
  const none = undefined;
  assert.deepEqual(created(histogram), [none, none, none, none, seconds], "once a series");

  const restored = new CounterFamily(jobs);
  const other = newHistogram();
  // Such a series is made for every action that is common.
  restored.cell(labels);
  restored.restore(counter.serialize(), "a");
  other.restore(histogram.serialize(), "a");
  for (const family of [restored, other]) family.beginAt(START + 120_000);
  assert.deepEqual(created(restored), created(counter));
  assert.deepEqual(created(other), created(histogram));

  const old = new CounterFamily(jobs);
  old.restore([[labels, 7, false, 0]], "a");
  old.beginAt(START);
  assert.deepEqual(created(old), [undefined]);
});

Deno.test("a family of the ledger is built anew only when something of it has changed", () => {
  const counter = new CounterFamily(jobs);
  const cell = counter.cell(labels);
  const histogram = newHistogram();
  const observed = histogram.cell(labels);
  const changes: [string, () => void][] = [
    ["dated", () => [counter, histogram].forEach((family) => family.beginAt(1000))],
    ["counted and revealed", () => {
      cell.value = 1;
      histogram.observe(observed, 500);
      [counter, histogram].forEach((family) => family.reveal());
    }],
    ["counted", () => {
      cell.value = 2;
      histogram.observe(observed, 500);
    }],
    ["a new series", () =>
      [counter, histogram].forEach((family) => {
        family.cell({ site: "a", action: "RESTORE" });
      })],
    ["restored", () => {
      counter.restore([[labels, 0, false, 500]], "a");
      histogram.restore([[labels, [0, 0, 0], 0, false, 500]], "a");
    }],
  ];
  let built = [counter.build(true), histogram.build(true)];
  for (const [what, change] of changes) {
    const known = built;
    change();
    built = [counter.build(), histogram.build()];
    built.forEach(({ version }, index) => assert.notEqual(version, known[index]?.version, what));
    const again = [counter.build(), histogram.build()];
    again.forEach((family, index) => assert.equal(family, built[index], what));
  }
  cell.exemplar = { labels: { job_id: "1" }, value: 1, timestampSeconds: 2 };
  assert.notEqual(counter.build().version, built[0]?.version);
  assert.equal(counter.build().samples[0]?.exemplar, cell.exemplar);
});
