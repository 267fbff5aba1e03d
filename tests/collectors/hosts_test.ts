import assert from "node:assert/strict";
import { hosts } from "../../src/collectors/hosts.ts";
import { runOnce } from "./_run.ts";
import { simulate, tally } from "./_repeated.ts";
import { VERSIONS } from "./_simulated.ts";

for (const apiVersion of VERSIONS) {
  Deno.test(`hosts shows what is true of media servers and hosts (API ${apiVersion})`, async () => {
    const { simulator, run, rejected } = simulate(hosts, { apiVersion });
    const result = await run();
    assert.deepEqual(result.series("nbu_media_server_up"), [
      "server=media01.example.com: 1",
      "server=media02.example.com: 1",
      "server=media03.example.com: 0",
      "server=media04.example.com: 1",
    ]);
    assert.deepEqual(result.series("nbu_media_server_status"), [
      "server=media01.example.com,status=ACTIVE_FOR_TAPE_AND_DISK: 1",
      "server=media02.example.com,status=ACTIVE_FOR_DISK: 1",
      "server=media03.example.com,status=OFFLINE: 1",
      "server=media04.example.com,status=DEACTIVATED: 1",
    ]);
    assert.deepEqual(result.series("nbu_media_server_info").slice(2), [
      "server=media03.example.com,version=10.2,os=win_x64: 1",
      "server=media04.example.com,version=9.1,os=solaris: 1",
    ]);
    const known = simulator.truth.rows("/config/hosts").map(({ attributes }) => attributes);
    assert.deepEqual(
      result.series("nbu_hosts"),
      tally(known.map((host) => ({
        host_type: host["nbuHostType"],
        version: host["nbuReleaseVersion"],
        os: host["osType"],
      }))),
    );
    const all = simulator.truth.rows("/config/all-hosts").map(({ attributes }) => attributes);
    const connections = { true: "reachable", false: "unreachable", undefined: "unknown" };
    const expected = tally(all.map(({ connectionStatus }) => ({
      status: connections[String(connectionStatus) as keyof typeof connections],
    })));
    assert.equal(expected.length, 3, "the world has all three");
    assert.deepEqual(result.series("nbu_hosts_connection"), expected);
    assert.deepEqual([...rejected], []);
  });
}

Deno.test("hosts reads every page of hosts and media servers", async () => {
  const { simulator, run } = simulate(hosts);
  simulator.setRows("/config/all-hosts", 301);
  simulator.setRows("/config/media-servers", 501);
  const result = await run();
  assert.equal(result.series("nbu_media_server_info").length, 501);
  const counts = result.series("nbu_hosts_connection").map((line) => Number(line.split(" ")[1]));
  assert.equal(counts.reduce((sum, count) => sum + count), 301);
});

const media = (attributes: unknown) => ({ id: "1", attributes });

Deno.test("hosts leaves out whether a server is up where NetBackup does not say", async () => {
  const lists = { "/config/media-servers": [media({ hostName: "m1" })] };
  const result = await runOnce(hosts, lists);
  assert.deepEqual(result.series("nbu_media_server_up"), []);
  assert.deepEqual(result.series("nbu_media_server_status"), ["server=m1,status=UNKNOWN: 1"]);
});

Deno.test("hosts leaves out decommissioned hosts, and takes the long version where the short is missing", async () => {
  const host = (uuid: string, more: object) => ({ uuid, hostName: uuid, osType: "Linux", ...more });
  const result = await runOnce(hosts, {
    "/config/media-servers": [],
    "/config/hosts": {
      body: {
        hosts: [
          host("a", { nbuHostType: "CLIENT", nbuReleaseVersion: "11.0" }),
          host("b", { nbuHostType: "CLIENT", nbuVersion: "NetBackup_8.1" }),
          host("c", { nbuHostType: "CLIENT", decommissionedDateTime: 1_767_225_600_000 }),
          host("d", {
            nbuHostType: "CLIENT",
            nbuReleaseVersion: "11.0",
            decommissionedDateTime: 0,
          }),
        ],
      },
    },
  });
  assert.deepEqual(result.series("nbu_hosts"), [
    "host_type=CLIENT,version=11.0,os=Linux: 2",
    "host_type=CLIENT,version=NetBackup_8.1,os=Linux: 1",
  ]);
});

Deno.test("hosts shows media servers where the release has no other list", async () => {
  const result = await runOnce(hosts, { "/config/media-servers": [media({ hostName: "m1" })] });
  assert.equal(result.count("nbu_media_server_info"), 1);
  assert.equal(result.count("nbu_hosts"), 0);
});
