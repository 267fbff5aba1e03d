import assert from "node:assert/strict";
import { anomalies } from "../../src/collectors/anomalies.ts";
import { kms } from "../../src/collectors/kms.ts";
import { malwareHosts } from "../../src/collectors/malware_hosts.ts";
import { mpaTickets } from "../../src/collectors/mpa_tickets.ts";
import { securityScore } from "../../src/collectors/security_score.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { runOnce } from "./_run.ts";
import { BEGIN_MS, simulate, tally } from "./_repeated.ts";
import { VERSIONS } from "./_simulated.ts";

const DAY = 86_400_000;

/** Series above 0. */
const above0 = (series: readonly string[]) => series.filter((line) => !line.endsWith(": 0"));

for (const apiVersion of VERSIONS) {
  Deno.test(`anomalies counts those of backups and of the system (API ${apiVersion})`, async () => {
    const { simulator, run, rejected } = simulate(anomalies, { apiVersion });
    const { series } = await run();
    const lists = { backup: "/security/anomalies", system: "/security/anomaly-extension" };
    const expected = Object.entries(lists).flatMap(([source, endpoint]) =>
      simulator.truth.rows(endpoint).map(({ attributes }) => ({
        source,
        severity: attributes["anomalySeverity"],
        status: attributes["anomalyStatus"],
      }))
    );
    assert.equal(expected.length, 25 + 6);
    assert.deepEqual(above0(series("nbu_anomalies")), tally(expected));
    assert.deepEqual([...rejected], []);
  });

  Deno.test(`kms counts keys by service and state (API ${apiVersion})`, async () => {
    const { run, simulator } = simulate(kms, { apiVersion });
    const { series } = await run();
    assert.deepEqual(series("nbu_kms_enabled_for_backup"), [
      "kms=NetBackup KMS,kms_type=NBKMS: 1",
      "kms=vault.example.com,kms_type=KMIP: 0",
    ]);
    const states = ["ACTIVE", "DEPRECATED", "INACTIVE", "PRELIVE", "TERMINATED"];
    assert.deepEqual(
      series("nbu_kms_keys"),
      ["NetBackup KMS", "vault.example.com"].flatMap((name) =>
        states.map((state) => `kms=${name},state=${state}: 1`)
      ),
    );
    const paths = simulator.requests.all().map(({ path }) => path)
      .filter((path) => path.endsWith("/key-details"));
    assert.deepEqual([...new Set(paths)], [
      "/netbackup/security/key-management-services/1/key-details",
      "/netbackup/security/key-management-services/2/key-details",
    ]);
  });

  Deno.test(`mpaTickets counts what waits and has not expired (API ${apiVersion})`, async () => {
    const { simulator, run } = simulate(mpaTickets, { apiVersion });
    const { series } = await run();
    const waiting = simulator.truth.rows("/security/mpa-tickets")
      .map(({ attributes }) => attributes)
      .filter(({ expirationDateTime }) => Date.parse(String(expirationDateTime)) >= BEGIN_MS)
      .filter(({ currentState }) => /^(PENDING|PARTIALLY_APPROVED)$/.test(String(currentState)));
    assert.deepEqual(series("nbu_mpa_tickets_pending"), [`: ${waiting.length}`]);
  });

  Deno.test(`malwareHosts shows which scan hosts are active (API ${apiVersion})`, async () => {
    const { run } = simulate(malwareHosts, { apiVersion });
    assert.deepEqual((await run()).series("nbu_malware_scan_host_active"), [
      "host=scan01.example.com: 1",
      "host=scan02.example.com: 0",
    ]);
  });
}

Deno.test("securityScore shows the score of the platform and of each setting", async () => {
  const { run } = simulate(securityScore);
  const { series } = await run();
  assert.deepEqual(series("nbu_security_risk_score"), [": 37.5"]);
  assert.deepEqual(series("nbu_security_setting_risk_score"), [
    "setting=malwareDetection: 0",
    "setting=mfaEnforced: 10",
    "setting=mpa: 5.5",
  ]);
});

