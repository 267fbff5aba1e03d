import assert from "node:assert/strict";
import { diskPools } from "../../src/collectors/disk_pools.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { runOnce } from "./_run.ts";
import { simulatedPrimary, VERSIONS } from "./_simulated.ts";

const ENDPOINT = "/storage/disk-pools";
const TEBIBYTE = 2 ** 40;

function pool(name: unknown, attributes: Record<string, unknown> = {}): unknown {
  return {
    type: "diskPool",
    id: `PureDisk:${name}`,
    attributes: { name, storageCategory: "MSDP", diskPoolState: "UP", ...attributes },
  };
}

for (const apiVersion of VERSIONS) {
  Deno.test(`diskPools gives state, sizes and marks of every pool as they are, API ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    const result = await primary.run(diskPools);
    const pools = primary.rows(ENDPOINT).map(({ attributes }) => attributes);
    assert.ok(pools.length > 10);
    assert.equal(result.count("nbu_disk_pool_up"), pools.length);
    let sized = 0;
    for (const pool of pools) {
      const labels = { disk_pool: String(pool["name"]) };
      const value = (metric: string) => result.value(`nbu_disk_pool_${metric}`, labels);
      assert.equal(value("up"), pool["diskPoolState"] === "UP" ? 1 : 0);
      assert.equal(value("high_water_mark_ratio"), 0.98);
      assert.equal(value("low_water_mark_ratio"), 0.8);
      const cloud = /^CLOUD/.test(String(pool["storageCategory"]));
      const known = !cloud && pool["rawSizeBytes"] !== undefined;
      sized += Number(known);
      assert.equal(value("raw_bytes"), known ? pool["rawSizeBytes"] : undefined);
      assert.equal(value("usable_bytes"), known ? pool["usableSizeBytes"] : undefined);
      assert.equal(value("used_bytes"), known ? pool["usedCapacityBytes"] : undefined);
      assert.equal(value("available_bytes"), known ? pool["availableSpaceBytes"] : undefined);
    }
    assert.ok(sized > 5 && sized < pools.length, "some pools have no size");
  });
}

Deno.test("diskPools gives the volumes of a pool with their state and size", async () => {
  const volumes = [
    { name: "a", id: "1", state: "UP", rawSizeBytes: TEBIBYTE, freeSizeBytes: 5 },
    { name: "", id: "b", state: "DOWN", rawSizeBytes: null },
    { name: "c", state: null },
    { name: "d", state: "MOVING" },
  ];
  const result = await runOnce(diskPools, { [ENDPOINT]: [pool("dp", { diskVolumes: volumes })] });
  const lines = result.series("nbu_disk_volume_state").filter((line) => line.endsWith(": 1"));
  assert.deepEqual(lines, [
    "disk_pool=dp,volume=a,state=UP: 1",
    "disk_pool=dp,volume=b,state=DOWN: 1",
    "disk_pool=dp,volume=c,state=UNKNOWN: 1",
    "disk_pool=dp,volume=d,state=MOVING: 1",
  ]);
  assert.equal(result.value("nbu_disk_volume_state", { volume: "a", state: "DOWN" }), 0);
  assert.deepEqual(result.series("nbu_disk_volume_size_bytes"), [
    `disk_pool=dp,volume=a: ${TEBIBYTE}`,
  ]);
  assert.deepEqual(result.series("nbu_disk_volume_free_bytes"), ["disk_pool=dp,volume=a: 5"]);
});

Deno.test("diskPools leaves out capacities that are none: those of the cloud, and 2^63 - 1", async () => {
  const fakes = { rawSizeBytes: 2 ** 63, usableSizeBytes: 2 ** 63, usedCapacityBytes: 0 };
  const result = await runOnce(diskPools, {
    [ENDPOINT]: [
      pool("cloud", { storageCategory: "CLOUD", rawSizeBytes: 0, usedCapacityBytes: 0 }),
      pool("half", { usableSizeBytes: 2 ** 63, availableSpaceBytes: 2 ** 63 }),
      pool("endless", { ...fakes, diskVolumes: [{ name: "v", state: "UP", rawSizeBytes: 7 }] }),
    ],
  });
  for (const metric of ["pool_raw", "pool_usable", "pool_used", "pool_available", "volume_size"]) {
    assert.equal(result.count(`nbu_disk_${metric}_bytes`), 0, metric);
  }
  assert.equal(result.count("nbu_disk_pool_up"), 3);
});

Deno.test("diskPools takes missing and null fields, and drops a pool without a name", async () => {
  const nulls = Object.fromEntries(
    ["diskPoolState", "storageCategory", "rawSizeBytes", "highWaterMark", "diskVolumes"]
      .map((name) => [name, null]),
  );
  const rows = [
    pool("a", nulls),
    pool(null),
    pool(""),
    { id: "x" },
    "row",
    pool("b", {
      diskVolumes: "none",
    }),
  ];
  const result = await runOnce(diskPools, { [ENDPOINT]: rows });
  assert.deepEqual(result.series("nbu_disk_pool_up"), ["disk_pool=a,category=UNKNOWN: 0"]);
  assert.equal(result.client.rejected.get(ENDPOINT), 5);
});

Deno.test("diskPools has no series without pools, and fails when none fits", async () => {
  assert.equal((await runOnce(diskPools, { [ENDPOINT]: [] })).count("nbu_disk_pool_up"), 0);
  await assert.rejects(runOnce(diskPools, { [ENDPOINT]: [pool(7)] }), UnexpectedBodyError);
  await assert.rejects(runOnce(diskPools, {}), EndpointUnsupportedError);
});
