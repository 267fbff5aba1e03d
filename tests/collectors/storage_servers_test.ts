import assert from "node:assert/strict";
import { storageServers } from "../../src/collectors/storage_servers.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { runOnce } from "./_run.ts";
import { simulatedPrimary, VERSIONS } from "./_simulated.ts";

const ENDPOINT = "/storage/storage-servers";

function server(name: unknown, attributes: Record<string, unknown> = {}): unknown {
  return {
    type: "storageServer",
    id: `PureDisk:${name}`,
    attributes: { name, sType: "PureDisk", storageServerState: "UP", ...attributes },
  };
}

for (const apiVersion of VERSIONS) {
  Deno.test(`storageServers gives state and MSDP figures of every server as they are, API ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    const result = await primary.run(storageServers);
    const servers = primary.rows(ENDPOINT).map(({ attributes }) => attributes);
    assert.equal(result.count("nbu_storage_server_up"), servers.length);
    assert.equal(result.count("nbu_storage_server_info"), servers.length);
    let pools = 0;
    for (
      const { name, sType, storageServerState, nbuHostVersion = "", msdpAttributes } of servers
    ) {
      const labels = { storage_server: String(name), type: String(sType) };
      const up = storageServerState === "UP" ? 1 : 0;
      assert.equal(result.value("nbu_storage_server_up", labels), up);
      const version = String(nbuHostVersion);
      assert.equal(result.value("nbu_storage_server_info", { ...labels, version }), 1);
      if (msdpAttributes === undefined) continue;
      pools++;
      const msdp = Object(msdpAttributes);
      const value = (metric: string) =>
        result.value(`nbu_msdp_${metric}`, { storage_server: String(name) });
      assert.equal(value("raw_bytes"), msdp.storagePoolDetails.rawSizeBytes);
      assert.equal(value("size_bytes"), msdp.storagePoolDetails.sizeBytes);
      assert.equal(value("reserved_bytes"), msdp.storagePoolDetails.reservedSpaceBytes);
      assert.equal(value("used_bytes"), msdp.storagePoolDetails.usedSpaceBytes);
      assert.equal(value("available_bytes"), msdp.storagePoolDetails.availableSpaceBytes);
      assert.equal(value("catalog_logical_bytes"), msdp.catalogLogicalSizeBytes);
      assert.equal(value("catalog_files"), msdp.catalogFilesCount);
      assert.equal(value("dedup_savings_ratio"), msdp.deduplicationRatioPercentage / 100);
    }
    assert.ok(pools > 1 && pools < servers.length, "not every server has MSDP");
    assert.equal(result.count("nbu_msdp_size_bytes"), pools);
  });
}

Deno.test("storageServers tells servers of one host by their type", async () => {
  const rows = [server("media01"), {
    ...Object(server("media01", { sType: "AdvancedDisk" })),
    id: "b",
  }];
  const result = await runOnce(storageServers, { [ENDPOINT]: rows });
  assert.deepEqual(result.series("nbu_storage_server_up"), [
    "storage_server=media01,type=AdvancedDisk: 1",
    "storage_server=media01,type=PureDisk: 1",
  ]);
});

Deno.test("storageServers leaves out what a server could not find out", async () => {
  const msdpAttributes = { storagePoolDetails: null, deduplicationRatioPercentage: null };
  const rows = [
    server("a", { msdpAttributes, nbuStatusCode: 2106, storageServerState: "DOWN" }),
    server("b", { msdpAttributes: null }),
    server("c", { msdpAttributes: { storagePoolDetails: { usedSpaceBytes: "12" } } }),
  ];
  const result = await runOnce(storageServers, { [ENDPOINT]: rows });
  assert.equal(result.value("nbu_storage_server_up", { storage_server: "a" }), 0);
  assert.deepEqual(result.series("nbu_msdp_used_bytes"), ["storage_server=c: 12"]);
  assert.equal(result.count("nbu_msdp_dedup_savings_ratio"), 0);
});

Deno.test("storageServers drops a server that does not fit, and only that", async () => {
  const rows = [server("a"), server(null), server("b", { msdpAttributes: "none" }), null];
  const result = await runOnce(storageServers, { [ENDPOINT]: rows });
  assert.equal(result.count("nbu_storage_server_up"), 1);
  assert.equal(result.client.rejected.get(ENDPOINT), 3);
  await assert.rejects(runOnce(storageServers, { [ENDPOINT]: [null] }), UnexpectedBodyError);
  await assert.rejects(runOnce(storageServers, {}), EndpointUnsupportedError);
});
