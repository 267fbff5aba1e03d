import assert from "node:assert/strict";
import { services } from "../../src/collectors/services.ts";
import { HttpStatusError } from "../../src/netbackup/errors.ts";
import { runOnce } from "./_run.ts";
import { simulate } from "./_repeated.ts";
import { VERSIONS } from "./_simulated.ts";

const SERVICES = "/admin/hosts/{hostId}/services";
const PRIMARY = "primary.example.com";

for (const apiVersion of VERSIONS) {
  Deno.test(`services shows the services of the servers named (API ${apiVersion})`, async () => {
    const servers = [PRIMARY, "media01.example.com"];
    const { simulator, run } = simulate(services, { apiVersion, serverName: PRIMARY }, { servers });
    const result = await run();
    const of = (host: string, state: string) =>
      result.series("nbu_service_state").filter((line) =>
        line.startsWith(`host=${host},`) && line.endsWith(`state=${state}: 1`)
      );
    assert.equal(of(PRIMARY, "RUNNING").length, 9);
    assert.deepEqual(of(PRIMARY, "STOPPED"), [`host=${PRIMARY},service=vnetd,state=STOPPED: 1`]);
    assert.deepEqual(of("media01.example.com", "DISABLED"), [
      "host=media01.example.com,service=nbwebsvc,state=DISABLED: 1",
    ]);
    assert.equal(result.series("nbu_service_state").length, 2 * 10 * 3);
    assert.equal(
      simulator.requests.count(SERVICES),
      2,
      "one request for each server, none for the others",
    );
  });
}

Deno.test("services asks nothing when no server is named", async () => {
  const result = await runOnce(services, {});
  assert.deepEqual(result.requests, []);
});

const HOSTS = {
  body: { hosts: ["m1", "m2"].map((hostName) => ({ hostName, uuid: `id-${hostName}` })) },
};
const running = [{ id: "bprd", attributes: { status: "RUNNING" } }];

Deno.test("services goes on with the other servers when one cannot be asked, or is not known", async () => {
  const result = await runOnce(services, {
    "/config/hosts": HOSTS,
    [SERVICES]: ({ path }) => path === "/admin/hosts/id-m1/services" ? 404 : running,
  }, { options: { servers: ["m1", "m2", "m3", "m2"] } });
  assert.deepEqual(result.series("nbu_host_services_read"), [
    "host=m1: 0",
    "host=m2: 1",
    "host=m3: 0",
  ]);
  assert.deepEqual(result.series("nbu_service_state"), [
    "host=m2,service=bprd,state=DISABLED: 0",
    "host=m2,service=bprd,state=RUNNING: 1",
    "host=m2,service=bprd,state=STOPPED: 0",
  ]);
  const warned = result.records.filter(({ level }) => level === "warn");
  assert.deepEqual(warned.map(({ fields }) => fields["host"]), ["m1", "m3"]);
});

Deno.test("services fails when no server can be asked", async () => {
  const lists = { "/config/hosts": HOSTS, [SERVICES]: 500 };
  const options = { servers: ["m1", "m2"] };
  await assert.rejects(runOnce(services, lists, { options }), HttpStatusError);
});

Deno.test("services shows a state that no document names beside the others", async () => {
  const odd = [{ id: "bprd", attributes: { status: "STARTING" } }];
  const lists = { "/config/hosts": HOSTS, [SERVICES]: odd };
  const result = await runOnce(services, lists, { options: { servers: ["m1"] } });
  const label = { service: "bprd" };
  assert.equal(result.value("nbu_service_state", { ...label, state: "STARTING" }), 1);
  assert.equal(result.value("nbu_service_state", { ...label, state: "RUNNING" }), 0);
});

Deno.test("services tells the log once of a server that it cannot ask", async () => {
  const { records, run } = simulate(services, { serverName: PRIMARY }, {
    servers: ["nowhere.example.com", PRIMARY],
  });
  await run();
  await run();
  const told = records.filter(({ fields }) => fields["host"] === "nowhere.example.com");
  assert.deepEqual(told.map(({ level }) => level), ["warn", "debug"]);
});

Deno.test("services looks up the id of a server once, and again when it cannot be asked", async () => {
  const { simulator, run } = simulate(services, { serverName: PRIMARY }, { servers: [PRIMARY] });
  await run();
  await run();
  assert.equal(simulator.requests.count("/config/hosts"), 1);
  assert.equal(
    simulator.requests.to("/config/hosts")[0]?.query["filter"],
    `hostName eq '${PRIMARY}'`,
  );
  simulator.setRows(SERVICES, [{ attributes: { status: 7 } }]);
  await assert.rejects(run());
  simulator.setRows(SERVICES, undefined);
  await run();
  assert.equal(simulator.requests.count("/config/hosts"), 2);
});
