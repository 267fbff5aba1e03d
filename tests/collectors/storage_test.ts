import assert from "node:assert/strict";
import { createStorageCollector, storageFamilies } from "../../src/collectors/storage.ts";
import type { StorageUnit } from "../../src/netbackup/resources/storage_unit.ts";
import { createFakeClient, offsetPage, unlimited } from "../testing/fake_client.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";

const unit: StorageUnit = {
  name: "stu_msdp",
  storageType: "DISK",
  storageSubType: "PureDisk",
  storageServerType: "PureDisk",
  storageCategory: "MSDP",
  isCloud: false,
  wormCapable: true,
  useWorm: false,
  replicationCapable: true,
  instantAccessEnabled: false,
  freeCapacityBytes: 300,
  totalCapacityBytes: 1000,
  usedCapacityBytes: 700,
  maxConcurrentJobs: 80,
  maxFragmentSizeMegabytes: 51200,
};

Deno.test("storageFamilies() gives capacity, limits and properties of a unit", () => {
  const { families, duplicates } = storageFamilies("a", [unit]);
  const labels = { site: "a", name: "stu_msdp", type: "PureDisk" };
  assert.equal(duplicates, 0);
  assert.equal(valueOf(families, "nbu_disk_bytes", { ...labels, size: "free" }), 300);
  assert.equal(valueOf(families, "nbu_disk_bytes", { ...labels, size: "used" }), 700);
  assert.equal(valueOf(families, "nbu_disk_capacity_bytes", labels), 1000);
  assert.equal(valueOf(families, "nbu_storage_max_concurrent_jobs", labels), 80);
  assert.equal(
    valueOf(families, "nbu_storage_max_fragment_size_bytes", labels),
    51200 * 1048576,
  );
  assert.equal(
    valueOf(families, "nbu_storage_info", {
      ...labels,
      subtype: "PureDisk",
      is_cloud: "false",
      worm_capable: "true",
      use_worm: "false",
      replication_capable: "true",
      instant_access: "false",
    }),
    1,
  );
});

Deno.test("storageFamilies() leaves out tape units, named so by category or by storage type", () => {
  const tapes = [
    { ...unit, storageCategory: "TAPE" },
    { ...unit, storageCategory: "", storageType: "MEDIA_MANAGER" },
  ];
  for (const family of storageFamilies("a", tapes).families) assert.deepEqual(family.samples, []);
});

Deno.test("storageFamilies() leaves out the fake capacities of cloud units but keeps the unit", () => {
  const fakes = [
    { storageCategory: "CLOUD", totalCapacityBytes: 2 ** 63, freeCapacityBytes: 2 ** 63 },
    { storageCategory: "CLOUD", totalCapacityBytes: 0, freeCapacityBytes: 0, usedCapacityBytes: 0 },
    { storageCategory: "CLOUD_CATALYST", totalCapacityBytes: 5 },
    { isCloud: true, totalCapacityBytes: 0, freeCapacityBytes: 0, usedCapacityBytes: 0 },
    { totalCapacityBytes: 9223372036854775807, freeCapacityBytes: 9223372036854775807 },
  ];
  for (const fake of fakes) {
    const { families } = storageFamilies("a", [{ ...unit, ...fake }]);
    assert.equal(seriesCount(families, "nbu_disk_bytes"), 0, JSON.stringify(fake));
    assert.equal(seriesCount(families, "nbu_disk_capacity_bytes"), 0, JSON.stringify(fake));
    assert.equal(seriesCount(families, "nbu_storage_info"), 1, JSON.stringify(fake));
  }
});

Deno.test("storageFamilies() keeps a full disk's free capacity of 0", () => {
  const { families } = storageFamilies("a", [{ ...unit, freeCapacityBytes: 0 }]);
  assert.equal(valueOf(families, "nbu_disk_bytes", { size: "free" }), 0);
});

Deno.test("storageFamilies() emits nothing for what NetBackup does not say", () => {
  const { families } = storageFamilies("a", [{
    ...unit,
    freeCapacityBytes: undefined,
    maxConcurrentJobs: undefined,
    maxFragmentSizeMegabytes: undefined,
  }]);
  assert.equal(seriesCount(families, "nbu_disk_bytes"), 1);
  assert.equal(seriesCount(families, "nbu_storage_max_concurrent_jobs"), 0);
  assert.equal(seriesCount(families, "nbu_storage_max_fragment_size_bytes"), 0);
});

Deno.test("storage collector keeps the first of two units of one name and counts the other", async () => {
  const client = createFakeClient();
  const row = {
    type: "storageUnit",
    id: "x",
    attributes: { name: "x", storageServerType: "PureDisk", storageCategory: "MSDP" },
  };
  client.answer = () =>
    offsetPage([
      { ...row, attributes: { ...row.attributes, totalCapacityBytes: 1 } },
      { ...row, attributes: { ...row.attributes, totalCapacityBytes: 2 } },
    ]);
  const { logger, records } = createRecordingLogger();
  const result = await createStorageCollector().collect({
    site: "a",
    session: { client, version: "14.0" },
    request: unlimited(),
    clock: createFakeClock(),
    logger,
    windowMs: 1,
  });
  assert.equal(result.rows, 2);
  assert.equal(valueOf(result.families, "nbu_disk_capacity_bytes"), 1);
  assert.equal(client.rejected.get("/storage/storage-units"), 1);
  assert.match(records[0]?.message ?? "", /same name and type/);
});
