import assert from "node:assert/strict";
import { jobs } from "../../src/collectors/jobs.ts";
import { COLLECTORS } from "../../src/collectors/registry.ts";
import { COLLECTOR_SECTIONS } from "../../src/collectors/sections.ts";
import { newTreeMap } from "../../src/config/tree.ts";
import { LISTS } from "../simulator/simulator.ts";
import { configOf } from "../testing/site_config.ts";

Deno.test("COLLECTORS names each collector once, the main ones first, and few are on by default", () => {
  const names = COLLECTORS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(names.slice(0, 2), ["jobs", "storage"]);
  const on = COLLECTORS.filter(({ enabledByDefault }) => enabledByDefault).map(({ name }) => name);
  assert.deepEqual(on, [
    ...["jobs", "storage", "server", "apiKey", "catalogBackup", "diskPools", "storageServers"],
  ]);
  const main = COLLECTORS.filter(({ main }) => main).map(({ name }) => name);
  assert.deepEqual(main, ["jobs", "storage"]);
});

Deno.test("COLLECTORS says of each endpoint which permission and which release it takes", () => {
  for (const { name, summary, resources, metrics } of COLLECTORS) {
    assert.match(summary, /^[A-Z][^\n]*\.$/, name);
    assert.ok(metrics.length > 0, name);
    assert.ok(resources.length > 0, name);
    for (const { endpoint, permission, since } of resources) {
      assert.match(endpoint, /^\/[a-z/{}A-Z-]+$/, name);
      assert.match(permission, /^$|^\|([A-Z_-]+\|)+$/, endpoint);
      assert.match(since, /^1[0-9]\.0$/, endpoint);
    }
  }
});

Deno.test("COLLECTORS say of the endpoints without a schema at hand that their fields are assumed", () => {
  for (const { resources } of COLLECTORS) {
    for (const { endpoint, assumed = false } of resources) {
      const list = LISTS.find((list) => list.endpoint === endpoint);
      if (list) assert.equal(assumed, list.document === undefined, endpoint);
    }
  }
});

Deno.test("COLLECTORS run at intervals that the configuration allows", () => {
  const { server } = configOf([], { collectionIntervalMs: 60_000, cacheTtlMs: 0 });
  for (const { name, interval } of COLLECTORS) {
    assert.ok(interval(server) >= 60_000, name);
  }
});

Deno.test("COLLECTORS can all be made of the defaults of the configuration", () => {
  for (const definition of COLLECTORS) {
    const collector = definition.create({
      site: "a",
      primary: "https://a.example.com",
      options: newTreeMap(),
      state: undefined,
    });
    assert.equal(collector.name, definition.name);
  }
});

Deno.test("COLLECTOR_SECTIONS are those of the collectors and of the Go exporter's others, each once", () => {
  const names = COLLECTOR_SECTIONS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name } of COLLECTORS) assert.ok(names.includes(name), name);
  for (const name of ["alerts", "malware", "catalog", "slo", "tape", "perClient"]) {
    assert.ok(names.includes(name), name);
  }
});

Deno.test("jobs refuses options that do not fit when it is made", () => {
  const options = Object.assign(newTreeMap(), { maxStatusCodes: "many" });
  const setting = { site: "a", primary: "https://a.example.com", options, state: undefined };
  assert.throws(() => jobs.create(setting), /a whole number/);
});
