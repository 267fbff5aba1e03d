import assert from "node:assert/strict";
import type { RetryAfterGate } from "../../src/netbackup/retry/retry_after_gate.ts";
import { Secret } from "../../src/base/secret.ts";
import { newTreeMap } from "../../src/config/tree.ts";
import type { SiteSetOptions } from "../../src/site/site_set.ts";
import { createFakeClient, type FakeClient, statusError } from "../testing/fake_client.ts";
import { fakeDefinition, hang, resultOf } from "../testing/fake_collector.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { collectorConfig, configOf, siteConfig } from "../testing/site_config.ts";
import { listCollector } from "./_list.ts";
import { MINUTE, SECOND, withSites } from "./_set.ts";

const a = siteConfig({ site: "a", host: "a.example.com" });
const b = siteConfig({ site: "b", host: "b.example.com" });

Deno.test("SiteSet polls all sites, the first at once and the others a little later", async () => {
  await withSites(async ({ clock, apply, value }) => {
    await apply(configOf([a, b]));
    assert.equal(await value("nbu_up", { site: "a" }), 1);
    assert.equal(await value("nbu_up", { site: "b" }), undefined);
    await clock.advance(5 * SECOND);
    assert.equal(await value("nbu_up", { site: "b" }), 1);
  });
});

Deno.test("SiteSet begins with all collectors of all sites at once when it is unspread", async () => {
  await withSites(async ({ set, apply, value }) => {
    const collectors = { ...configOf([]).collectors, extra: collectorConfig() };
    await apply({ ...configOf([a, b]), collectors });
    for (const site of ["a", "b"]) {
      assert.equal(await value("nbu_up", { site }), 1);
      assert.equal(await value("nbu_collector_success", { site, collector: "extra" }), 1);
    }
    assert.ok(set.summaries().every(({ firstCycleEnded }) => firstCycleEnded));
  }, { unspread: true });
});

Deno.test("SiteSet leaves an unchanged site alone: same client, same data, same timers", async () => {
  await withSites(async ({ clients, clock, apply, value, runs }) => {
    await apply(configOf([a]));
    await clock.advance(4 * MINUTE);
    await apply(configOf([a, b]));
    assert.equal(clients.length, 2);
    assert.equal(clients[0]?.closed, false);
    assert.equal(await value("nbu_fake_value", { site: "a" }), 1);
    await clock.advance(MINUTE - 1);
    assert.equal(runs("a"), 1);
    await clock.advance(1);
    assert.equal(runs("a"), 2);
  });
});

Deno.test("SiteSet removes a site with its series and closes its client", async () => {
  await withSites(async ({ clients, clock, apply, sitesShown }) => {
    await apply(configOf([a, b]));
    await clock.advance(5 * SECOND);
    assert.deepEqual(await sitesShown(), ["a", "b"]);
    await apply(configOf([b]));
    assert.deepEqual(clients.map((client) => client.closed), [true, false]);
    assert.deepEqual(await sitesShown(), ["b"]);
  });
});

Deno.test("SiteSet starts a site that comes back only when its predecessor has ended", async () => {
  let running = 0;
  let most = 0;
  let release = () => {};
  await withSites(async ({ clock, apply, definition }) => {
    definition.behave = async ({ site }) => {
      if (site === "a") {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => release = resolve);
        running--;
      }
      return resultOf(site, 1);
    };
    await apply(configOf([a, b]));
    await apply(configOf([b]));
    await apply(configOf([a, b]));
    await clock.advance(10_000);
    assert.equal(most, 1);
    release();
    await clock.advance(60_000);
    assert.equal(running, 1, "the new one");
    release();
  });
});

Deno.test("SiteSet drops all that is known when a site becomes another primary", async () => {
  await withSites(async ({ clients, clock, apply, value, prepare, page }) => {
    await apply(configOf([a]));
    assert.equal(await value("nbu_fake_value", { site: "a" }), 1);
    prepare(configOf([siteConfig({ site: "a", host: "new.example.com" })])).apply();
    const before = await page();
    for (const metric of ["nbu_fake_value", "nbu_up", "nbu_api_version", "nbu_collector_success"]) {
      assert.ok(!before.includes(`\n${metric}{`), `${metric} before the first poll`);
    }
    await clock.advance(0);
    assert.equal(await value("nbu_fake_value", { site: "a" }), 2);
    assert.deepEqual(clients.map((client) => client.closed), [true, false]);
  });
});

