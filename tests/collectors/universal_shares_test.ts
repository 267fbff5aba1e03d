import assert from "node:assert/strict";
import { universalShares } from "../../src/collectors/universal_shares.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { runOnce } from "./_run.ts";
import { simulatedPrimary, VERSIONS } from "./_simulated.ts";

const SERVERS = "/storage/storage-servers";
const SHARES = "/storage/storage-servers/{storageServerId}/universal-shares";

const server = (name: string) => ({ id: `PureDisk:${name}`, attributes: { name } });
const pathOf = (name: string) => `/storage/storage-servers/PureDisk%3A${name}/universal-shares`;
const share = (id: string, attributes: Record<string, unknown> = {}) => ({ id, attributes });

for (const apiVersion of VERSIONS) {
  Deno.test(`universalShares gives the shares of every server that has some, API ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    const result = await primary.run(universalShares);
    const servers = primary.rows(SERVERS).filter(({ attributes }) =>
      attributes["isUshareSupported"]
    );
    assert.ok(servers.length > 1);
    let quotas = 0;
    for (const { id, attributes: { name } } of servers) {
      const parameters = { storageServerId: id };
      for (const { attributes } of primary.simulator.truth.rows(SHARES, { parameters })) {
        const labels = { storage_server: String(name), share: String(attributes["shareName"]) };
        const value = (metric: string) => result.value(`nbu_universal_share_${metric}`, labels);
        assert.equal(value("used_bytes"), attributes["usedBytes"]);
        assert.equal(value("quota_bytes"), attributes["quotaBytes"] || undefined);
        assert.equal(value("mounted"), attributes["mountState"] === "MOUNTED" ? 1 : 0);
        quotas += attributes["quotaBytes"] === 0 ? 0 : 1;
      }
    }
    assert.equal(result.count("nbu_universal_share_quota_bytes"), quotas);
  });
}

Deno.test("universalShares goes on where one server is not there any more", async () => {
  const result = await runOnce(universalShares, {
    [SERVERS]: [server("gone"), server("here")],
    [pathOf("gone")]: 404,
    [pathOf("here")]: [share("s", { usedBytes: 7 })],
  });
  assert.deepEqual(result.series("nbu_universal_share_used_bytes"), [
    "storage_server=here,share=s: 7",
  ]);
});

Deno.test("universalShares is unsupported where no server has the list", async () => {
  const lists = { [SERVERS]: [server("a"), server("b")] };
  await assert.rejects(runOnce(universalShares, lists), EndpointUnsupportedError);
  await assert.rejects(
    runOnce(universalShares, { ...lists, [SHARES]: 406 }),
    EndpointUnsupportedError,
  );
  await assert.rejects(runOnce(universalShares, { ...lists, [SHARES]: 500 }), /HTTP status 500/);
});

Deno.test("universalShares has nothing to say of a primary without such servers", async () => {
  const result = await runOnce(universalShares, { [SERVERS]: [] });
  assert.equal(result.count("nbu_universal_share_used_bytes"), 0);
  assert.equal(result.requests.length, 1);
});

Deno.test("universalShares asks only the servers that the configuration wants", async () => {
  const options = { storageServers: { include: ["media*"], exclude: ["media2"] } };
  const lists = { [SERVERS]: [server("media1"), server("media2"), server("x")], [SHARES]: [] };
  const result = await runOnce(universalShares, lists, { options });
  assert.deepEqual(result.requests.map(({ path }) => path), [undefined, pathOf("media1")]);
});

Deno.test("universalShares takes missing and null fields, and drops what does not fit", async () => {
  const result = await runOnce(universalShares, {
    [SERVERS]: [server("a")],
    [SHARES]: [
      share("1", { shareName: null, usedBytes: null, quotaBytes: null, mountState: null }),
      share("2", { usedBytes: "5" }),
      share("3", { usedBytes: "much" }),
    ],
  });
  assert.deepEqual(result.series("nbu_universal_share_used_bytes"), [
    "storage_server=a,share=2: 5",
  ]);
  assert.equal(result.count("nbu_universal_share_mounted"), 0);
  assert.equal(result.client.rejected.get(SHARES), 1);
});

for (const count of [100, 101, 301]) {
  Deno.test(`universalShares asks each of ${count} storage servers, and reads all of ${count} shares`, async () => {
    const rows = (length: number, attributes: (index: number) => unknown) =>
      Array.from({ length }, (_, index) => ({ id: `n${index}`, attributes: attributes(index) }));
    const used = async (servers: number, shares: number) => {
      const result = await runOnce(universalShares, {
        "/storage/storage-servers": rows(servers, (index) => ({ name: `server${index}` })),
        [SHARES]: rows(shares, (index) => ({ shareName: `share${index}`, usedBytes: 1 })),
      });
      return result.count("nbu_universal_share_used_bytes");
    };
    assert.equal(await used(count, 1), count);
    assert.equal(await used(1, count), count);
  });
}
