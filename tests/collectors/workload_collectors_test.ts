import assert from "node:assert/strict";
import { assets } from "../../src/collectors/assets.ts";
import { discovery } from "../../src/collectors/discovery.ts";
import { instantAccess } from "../../src/collectors/instant_access.ts";
import { protectionPlans } from "../../src/collectors/protection_plans.ts";
import { snapshotManagers } from "../../src/collectors/snapshot_managers.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { runOnce } from "./_run.ts";
import { BEGIN_MS, simulate, tally } from "./_repeated.ts";
import { VERSIONS } from "./_simulated.ts";

const WORKLOADS = "/asset-service/workloads";
const ASSETS = "/asset-service/workloads/{workload}/assets";
const DISCOVERY = "/admin/discovery/workloads/{workloadType}/status";
const MINUTE = 60_000;

for (const apiVersion of VERSIONS) {
  Deno.test(`assets counts what is protected in the workloads that exist (API ${apiVersion})`, async () => {
    const { simulator, run, rejected } = simulate(assets, { apiVersion });
    const { series } = await run();
    // Of three in a row two have details, but every tenth one has an empty list of them.
    const expected = Object.entries({ vmware: 120, cloud: 15 }).flatMap(([workload, count]) =>
      Array.from({ length: count }, (_, index) => ({
        ...{ workload, asset_type: "vm" },
        protected: index % 3 !== 2 && index % 10 !== 0,
      }))
    );
    assert.deepEqual(series("nbu_assets"), tally(expected));
    const asked = simulator.requests.all().map(({ path }) => path.split("/workloads")[1]);
    assert.deepEqual([...new Set(asked.filter((path) => path !== undefined))], [
      "",
      "/vmware/assets",
      "/cloud/assets",
      "/kubernetes/assets",
    ]);
    assert.deepEqual([...rejected], []);
  });

  Deno.test(`discovery shows how it went on each server (API ${apiVersion})`, async () => {
    const { simulator, run } = simulate(discovery, { apiVersion });
    const { series } = await run();
    const rows = ["vmware", "cloud", "kubernetes"].flatMap((workload) =>
      simulator.truth.rows(DISCOVERY, { parameters: { workloadType: workload } })
        .map(({ attributes }) => ({ workload, attributes }))
    );
    assert.equal(rows.length, 12);
    assert.deepEqual(
      series("nbu_discovery_status"),
      tally(rows.map(({ workload, attributes }) => ({
        ...{ workload, server: attributes["serverName"], subtype: "VIRTUAL_CENTER_SERVER" },
        status: attributes["discoveryStatus"],
      }))),
    );
    const [first] = rows;
    const finished = Date.parse(String(first?.attributes["discoveryFinishTime"])) / 1000;
    assert.ok(
      series("nbu_discovery_finish_timestamp_seconds").includes(
        `workload=vmware,server=vmware-server1.example.com,subtype=VIRTUAL_CENTER_SERVER: ${finished}`,
      ),
    );
  });

  Deno.test(`protectionPlans shows the subscriptions of each plan (API ${apiVersion})`, async () => {
    const { run } = simulate(protectionPlans, { apiVersion });
    assert.deepEqual((await run()).series("nbu_protection_plan_subscriptions"), [
      "plan=Cloud|daily,workload=CLOUD: 0",
      "plan=Gold-VMware,workload=VMWARE: 42",
      "plan=K8s-Prod,workload=KUBERNETES: 3",
      "plan=Silver-VMware,workload=VMWARE: 7",
    ]);
  });

  Deno.test(`instantAccess shows mounts by status, and the oldest (API ${apiVersion})`, async () => {
    const { run } = simulate(instantAccess, { apiVersion });
    const { series } = await run();
    assert.deepEqual(series("nbu_instant_access_vms"), ["status=ACTIVE: 2", "status=FAILED: 1"]);
    const midnight = Math.floor(BEGIN_MS / 86_400_000) * 86_400;
    assert.deepEqual(series("nbu_instant_access_oldest_created_timestamp_seconds"), [
      `: ${midnight - 45 * 86_400}`,
    ]);
  });

  Deno.test(`snapshotManagers shows the status of each (API ${apiVersion})`, async () => {
    const { run } = simulate(snapshotManagers, { apiVersion });
    assert.deepEqual((await run()).series("nbu_snapshot_manager_status"), [
      "server=snapmgr01.example.com,status=ACTIVE: 1",
      "server=snapmgr02.example.com,status=ERROR: 1",
    ]);
  });
}

for (const count of [0, 1, 50, 51, 151]) {
  Deno.test(`protectionPlans reads all of ${count} plans from a server that grants 50 at once`, async () => {
    const { simulator, run } = simulate(protectionPlans);
    simulator.setRows("/servicecatalog/slos", count);
    assert.equal((await run()).series("nbu_protection_plan_subscriptions").length, count);
  });
}

