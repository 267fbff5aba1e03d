import assert from "node:assert/strict";
import { diffConfig } from "../../src/config/diff.ts";
import { Secret } from "../../src/base/secret.ts";
import type { Config } from "../../src/config/types.ts";
import { SiteSet, type SiteSetOptions } from "../../src/site/site_set.ts";
import { noTracing } from "../../src/telemetry/tracing.ts";
import { createFakeClient, type FakeClient } from "../testing/fake_client.ts";
import { createFakeClock, type FakeClock } from "../testing/fake_clock.ts";
import { createFakeCollector, resultOf } from "../testing/fake_collector.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";
import { configOf, siteConfig } from "../testing/site_config.ts";

interface World {
  readonly set: SiteSet;
  readonly clock: FakeClock;
  /** Clients in the order they were made. */
  readonly clients: FakeClient[];
  readonly apply: (config: Config) => Promise<void>;
}

async function withSites(
  body: (world: World) => Promise<void>,
  options: Partial<SiteSetOptions> = {},
): Promise<void> {
  const clock = createFakeClock();
  const clients: FakeClient[] = [];
  let value = 0;
  const set = new SiteSet({
    clock,
    logger: createRecordingLogger().logger,
    tracing: noTracing,
    createClient: () => {
      const client = createFakeClient();
      clients.push(client);
      return client;
    },
    createCollectors: () => {
      const collector = createFakeCollector("storage");
      const own = value += 1;
      collector.behave = ({ site }) => Promise.resolve(resultOf(site, own));
      return [collector];
    },
    endpoints: ["/admin/jobs"],
    onChange: () => {},
    ...options,
  });
  let running: Config | undefined;
  const apply = async (config: Config) => {
    const diff = running && diffConfig(running, config);
    set.prepare(config, diff).apply();
    running = config;
    await clock.advance(0);
  };
  try {
    await body({ set, clock, clients, apply });
  } finally {
    await set.close(0);
    await clock.advance(0);
    assert.equal(clock.pending, 0, "no wait is left after close()");
  }
}

const a = siteConfig({ site: "a", host: "a.example.com" });
const b = siteConfig({ site: "b", host: "b.example.com" });

Deno.test("SiteSet polls all sites, the first at once and the others a little later", async () => {
  await withSites(async ({ set, clock, apply }) => {
    await apply(configOf([a, b]));
    assert.equal(valueOf(set.families(), "nbu_up", { site: "a" }), 1);
    assert.equal(valueOf(set.families(), "nbu_up", { site: "b" }), undefined);
    await clock.advance(5000);
    assert.equal(valueOf(set.families(), "nbu_up", { site: "b" }), 1);
  });
});

Deno.test("SiteSet leaves an unchanged site alone: same client, same data", async () => {
  await withSites(async ({ set, clients, apply }) => {
    await apply(configOf([a]));
    await apply(configOf([a, b]));
    assert.equal(clients.length, 2);
    assert.equal(clients[0]?.closed, false);
    assert.equal(valueOf(set.families(), "nbu_disk_capacity_bytes", { site: "a" }), 1);
  });
});

Deno.test("SiteSet removes a site with its series and closes its client", async () => {
  await withSites(async ({ set, clients, clock, apply }) => {
    await apply(configOf([a, b]));
    await clock.advance(5000);
    await apply(configOf([b]));
    assert.deepEqual(clients.map((client) => client.closed), [true, false]);
    const sites = new Set(
      [...set.families(), ...set.liveFamilies()].flatMap((f) => f.samples)
        .map((sample) => sample.labels["site"]),
    );
    assert.deepEqual([...sites], ["b"]);
  });
});

Deno.test("SiteSet starts a site that comes back only when its predecessor has ended", async () => {
  let running = 0;
  let most = 0;
  let release = () => {};
  await withSites(async ({ clock, apply }) => {
    await apply(configOf([a, b]));
    await apply(configOf([b]));
    await apply(configOf([a, b]));
    await clock.advance(10_000);
    assert.equal(most, 1);
    release();
    await clock.advance(60_000);
    assert.equal(running, 1, "the new one");
    release();
  }, {
    createCollectors: ({ site }) => {
      const collector = createFakeCollector("storage");
      collector.behave = async () => {
        if (site === "a") {
          most = Math.max(most, ++running);
          await new Promise<void>((resolve) => release = resolve);
          running--;
        }
        return resultOf(site, 1);
      };
      return [collector];
    },
  });
});

Deno.test("SiteSet drops what was cached when a site becomes another primary", async () => {
  await withSites(async ({ set, clients, clock, apply }) => {
    await apply(configOf([a]));
    assert.equal(valueOf(set.families(), "nbu_disk_capacity_bytes", { site: "a" }), 1);
    const moved = siteConfig({ site: "a", host: "new.example.com" });
    set.prepare(configOf([moved]), diffConfig(configOf([a]), configOf([moved]))).apply();
    assert.equal(
      seriesCount(set.families(), "nbu_disk_capacity_bytes"),
      0,
      "before the first poll",
    );
    await clock.advance(0);
    assert.equal(valueOf(set.families(), "nbu_disk_capacity_bytes", { site: "a" }), 2);
    assert.deepEqual(clients.map((client) => client.closed), [true, false]);
  });
});

Deno.test("SiteSet keeps what is known of a primary whose key was changed", async () => {
  await withSites(async ({ set, clients, apply }) => {
    await apply(configOf([a]));
    const rotated = siteConfig({ ...a, apiKey: new Secret("another") });
    set.prepare(configOf([rotated]), diffConfig(configOf([a]), configOf([rotated]))).apply();
    assert.equal(valueOf(set.families(), "nbu_disk_capacity_bytes", { site: "a" }), 1);
    assert.deepEqual(clients.map((client) => client.closed), [true, false]);
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
  await withSites(async ({ set, apply }) => {
    await apply(configOf([a]));
    const next = configOf([b, siteConfig({ site: "bad" })]);
    assert.throws(() => set.prepare(next, diffConfig(configOf([a]), next)), /unusable certificate/);
    assert.deepEqual(set.summaries().map(({ site }) => site), ["a"]);
    assert.deepEqual(made.map((client) => client.closed), [false, true], "what was made is closed");
  }, { createClient });
});

Deno.test("SiteSet applies new intervals to sites that did not change", async () => {
  await withSites(async ({ set, clock, apply }) => {
    await apply(configOf([a]));
    const timestamp = () =>
      valueOf(set.families(), "nbu_last_scrape_timestamp_seconds", { source: "storage" });
    const first = timestamp();
    await apply(configOf([a], { collectionIntervalMs: 60_000, cacheTtlMs: 0 }));
    await clock.advance(60_000);
    assert.equal((timestamp() ?? 0) - (first ?? 0), 60);
  });
});