Deno.test("SiteSet keeps what is known of a primary whose key was changed, without a gap", async () => {
  await withSites(async ({ clients, clock, apply, prepare, page, definition }) => {
    await apply(configOf([a]));
    const namesAndValues = async () =>
      (await page()).split("\n").filter((line) =>
        line.startsWith("nbu_") && !line.includes("_api_req")
      );
    const before = await namesAndValues();
    prepare(configOf([siteConfig({ ...a, apiKey: new Secret("another") })])).apply();
    assert.deepEqual(await namesAndValues(), before, "before the first poll");
    await clock.advance(0);
    assert.deepEqual(clients.map((client) => client.closed), [true, false]);
    assert.equal(definition.made.length, 1, "the same collector goes on");
    assert.deepEqual(
      (await namesAndValues()).map((line) => line.split(" ")[0]),
      before.map((line) => line.split(" ")[0]),
    );
  });
});

Deno.test("SiteSet remembers what the release lacks over a change of the key, and of no other primary", async () => {
  const asked: string[] = [];
  const createClient: SiteSetOptions["createClient"] = ({ host }) => {
    const client = createFakeClient();
    client.respond = ({ endpoint }) => {
      asked.push(`${endpoint} of ${host}`);
      throw statusError(406, endpoint);
    };
    return client;
  };
  const definitions = [fakeDefinition("jobs", { main: true }), listCollector("one")];
  await withSites(async ({ clock, apply, value }) => {
    const unsupported = () => value("nbu_collector_unsupported", { site: "a", collector: "one" });
    await apply(configOf([a]));
    await clock.advance(MINUTE);
    await apply(configOf([siteConfig({ ...a, apiKey: new Secret("another") })]));
    await clock.advance(MINUTE);
    assert.deepEqual(asked, ["/lists/one of a.example.com"]);
    assert.equal(await unsupported(), 1);
    await apply(configOf([siteConfig({ site: "a", host: "new.example.com" })]));
    await clock.advance(MINUTE);
    assert.deepEqual(asked, ["/lists/one of a.example.com", "/lists/one of new.example.com"]);
  }, { definitions, createClient });
});

Deno.test("SiteSet leaves a primary alone for as long as it wants over a change of the key, and no other primary", async () => {
  const gates: RetryAfterGate[] = [];
  const createClient: SiteSetOptions["createClient"] = (_config, { gate }) => {
    gates.push(gate);
    return createFakeClient();
  };
  await withSites(async ({ apply }) => {
    await apply(configOf([a]));
    await apply(configOf([siteConfig({ ...a, apiKey: new Secret("another") })]));
    await apply(configOf([siteConfig({ site: "a", host: "new.example.com" })]));
    await apply(configOf([]));
    await apply(configOf([siteConfig({ site: "a", host: "new.example.com" })]));
    assert.deepEqual(gates.map((gate) => gates.indexOf(gate)), [0, 0, 2, 3]);
  }, { createClient });
});

Deno.test("SiteSet logs a failure over a change of the key as one, and when it ends", async () => {
  const { logger, records } = createRecordingLogger();
  await withSites(async ({ clock, apply, definition }) => {
    const { behave } = definition;
    definition.behave = () => Promise.reject(statusError(503));
    await apply(configOf([a]));
    await apply(configOf([siteConfig({ ...a, apiKey: new Secret("another") })]));
    definition.behave = behave;
    await clock.advance(10 * MINUTE);
    const said = records.filter(({ message }) => message.startsWith("collection"));
    const lines = said.map(({ level, message, fields }) => [level, message, fields["failed_runs"]]);
    assert.deepEqual(lines, [
      ["warn", "collection failed", undefined],
      ["debug", "collection failed again", undefined],
      ["info", "collection recovered", 2],
    ]);
  }, { logger });
});

Deno.test("SiteSet makes a collector anew whose options change together with the key", async () => {
  await withSites(async ({ apply, definition }) => {
    await apply(configOf([a]));
    const rotated = siteConfig({ ...a, apiKey: new Secret("another") });
    const options = Object.assign(newTreeMap(), { limit: "5" });
    await apply({ ...configOf([rotated]), collectors: { jobs: collectorConfig({ options }) } });
    assert.deepEqual(definition.made.map(({ setting }) => setting.options["limit"]), [
      undefined,
      "5",
    ]);
    assert.deepEqual(definition.made.map(({ runs }) => runs), [1, 1]);
  });
});

Deno.test("SiteSet hands options that change together with the key to a collector that can take them up", async () => {
  await withSites(async ({ apply, definition, runs }) => {
    const taken: unknown[] = [];
    const create = definition.create.bind(definition);
    definition.create = (setting) =>
      Object.assign(create(setting), {
        reconfigure: (options: Record<string, unknown>) => taken.push(options["limit"]),
      });
    await apply(configOf([a]));
    const rotated = siteConfig({ ...a, apiKey: new Secret("another") });
    const options = Object.assign(newTreeMap(), { limit: "5" });
    await apply({ ...configOf([rotated]), collectors: { jobs: collectorConfig({ options }) } });
    assert.equal(definition.made.length, 1, "what it has counted is kept");
    assert.deepEqual(taken, ["5"]);
    assert.equal(runs("a"), 2);
  });
});