for (const count of [0, 1, 100, 101, 301]) {
  Deno.test(`assets reads all of ${count} assets`, async () => {
    const { simulator, run } = simulate(assets, {}, { workloads: { include: ["vmware"] } });
    simulator.setRows(ASSETS, count);
    const counts = (await run()).series("nbu_assets").map((line) => Number(line.split(": ")[1]));
    assert.equal(counts.reduce((sum, one) => sum + one, 0), count);
  });
}

const workloads = (...ids: string[]) => ids.map((id) => ({ id, type: "workload" }));

for (const count of [1, 10, 101, 301]) {
  Deno.test(`assets finds all of ${count} workloads, in pages or at once`, async () => {
    const ids = Array.from({ length: count }, (_, index) => `w${index}`);
    const one = [{ id: "1", attributes: { assetType: "vm" } }];
    const lists = { [WORKLOADS]: workloads(...ids), [ASSETS]: one };
    assert.equal((await runOnce(assets, lists)).count("nbu_assets"), count);
    const whole = { ...lists, [WORKLOADS]: { body: { data: workloads(...ids), links: {} } } };
    assert.equal((await runOnce(assets, whole)).count("nbu_assets"), count);
  });
}

Deno.test("assets goes on when a workload has no assets to list, each time anew", async () => {
  const result = await runOnce(assets, {
    [WORKLOADS]: workloads("nas", "vmware"),
    [ASSETS]: ({ path = "" }) =>
      path.includes("/nas/")
        ? 404
        : [{ id: "1", attributes: { assetType: "vm", commonAssetAttributes: {} } }],
  });
  assert.deepEqual(result.series("nbu_assets"), [
    "workload=vmware,asset_type=vm,protected=false: 1",
  ]);
});

Deno.test("assets does not take an asset of unknown form for one without protection", async () => {
  const result = await runOnce(assets, {
    [WORKLOADS]: workloads("vmware"),
    [ASSETS]: [{ id: "1", attributes: { assetType: "vm" } }],
  });
  assert.deepEqual(result.series("nbu_assets"), [
    "workload=vmware,asset_type=vm,protected=unknown: 1",
  ]);
});

Deno.test("discovery asks for no workload that has no discovery, and takes the id for the server", async () => {
  const row = { id: "vc01", attributes: { discoveryStatus: "RUNNING", discoveryFinishTime: "" } };
  const result = await runOnce(discovery, {
    [WORKLOADS]: workloads("nas", "vmware"),
    [DISCOVERY]: [row],
  });
  assert.deepEqual(result.series("nbu_discovery_status"), [
    "workload=vmware,server=vc01,subtype=,status=RUNNING: 1",
  ]);
  assert.deepEqual(result.series("nbu_discovery_finish_timestamp_seconds"), []);
  const paths = result.requests.filter(({ endpoint }) => endpoint === DISCOVERY)
    .map(({ path }) => path);
  assert.deepEqual([...new Set(paths)], ["/admin/discovery/workloads/vmware/status"]);
});

Deno.test("protectionPlans adds up plans of one name, and leaves out what is not wanted", async () => {
  const plan = (id: string, name: string, subscriptionCount: number) => ({
    ...{ id, attributes: { name, workloadType: "VMWARE", subscriptionCount } },
  });
  const rows = [plan("1", "Gold", 2), plan("2", "Gold", 3), plan("3", "Test", 9)];
  const options = { plans: { exclude: ["T*"] } };
  const result = await runOnce(protectionPlans, { "/servicecatalog/slos": rows }, { options });
  assert.deepEqual(result.series("nbu_protection_plan_subscriptions"), [
    "plan=Gold,workload=VMWARE: 5",
  ]);
});

for (
  const [name, definition, endpoint, attributes] of [
    [
      ...["instantAccess", instantAccess, "/recovery/workloads/vmware/instant-access-vms"] as const,
      { status: "ACTIVE", creationTime: "2026-01-01T00:00:00Z" },
    ],
    [
      ...["snapshotManagers", snapshotManagers, "/config/servers/snapshot-mgmt-servers"] as const,
      { state: "ACTIVE" },
    ],
  ] as const
) {
  Deno.test(`${name} fails, and does not guess, where the fields have other names`, async () => {
    const lists = { [endpoint]: [{ id: "1", attributes }] };
    await assert.rejects(runOnce(definition, lists), UnexpectedBodyError);
  });
}

Deno.test("instantAccess knows no oldest mount where there is none", async () => {
  const { simulator, clock, run } = simulate(instantAccess);
  simulator.setRows("/recovery/workloads/vmware/instant-access-vms", []);
  await clock.advance(MINUTE);
  const { series } = await run();
  assert.deepEqual(series("nbu_instant_access_oldest_created_timestamp_seconds"), []);
  assert.deepEqual(series("nbu_instant_access_vms"), []);
});
