import assert from "node:assert/strict";
import { availableBytes, diskPools, usedBytes } from "../../src/collectors/disk_pools.ts";
import { storage, unitBytes } from "../../src/collectors/storage.ts";
import { singleSample } from "../../src/metrics/family.ts";
import { SiteRecord } from "../../src/site/findings/site_record.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function pool(used: number) {
  const labels = { site: "a", disk_pool: "p", category: "c" };
  return [singleSample(usedBytes, labels, used), singleSample(availableBytes, labels, 1000)];
}

function unit(used: number) {
  const labels = { site: "a", name: "u", type: "MSDP", size: "used" };
  return [singleSample(unitBytes, labels, used)];
}

/** A collector that has succeeded. */
const SUMMARY = {
  about: "",
  main: false,
  readsJobs: false,
  outcome: "ok",
  stale: false,
  failure: undefined,
  failingSince: undefined,
  lastSuccessAt: 2 * DAY,
  rows: 1,
  everHadRows: true,
  durationSeconds: 1,
  intervalMs: DAY,
  running: false,
  nextRunAt: undefined,
  progress: undefined,
} as const;

Deno.test("SiteRecord takes a sample of the space of a collector when that one was read, not another", () => {
  const record = new SiteRecord();
  // Pools are read once a day and grow by 24 bytes; units are read each hour.
  for (let hour = 0; hour <= 48; hour++) {
    if (hour % 24 === 0) record.note(diskPools.name, pool(hour), hour * HOUR);
    record.note(storage.name, unit(hour), hour * HOUR);
  }
  const { space } = record.findings(
    { collectors: [{ ...SUMMARY, name: diskPools.name }], queue: undefined, outcomes: undefined },
    0,
    2 * DAY,
  );
  const growth = space.value?.map((
    { name, growthPerDay },
  ) => [name, Math.round(growthPerDay ?? 0)]);
  assert.deepEqual(growth, [["p", 24]]);
});