Deno.test("securityScore is unsupported before API 12.0, without a request", async () => {
  const { simulator, run } = simulate(securityScore, { apiVersion: "10.0" });
  await assert.rejects(run(), EndpointUnsupportedError);
  assert.equal(simulator.requests.count("/security/status"), 0);
});

Deno.test("anomalies leaves out what is older than the look-back time", async () => {
  const { simulator, run } = simulate(anomalies, {}, { lookBack: "24h" });
  const row = (id: string, days: number) => ({
    id,
    attributes: {
      createdDateTime: new Date(BEGIN_MS - days * DAY).toISOString(),
      anomalySeverity: "HIGH",
      anomalyStatus: "NOT_REVIEWED",
    },
  });
  simulator.setRows("/security/anomalies", [row("1", 0.5), row("2", 1.5), row("3", 30)]);
  simulator.setRows("/security/anomaly-extension", []);
  assert.deepEqual(above0((await run()).series("nbu_anomalies")), [
    "source=backup,severity=HIGH,status=NOT_REVIEWED: 1",
  ]);
});

Deno.test("mpaTickets counts tickets that are partially approved, and none that is done", async () => {
  const { simulator, run } = simulate(mpaTickets);
  const ticket = (currentState: string, days = 1) => ({
    id: `${currentState}${days}`,
    attributes: {
      currentState,
      expirationDateTime: new Date(BEGIN_MS + days * DAY).toISOString(),
    },
  });
  simulator.setRows("/security/mpa-tickets", [
    ticket("PENDING"),
    ticket("PENDING", -1),
    ticket("PARTIALLY_APPROVED"),
    ticket("APPROVED"),
    ticket("DONE"),
  ]);
  assert.deepEqual((await run()).series("nbu_mpa_tickets_pending"), [": 2"]);
});

Deno.test("mpaTickets says in its help that a requester sees only its own", () => {
  const [pending] = mpaTickets.metrics;
  assert.match(pending?.help ?? "", /a requester sees only its own/);
});

Deno.test("kms shows the services where the keys of one have gone meanwhile", async () => {
  const services = ["1", "2"].map((id) => ({ id, attributes: { name: `kms${id}` } }));
  const keys = [{ id: "k", attributes: { keyAttributes: { keyId: "k", keyState: "INACTIVE" } } }];
  const result = await runOnce(kms, {
    "/security/key-management-services": services,
    "/security/key-management-services/{kmsId}/key-details": ({ path = "" }) =>
      path.includes("/1/") ? 404 : keys,
  });
  assert.deepEqual(result.series("nbu_kms_keys"), [
    "kms=kms2,state=ACTIVE: 0",
    "kms=kms2,state=INACTIVE: 1",
  ]);
});

for (
  const [name, definition, endpoint, metric] of [
    ["anomalies", anomalies, "/security/anomalies", "nbu_anomalies"],
    ["malwareHosts", malwareHosts, "/malware/scan-hosts", "nbu_malware_scan_host_active"],
  ] as const
) {
  Deno.test(`${name} reads every page`, async () => {
    for (const count of [1, 100, 101, 301]) {
      const { simulator, run } = simulate(definition);
      simulator.setRows("/security/anomaly-extension", []);
      simulator.setRows(endpoint, count);
      const lookBack = simulator.truth.rows(endpoint).filter(({ attributes }) => {
        const created = attributes["createdDateTime"];
        return created === undefined || Date.parse(String(created)) >= BEGIN_MS - 30 * DAY;
      });
      const series = (await run()).series(metric);
      const total = definition === anomalies
        ? series.reduce((sum, line) => sum + Number(line.split(": ")[1]), 0)
        : series.length;
      assert.equal(total, lookBack.length, `${count} rows`);
    }
  });
}
