import assert from "node:assert/strict";
import { server } from "../../src/collectors/server.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { runOnce } from "./_run.ts";
import { simulatedPrimary } from "./_simulated.ts";

const ENDPOINT = "/security/serverinfo";

for (
  const [apiVersion, release, freezeMode] of [
    ["10.0", "10.3", undefined],
    ["12.0", "10.5", undefined],
    ["13.0", "11.0", undefined],
    ["14.0", "11.2", 0],
  ] as const
) {
  Deno.test(`server gives name and release of a primary that speaks ${apiVersion}`, async () => {
    const result = await simulatedPrimary({ apiVersion }).run(server);
    assert.deepEqual(result.series("nbu_server_info"), [
      `server=primary.example.com,version=${release}: 1`,
    ]);
    assert.equal(result.value("nbu_server_freeze_mode"), freezeMode, "unknown is not 0");
  });
}

for (const skewMs of [0, 90_000, -3_600_000]) {
  Deno.test(`server gives a clock skew of ${skewMs / 1000} s`, async () => {
    const result = await simulatedPrimary({ skewMs }).run(server);
    assert.equal(result.value("nbu_server_clock_skew_seconds"), skewMs / 1000);
  });
}

Deno.test("server gives no clock skew where no response tells the time", async () => {
  const result = await runOnce(server, { [ENDPOINT]: [] });
  assert.equal(result.count("nbu_server_clock_skew_seconds"), 0);
});

Deno.test("server shows that the primary is in freeze mode", async () => {
  const primary = simulatedPrimary();
  primary.simulator.setRows(ENDPOINT, [{ attributes: { freezeModeEnabled: true } }]);
  assert.equal((await primary.run(server)).value("nbu_server_freeze_mode"), 1);
});

Deno.test("server takes missing and null fields, and fails on what is no such document", async () => {
  const primary = simulatedPrimary();
  const attributes = { nbuVersion: null, freezeModeEnabled: null };
  primary.simulator.setRows(ENDPOINT, [{ attributes, omit: ["serverName"] }]);
  const result = await primary.run(server);
  assert.deepEqual(result.series("nbu_server_info"), ["server=,version=UNKNOWN: 1"]);
  assert.equal(result.count("nbu_server_freeze_mode"), 0);
  primary.simulator.setRows(ENDPOINT, [{ attributes: { nbuVersion: 5 } }]);
  await assert.rejects(primary.run(server), UnexpectedBodyError);
});