Deno.test("SiteSet begins anew with a collector that was switched off after a change of the key", async () => {
  await withSites(async ({ clock, apply, value, definition }) => {
    await apply(configOf([a]));
    const rotated = siteConfig({ ...a, apiKey: new Secret("another") });
    await apply(configOf([rotated]));
    const off = { jobs: collectorConfig({ enabled: false }) };
    await apply({ ...configOf([rotated]), collectors: off });
    assert.equal(await value("nbu_fake_value", { site: "a" }), undefined);
    definition.behave = hang;
    await apply(configOf([rotated]));
    await clock.advance(MINUTE);
    assert.equal(definition.made.length, 2);
    assert.equal(
      await value("nbu_collector_success", { site: "a" }),
      undefined,
      "no run ended yet",
    );
  });
});

Deno.test("SiteSet changes nothing when a client of the new configuration cannot be made", async () => {
  const made: FakeClient[] = [];
  const createClient: SiteSetOptions["createClient"] = ({ site }) => {
    if (site === "bad") throw new Error("unusable certificate");
    const client = createFakeClient();
    made.push(client);
    return client;
  };
  await withSites(async ({ set, apply, prepare, sitesShown }) => {
    await apply(configOf([a]));
    const next = configOf([b, siteConfig({ site: "bad" })]);
    assert.throws(() => prepare(next), /unusable certificate/);
    assert.deepEqual(set.summaries().map(({ site }) => site), ["a"]);
    assert.deepEqual([...set.collectorNames().keys()], ["a"]);
    assert.deepEqual(made.map((client) => client.closed), [false, true], "what was made is closed");
    assert.deepEqual(await sitesShown(), ["a"]);
  }, { createClient });
});

Deno.test("SiteSet.prepare() is given up without a trace", async () => {
  await withSites(async ({ clients, apply, prepare, sitesShown }) => {
    await apply(configOf([a]));
    await prepare(configOf([a, b])).discard();
    assert.deepEqual(clients.map((client) => client.closed), [false, true]);
    assert.deepEqual(await sitesShown(), ["a"]);
  });
});

Deno.test("SiteSet applies new intervals to sites that did not change", async () => {
  await withSites(async ({ clock, apply, runs }) => {
    await apply(configOf([a]));
    await apply(configOf([a], { collectionIntervalMs: MINUTE, cacheTtlMs: 0 }));
    await clock.advance(2 * MINUTE);
    assert.equal(runs("a"), 3);
  });
});

Deno.test("SiteSet switches a collector on and off at all sites", async () => {
  await withSites(async ({ clock, apply, value, extra }) => {
    await apply(configOf([a, b]));
    await clock.advance(MINUTE);
    assert.equal(extra.runs, 0);
    const on = { extra: collectorConfig({ enabled: true }) };
    await apply({ ...configOf([a, b]), collectors: on });
    assert.equal(extra.runs, 2);
    const success = (site: string) => value("nbu_collector_success", { site, collector: "extra" });
    assert.deepEqual([await success("a"), await success("b")], [1, 1]);
    await apply(configOf([a, b]));
    assert.deepEqual([await success("a"), await success("b")], [undefined, undefined]);
    await clock.advance(10 * MINUTE);
    assert.equal(extra.runs, 2);
  });
});

Deno.test("SiteSet does not let a site that fails hold up another one", async () => {
  await withSites(async ({ clock, apply, definition, value }) => {
    definition.behave = (context) =>
      context.site === "a" ? hang(context) : Promise.resolve(resultOf(context.site, 7));
    await apply(configOf([a, b]));
    await clock.advance(5 * SECOND);
    assert.equal(await value("nbu_fake_value", { site: "b" }), 7);
    definition.behave = () => Promise.reject(statusError(503));
    await clock.advance(10 * MINUTE);
    assert.equal(await value("nbu_up", { site: "a" }), 0);
  });
});

Deno.test("SiteSet keeps the counters of requests over a change of the key, and drops them with the site", async () => {
  await withSites(async ({ apply, prepare, value, observers }) => {
    await apply(configOf([a, b]));
    observers[0]?.request("/admin/jobs", "200", 1, true);
    const requests = () => value("nbu_api_requests_total", { site: "a" });
    assert.equal(await requests(), 1);
    await apply(configOf([siteConfig({ ...a, apiKey: new Secret("another") }), b]));
    assert.equal(await requests(), 1);
    await apply(configOf([b]));
    prepare(configOf([a, b])).apply();
    assert.equal(await requests(), undefined);
  });
});
