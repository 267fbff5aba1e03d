import assert from "node:assert/strict";
import * as v from "valibot";
import {
  type CompletionState,
  defineCompletionCollector,
} from "../../src/collectors/completion_collector.ts";
import { everyPoll } from "../../src/collectors/define.ts";
import { decimal } from "../../src/config/schema/leaves.ts";
import type { Completion } from "../../src/ledger/completions.ts";
import { counter, gauge } from "../../src/metrics/define.ts";
import { valueOf } from "../testing/samples.ts";
import { createFakeJobs, type FakeJobs } from "./_fake_jobs.ts";
import { createRunner } from "./_runner.ts";

class Sum implements CompletionState<{ readonly factor: number }, number> {
  bytes = 0;

  observe({ bytes }: Completion, { factor }: { readonly factor: number }): void {
    this.bytes += bytes * factor;
  }

  serialize(): number {
    return this.bytes;
  }

  restore(bytes: number, stale: boolean): void {
    this.bytes = stale ? 0 : bytes;
  }
}

const sum = defineCompletionCollector({
  name: "sum",
  summary: "Sums.",
  interval: everyPoll,
  resources: {},
  metrics: {
    bytes: counter("nbu_test_bytes_total", "Bytes of all jobs"),
    factor: gauge("nbu_test_factor", "Factor of the configuration"),
  },
  options: { factor: v.optional(decimal(), "1") },
  section: { version: 1, schemas: { 1: v.number() } },
  createState: () => new Sum(),
  counters: ({ bytes }, metrics) => metrics.bytes.add({}, bytes),
  collect({ metrics, options: { factor } }) {
    metrics.factor.set({}, factor);
    return Promise.resolve();
  },
});

function start(jobs: FakeJobs) {
  const runner = createRunner(sum);
  runner.collector.follow?.(jobs);
  return runner;
}

Deno.test("a collector that lives on jobs publishes counters as cumulative, and gauges as such", async () => {
  const jobs = await createFakeJobs();
  const runner = start(jobs);
  jobs.end({ bytes: 5 });
  jobs.end({ bytes: 7 });
  const { families, cumulative } = await runner.run({});
  assert.equal(valueOf(cumulative, "nbu_test_bytes_total"), 12);
  assert.equal(valueOf(families, "nbu_test_factor"), 1);
  assert.deepEqual([families.length, cumulative.length], [1, 1]);
  assert.equal(sum.needsJobs, true);
});

Deno.test("a collector that lives on jobs takes each in once, however often it is told to follow", async () => {
  const jobs = await createFakeJobs();
  const runner = start(jobs);
  runner.collector.follow?.(jobs);
  assert.equal(jobs.subscribers, 1);
  jobs.end({ bytes: 5 });
  assert.equal((await runner.run({})).value("nbu_test_bytes_total"), 5);
});

Deno.test("a collector that lives on jobs keeps its state with them, while it is off as well", async () => {
  const jobs = await createFakeJobs();
  const runner = start(jobs);
  jobs.end({ bytes: 5 });
  runner.collector.follow?.(undefined);
  jobs.end({ bytes: 100 });
  const again = start(jobs);
  jobs.end({ bytes: 2 });
  assert.equal((await again.run({})).value("nbu_test_bytes_total"), 7);
  await jobs.save();
  const restarted = start(await createFakeJobs(jobs.checkpoint));
  assert.equal((await restarted.run({})).value("nbu_test_bytes_total"), 7);
});

Deno.test("a collector that lives on jobs shows its counters before the first run after a restart", async () => {
  const jobs = await createFakeJobs();
  start(jobs);
  jobs.end({ bytes: 5 });
  await jobs.save();
  const { collector } = start(await createFakeJobs(jobs.checkpoint));
  const restored = await collector.restore?.({}) ?? [];
  assert.deepEqual(restored.map(({ definition }) => definition.name), ["nbu_test_bytes_total"]);
  assert.equal(valueOf(restored, "nbu_test_bytes_total", { site: "a" }), 5);
  collector.follow?.(undefined);
  assert.deepEqual(await collector.restore?.({}), [], "without jobs there is nothing");
});

Deno.test("a collector that lives on jobs adds what comes before its state is restored to that", async () => {
  const jobs = await createFakeJobs();
  start(jobs);
  jobs.end({ bytes: 5 });
  await jobs.save();
  const source = await createFakeJobs(jobs.checkpoint);
  const runner = start(source);
  source.end({ bytes: 2 });
  assert.equal((await runner.run({})).value("nbu_test_bytes_total"), 7);
});

Deno.test("a collector that lives on jobs begins counters at 0 where a newer state was lost", async () => {
  const jobs = await createFakeJobs();
  const runner = start(jobs);
  jobs.end({ bytes: 5 });
  await jobs.save();
  await runner.run({});
  jobs.checkpoint.failing = "set aside";
  await assert.rejects(jobs.save());
  const restarted = start(await createFakeJobs(jobs.checkpoint));
  assert.equal((await restarted.run({})).value("nbu_test_bytes_total"), 0);
});

Deno.test("a collector that lives on jobs takes up changed options for the next job", async () => {
  const jobs = await createFakeJobs();
  const runner = start(jobs);
  await runner.run({});
  jobs.end({ bytes: 5 });
  runner.collector.reconfigure?.(Object.assign(Object.create(null), { factor: "10" }));
  jobs.end({ bytes: 5 });
  const result = await runner.run({});
  assert.equal(result.value("nbu_test_bytes_total"), 55);
  assert.equal(result.value("nbu_test_factor"), 10);
});

Deno.test("a collector that lives on jobs fails when what it has kept cannot be restored", async () => {
  const jobs = await createFakeJobs();
  const broken = { ...jobs, attach: () => Promise.reject(new Error("no space left")) };
  const runner = createRunner(sum);
  runner.collector.follow?.(broken);
  await assert.rejects(runner.run({}), /no space left/);
});
