import assert from "node:assert/strict";
import { jobs } from "../../src/collectors/jobs.ts";
import { StorageSlots } from "../../src/ledger/storage_slots.ts";
import type { Job } from "../../src/netbackup/resources/job.ts";
import { seriesOf } from "../collectors/_run.ts";
import { simulatedPrimary } from "../collectors/_simulated.ts";
import { jobOf } from "../testing/job.ts";

const METRIC = "nbu_storage_active_jobs";

function activeJob(storageUnit: string, fields: Partial<Job> = {}): Job {
  return jobOf({
    policyName: "p",
    clientName: "c",
    state: "ACTIVE",
    startTimeMs: 0,
    lastUpdateTimeMs: 0,
    storageUnit,
    ...fields,
  });
}

function count(slots: StorageSlots, unfinished: readonly Job[] | undefined): readonly string[] {
  return seriesOf([slots.family("a", unfinished)], METRIC);
}

Deno.test("StorageSlots counts active jobs that write, by storage unit", () => {
  const unfinished = [
    activeJob("disk"),
    activeJob("disk"),
    activeJob("tape"),
    activeJob("disk", { state: "QUEUED" }),
    activeJob("disk", { childCount: 2 }),
    activeJob(""),
  ];
  assert.deepEqual(count(new StorageSlots(), unfinished), ["name=disk: 2", "name=tape: 1"]);
});

Deno.test("StorageSlots shows 0 for a unit that had jobs earlier, and nothing while jobs are unknown", () => {
  const slots = new StorageSlots();
  count(slots, [activeJob("disk")]);
  assert.deepEqual(count(slots, undefined), []);
  assert.deepEqual(count(slots, []), ["name=disk: 0"]);
});

Deno.test("StorageSlots counts units beyond a bound as one", () => {
  const slots = new StorageSlots();
  const units = Array.from({ length: 1002 }, (_, index) => activeJob(`unit${index}`));
  const series = count(slots, units);
  assert.equal(series.length, 1001);
  assert.ok(series.includes("name=other: 2"));
  assert.ok(count(slots, [activeJob("unit5"), activeJob("new")]).includes("name=unit5: 1"));
});

Deno.test("jobs counts the active jobs of each storage unit of a simulated primary", async () => {
  const primary = simulatedPrimary({ jobsPerHour: 2000 });
  const result = await primary.run(jobs);
  const expected = new Map<string, number>();
  for (const { state, storageUnit, childCount } of primary.simulator.truth.unfinished()) {
    if (state !== "ACTIVE" || storageUnit === "" || childCount > 0) continue;
    expected.set(storageUnit, (expected.get(storageUnit) ?? 0) + 1);
  }
  assert.ok(expected.size > 1);
  assert.deepEqual(
    result.series(METRIC),
    [...expected].map(([name, jobs]) => `name=${name}: ${jobs}`).sort(),
  );
  const units = primary.rows("/storage/storage-units").map(({ attributes }) => attributes["name"]);
  for (const name of expected.keys()) assert.ok(units.includes(name), "the label of storage units");
});
