import assert from "node:assert/strict";
import {
  fetchStorageUnits,
  STORAGE_UNITS_ENDPOINT,
} from "../../../src/netbackup/resources/storage_units.ts";
import { context, fakeSession } from "../testing/fixtures.ts";

function fetch(data: unknown[], meta?: unknown) {
  const { session } = fakeSession(() => ({ data, meta }));
  return fetchStorageUnits(session, context());
}

Deno.test("fetchStorageUnits() reads every page of 500", async () => {
  const units = Array.from({ length: 1_234 }, (_, n) => ({ attributes: { name: `stu${n}` } }));
  const { session, requests } = fakeSession(({ query }) => {
    const offset = Number(query?.["page[offset]"]);
    const limit = Number(query?.["page[limit]"]);
    assert.equal(limit, 500);
    const data = units.slice(offset, offset + limit);
    return { data, meta: { pagination: { count: units.length, offset, limit } } };
  });
  const { rows, rejected } = await fetchStorageUnits(session, context());
  assert.deepEqual(rows.map(({ name }) => name), units.map(({ attributes }) => attributes.name));
  assert.equal(rejected, 0);
  assert.equal(requests.length, 3);
  assert.equal(requests[0]?.endpoint, STORAGE_UNITS_ENDPOINT);
});

Deno.test("a whole storage unit is read field by field", async () => {
  const { rows } = await fetch([{
    type: "storageUnit",
    id: "stu_msdp_01",
    attributes: {
      name: "stu_msdp_01",
      storageType: "DISK",
      storageSubType: "PureDisk",
      storageServerType: "PureDisk",
      storageCategory: "MSDP",
      isCloudSTU: true,
      wormCapable: true,
      useWorm: "true",
      replicationCapable: true,
      instantAccessEnabled: true,
      freeCapacityBytes: 35184372088832,
      totalCapacityBytes: "87960930222080",
      usedCapacityBytes: 52776558133248,
      maxFragmentSizeMegabytes: 51200,
      maxConcurrentJobs: 80,
    },
  }]);
  assert.deepEqual(rows, [{
    name: "stu_msdp_01",
    storageType: "DISK",
    storageSubType: "PureDisk",
    storageServerType: "PureDisk",
    storageCategory: "MSDP",
    isCloud: true,
    wormCapable: true,
    useWorm: true,
    replicationCapable: true,
    instantAccessEnabled: true,
    freeCapacityBytes: 35184372088832,
    totalCapacityBytes: 87960930222080,
    usedCapacityBytes: 52776558133248,
    maxConcurrentJobs: 80,
    maxFragmentSizeMegabytes: 51200,
  }]);
});

Deno.test("capacities a tape unit does not have are absent, not zero", async () => {
  const { rows } = await fetch([{
    attributes: { name: "tape", useWorm: "false", isCloudSTU: "" },
  }]);
  assert.deepEqual(rows, [{
    name: "tape",
    storageType: "",
    storageSubType: "",
    storageServerType: "",
    storageCategory: "",
    isCloud: false,
    wormCapable: false,
    useWorm: false,
    replicationCapable: false,
    instantAccessEnabled: false,
    freeCapacityBytes: undefined,
    totalCapacityBytes: undefined,
    usedCapacityBytes: undefined,
    maxConcurrentJobs: undefined,
    maxFragmentSizeMegabytes: undefined,
  }]);
});

Deno.test("a bad unit costs that unit only", async () => {
  const { rows, rejected } = await fetch([
    { attributes: { name: "good" } },
    { attributes: {} },
    { attributes: { name: "" } },
    { attributes: { name: 5 } },
    { attributes: { name: "a", freeCapacityBytes: "lots" } },
    { attributes: { name: "b", isCloudSTU: 1 } },
    { attributes: { name: "c", useWorm: "maybe" } },
    {},
    null,
    { attributes: { name: "good" } },
  ]);
  assert.deepEqual(rows.map(({ name }) => name), ["good", "good"], "duplicates are kept");
  assert.equal(rejected, 8);
});
