import assert from "node:assert/strict";
import { licensing } from "../../src/collectors/licensing.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { EndpointUnsupportedError } from "../../src/netbackup/resource.ts";
import { runOnce } from "./_run.ts";
import { simulatedPrimary, VERSIONS } from "./_simulated.ts";

const ENTITLEMENTS = "/licensing/entitlements";
const CAPACITY = "/licensing/capacity";

const seconds = (date: unknown) => Date.parse(String(date)) / 1000;

for (const apiVersion of VERSIONS) {
  Deno.test(`licensing gives every entitlement as it is, API ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    const result = await primary.run(licensing);
    const rows = primary.rows(ENTITLEMENTS);
    assert.ok(rows.some(({ attributes }) => attributes["endDate"] === null));
    for (const { id, attributes } of rows) {
      const labels = {
        entitlement: id,
        product: String(attributes["productName"]),
        meter: String(attributes["licenseMeter"]),
        type: String(attributes["licenseType"]),
      };
      const value = (metric: string) => result.value(`nbu_entitlement_${metric}`, labels);
      const end = attributes["endDate"] === null ? undefined : seconds(attributes["endDate"]);
      assert.equal(value("end_timestamp_seconds"), end);
      const service = seconds(attributes["serviceExpiration"]);
      assert.equal(value("service_expiration_timestamp_seconds"), service);
      assert.equal(value("active"), attributes["status"] === "ACTIVE" ? 1 : 0);
      const units = Number(attributes["licenseCount"]) * Number(attributes["countMultiplier"]);
      assert.equal(result.value("nbu_entitlement_licensed_units", { entitlement: id }), units);
      const expiry = (kind: string) =>
        result.value("nbu_expiry_timestamp_seconds", { kind, name: id });
      assert.deepEqual([expiry("entitlement"), expiry("service_contract")], [end, service]);
    }
  });

  Deno.test(`licensing gives the front-end data of each primary, API ${apiVersion}`, async () => {
    const primary = simulatedPrimary({ apiVersion });
    primary.simulator.setRows(CAPACITY, 3);
    const result = await primary.run(licensing);
    assert.equal(result.count("nbu_licensing_front_end_bytes"), 3);
    for (const { id, attributes } of primary.rows(CAPACITY)) {
      const truth = Number(attributes["masterConsumptionMB"]) * 1024 * 1024;
      assert.equal(result.value("nbu_licensing_front_end_bytes", { primary: id }), truth);
    }
  });
}

Deno.test("licensing reads more entitlements than a server gives at once", async () => {
  const primary = simulatedPrimary();
  primary.simulator.setRows(ENTITLEMENTS, 120);
  assert.equal((await primary.run(licensing)).count("nbu_entitlement_active"), 120);
});

Deno.test("licensing takes missing and null fields, and drops what does not fit", async () => {
  const attributes = Object.fromEntries(
    ["productName", "licenseMeter", "status", "licenseCount", "endDate", "serviceExpiration"]
      .map((name) => [name, null]),
  );
  const result = await runOnce(licensing, {
    [ENTITLEMENTS]: [{ id: "A", attributes }, { id: "B", attributes: { endDate: "never" } }],
    [CAPACITY]: [{ id: "p", attributes: { masterConsumptionMB: null } }, { id: "q" }, 5],
  });
  assert.deepEqual(result.series("nbu_entitlement_active"), [
    "entitlement=A,product=,meter=UNKNOWN,type=UNKNOWN: 0",
  ]);
  for (const metric of ["entitlement_licensed_units", "expiry_timestamp_seconds"]) {
    assert.equal(result.count(`nbu_${metric}`), 0, metric);
  }
  assert.equal(result.count("nbu_licensing_front_end_bytes"), 0);
  assert.equal(result.client.rejected.get(ENTITLEMENTS), 1);
  assert.equal(result.client.rejected.get(CAPACITY), 1);
});

Deno.test("licensing fails when no row fits, and is unsupported where there is no such list", async () => {
  const lists = { [ENTITLEMENTS]: [null], [CAPACITY]: [] };
  await assert.rejects(runOnce(licensing, lists), UnexpectedBodyError);
  await assert.rejects(runOnce(licensing, {}), EndpointUnsupportedError);
});
