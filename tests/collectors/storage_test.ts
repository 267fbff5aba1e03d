import assert from "node:assert/strict";
import { storage } from "../../src/collectors/storage.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { configOf } from "../testing/site_config.ts";
import { runOnce, type RunResult } from "./_run.ts";

const ENDPOINT = "/storage/storage-units";

/** A disk unit as the vendor's documents show it. */
function unit(name: unknown, attributes: Record<string, unknown> = {}): unknown {
  return {
    type: "storageUnit",
    id: name,
    attributes: {
      name,
      storageType: "DISK",
      storageSubType: "PureDisk",
      storageServerType: "PureDisk",
      storageCategory: "MSDP",
      isCloudSTU: false,
      wormCapable: true,
      useWorm: false,
      replicationCapable: true,
      instantAccessEnabled: false,
      freeCapacityBytes: 300,
      totalCapacityBytes: "1000",
      usedCapacityBytes: 700,
      maxFragmentSizeMegabytes: 51200,
      maxConcurrentJobs: 80,
      ...attributes,
    },
  };
}

function run(...rows: unknown[]): Promise<RunResult> {
  return runOnce(storage, { [ENDPOINT]: rows });
}

Deno.test("storage gives capacity, limits and properties of a unit", async () => {
  const result = await run(unit("stu_msdp"));
  const labels = { site: "a", name: "stu_msdp", type: "PureDisk" };
  assert.equal(result.value("nbu_disk_bytes", { ...labels, size: "free" }), 300);
  assert.equal(result.value("nbu_disk_bytes", { ...labels, size: "used" }), 700);
  assert.equal(result.value("nbu_disk_capacity_bytes", labels), 1000);
  assert.equal(result.value("nbu_storage_max_concurrent_jobs", labels), 80);
  assert.equal(result.value("nbu_storage_max_fragment_size_bytes", labels), 53_687_091_200);
  assert.deepEqual(result.series("nbu_storage_info"), [
    "name=stu_msdp,type=PureDisk,subtype=PureDisk,is_cloud=false,worm_capable=true,use_worm=false," +
    "replication_capable=true,instant_access=false: 1",
  ]);
});

Deno.test("storage leaves out tape units, named so by category or by storage type", async () => {
  const result = await run(
    unit("a", { storageCategory: "TAPE" }),
    unit("b", { storageCategory: "", storageType: "MEDIA_MANAGER" }),
    unit("c", { storageCategory: null, storageType: "Tape" }),
  );
  for (const { samples } of result.families) assert.deepEqual(samples, []);
  assert.equal(result.rows, 3);
});

Deno.test("storage leaves out the fake capacities of cloud units but keeps the unit", async () => {
  const zeros = { totalCapacityBytes: 0, freeCapacityBytes: 0, usedCapacityBytes: 0 };
  const fakes = [
    { storageCategory: "CLOUD", totalCapacityBytes: 2 ** 63, freeCapacityBytes: 2 ** 63 },
    { storageCategory: "CLOUD", ...zeros },
    { storageCategory: "CLOUD_CATALYST", totalCapacityBytes: 5 },
    { isCloudSTU: true, ...zeros },
    { totalCapacityBytes: 9223372036854775807, freeCapacityBytes: 9223372036854775807 },
  ];
  for (const fake of fakes) {
    const result = await run(unit("fake", fake));
    assert.equal(result.count("nbu_disk_bytes"), 0, JSON.stringify(fake));
    assert.equal(result.count("nbu_disk_capacity_bytes"), 0, JSON.stringify(fake));
    assert.equal(result.count("nbu_storage_info"), 1, JSON.stringify(fake));
  }
});

Deno.test("storage keeps the free capacity of a full disk, which is 0", async () => {
  const result = await run(unit("full", { freeCapacityBytes: 0 }));
  assert.equal(result.value("nbu_disk_bytes", { size: "free" }), 0);
});

Deno.test("storage emits nothing for what NetBackup does not say", async () => {
  const result = await run(
    unit("a", {
      freeCapacityBytes: null,
      maxConcurrentJobs: undefined,
      maxFragmentSizeMegabytes: null,
    }),
  );
  assert.equal(result.count("nbu_disk_bytes"), 1);
  assert.equal(result.count("nbu_storage_max_concurrent_jobs"), 0);
  assert.equal(result.count("nbu_storage_max_fragment_size_bytes"), 0);
});

Deno.test("storage reads truth values as texts, and a unit that has a name and nothing else", async () => {
  const result = await run(
    unit("a", { useWorm: "true", isCloudSTU: "" }),
    { attributes: { name: "bare" } },
  );
  assert.equal(result.value("nbu_storage_info", { name: "a", use_worm: "true" }), 1);
  assert.equal(
    result.value("nbu_storage_info", { name: "bare", type: "", subtype: "", is_cloud: "false" }),
    1,
  );
  assert.equal(result.count("nbu_disk_capacity_bytes"), 1, "absent, which is not 0");
});

Deno.test("storage reads every page of 500, sorted so that pages do not overlap", async () => {
  const units = Array.from({ length: 1234 }, (_, index) => unit(`stu${index}`));
  const result = await run(...units);
  assert.equal(result.count("nbu_storage_info"), 1234);
  assert.equal(result.rows, 1234);
  assert.equal(result.requests.length, 3);
  for (const { query } of result.requests) {
    assert.equal(query?.["page[limit]"], 500);
    assert.equal(query?.["sort"], "name");
  }
});

Deno.test("storage keeps the first of two units of one name and type, and counts the other", async () => {
  const result = await run(
    unit("x", { totalCapacityBytes: 1 }),
    unit("x", { totalCapacityBytes: 2 }),
    unit("x", { totalCapacityBytes: 3, storageServerType: "AdvancedDisk" }),
  );
  assert.equal(result.value("nbu_disk_capacity_bytes", { type: "PureDisk" }), 1);
  assert.equal(result.value("nbu_disk_capacity_bytes", { type: "AdvancedDisk" }), 3);
  assert.equal(result.client.rejected.get(ENDPOINT), 1);
  assert.equal(result.rows, 2);
});

Deno.test("storage loses a bad unit, and only that", async () => {
  const result = await run(
    unit("good"),
    { attributes: {} },
    unit(""),
    unit(5),
    unit("a", { freeCapacityBytes: "lots" }),
    unit("b", { isCloudSTU: 1 }),
    unit("c", { useWorm: "maybe" }),
    {},
    null,
  );
  assert.equal(result.count("nbu_storage_info"), 1);
  assert.equal(result.client.rejected.get(ENDPOINT), 8);
  await assert.rejects(run({}, null), UnexpectedBodyError);
});

Deno.test("storage runs as often as its result may be reused, and not more often than the site is polled", () => {
  const interval = (collectionIntervalMs: number, cacheTtlMs: number) =>
    storage.interval(configOf([], { collectionIntervalMs, cacheTtlMs }).server);
  assert.equal(interval(300_000, 600_000), 600_000);
  assert.equal(interval(300_000, 0), 300_000);
});
