import assert from "node:assert/strict";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createSimulator } from "./simulator.ts";
import { populationOf } from "./world/population.ts";

Deno.test("populationOf() has as many clients and policies as asked for, each client in one policy", () => {
  const population = populationOf({ clients: 1000, policies: 200 }, 50);
  const { clients, policies, units } = population;
  assert.equal(new Set(clients).size, 1000);
  assert.equal(new Set(policies.map(({ name }) => name)).size, 200);
  assert.ok(units.length > 30);
  for (const policy of policies) {
    const its = population.clientsOf(policy);
    assert.equal(its.length, 5);
    for (const client of its) assert.deepEqual(population.policiesOf(client), [policy]);
  }
});

Deno.test("a simulated primary of some size has jobs of its clients, in their policies, and lists them", () => {
  const size = { clients: 100, policies: 7 };
  const { truth } = createSimulator({
    clock: createFakeClock(),
    jobsPerHour: 2000,
    population: size,
    storageUnitCount: 20,
  });
  const { policiesOf } = populationOf(size, 20);
  const jobs = truth.jobs().filter(({ clientName, jobType }) =>
    clientName !== "" && jobType !== "DBBACKUP"
  );
  assert.equal(new Set(jobs.map(({ clientName }) => clientName)).size, 100);
  for (const { clientName, policyName } of jobs) {
    assert.deepEqual(policiesOf(clientName).map(({ name }) => name), [policyName]);
  }
  // Beside them the catalogue's policy, a client that never had a backup, and servers.
  assert.equal(truth.rows("/config/policies/").length, 8);
  assert.equal(truth.rows("/config/unique-policy-clients").length, 102);
  assert.ok(truth.rows("/config/hosts").length > 100);
});

Deno.test("a simulated primary runs only the kinds of jobs and types of policies it is given", () => {
  const { truth } = createSimulator({
    clock: createFakeClock(),
    jobsPerHour: 2000,
    population: {
      clients: 50,
      policies: 20,
      policyTypes: ["VMWARE", "NDMP"],
      kinds: ["RESTORE", "DBBACKUP"],
    },
  });
  const distinct = (values: readonly (string | undefined)[]) => [...new Set(values)].sort();
  const jobs = truth.jobs();
  assert.deepEqual(distinct(jobs.map(({ jobType }) => jobType)), ["BACKUP", "DBBACKUP", "RESTORE"]);
  assert.deepEqual(
    distinct(jobs.map(({ policyType }) => policyType)),
    ["NBU_CATALOG", "NDMP", "VMWARE"],
  );
});

Deno.test("populationOf() refuses types that no policy has", () => {
  assert.throws(
    () => populationOf({ clients: 1, policies: 1, policyTypes: ["ORACLE"] }, 1),
    /no policies of these types/,
  );
});
