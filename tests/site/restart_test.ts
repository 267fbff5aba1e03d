/**
 * Sites across restarts of the exporter: a new set of sites with the same state directory.
 */
import assert from "node:assert/strict";
import type { SavedTimes } from "../../src/collectors/collector.ts";
import { singleSample } from "../../src/metrics/family.ts";
import type { SiteSetOptions } from "../../src/site/site_set.ts";
import type { StateDirectory } from "../../src/state/directory.ts";
import { createMemoryCheckpoint, type MemoryCheckpoint } from "../ledger/_memory_checkpoint.ts";
import { createFakeClient, statusError } from "../testing/fake_client.ts";
import { type FakeDefinition, fakeDefinition, fakeValue } from "../testing/fake_collector.ts";
import { collectorConfig, configOf, siteConfig } from "../testing/site_config.ts";
import { MINUTE, SECOND, type SetWorld, withSites } from "./_set.ts";

const SUCCESS = "nbu_collector_last_success_timestamp_seconds";
const sites = configOf([siteConfig({ site: "a" })]);

/** A state directory in memory. */
function memoryDirectory(): StateDirectory & { readonly file: (name: string) => MemoryCheckpoint } {
  const files = new Map<string, MemoryCheckpoint>();
  const file = (name: string): MemoryCheckpoint => {
    const known = files.get(name) ?? createMemoryCheckpoint();
    files.set(name, known);
    return known;
  };
  return {
    directory: "memory",
    file,
    checkpoint: ({ site }, kind = "state") => file(`${site}.${kind}`),
    close() {},
  };
}

/** Main collectors `jobs` and `storage`. */
function definitions(): { readonly jobs: FakeDefinition; readonly storage: FakeDefinition } {
  return {
    jobs: fakeDefinition("jobs", { main: true }),
    storage: fakeDefinition("storage", { main: true }),
  };
}

/** One life of the exporter. */
async function live(
  state: StateDirectory,
  { jobs, storage }: ReturnType<typeof definitions>,
  body: (world: SetWorld) => Promise<void>,
  options: Partial<SiteSetOptions> = {},
): Promise<void> {
  await withSites(async (world) => {
    await world.apply(sites);
    await body(world);
  }, { state, definitions: [jobs, storage], ...options });
}

/** A primary that refuses the key. */
const badKey: Partial<SiteSetOptions> = {
  createClient: () => Object.assign(createFakeClient(), { keyAccepted: false }),
};

Deno.test("Site shows the last success from before a restart while nothing can be read since", async () => {
  const state = memoryDirectory();
  let before = 0;
  await live(state, definitions(), async ({ clock, value }) => {
    await clock.advance(10 * MINUTE);
    before = await value(SUCCESS, { site: "a", collector: "jobs" }) ?? 0;
    assert.equal(before, clock.now() / 1000);
  });
  const next = definitions();
  await live(state, next, async ({ clock, value, page }) => {
    for (const source of ["jobs", "storage"]) {
      assert.equal(await value(SUCCESS, { site: "a", collector: source }), before);
      assert.equal(await value("nbu_last_scrape_timestamp_seconds", { source }), before);
    }
    await clock.advance(60 * MINUTE);
    assert.equal(await value(SUCCESS, { site: "a", collector: "jobs" }), before);
    assert.equal(await value("nbu_collector_success", { site: "a", collector: "jobs" }), 0);
    assert.equal(await value("nbu_collector_stale", { site: "a", collector: "jobs" }), 1);
    assert.doesNotMatch(await page(), /^nbu_collector_rows\{/m, "nothing is claimed of its rows");
    assert.deepEqual([next.jobs.runs, next.storage.runs], [0, 0]);
  }, badKey);
});

Deno.test("Site shows what was kept before its first poll, and no 0 before that", async () => {
  const state = memoryDirectory();
  await live(state, definitions(), async ({ clock }) => await clock.advance(MINUTE));
  const { saved } = state.file("a.runs");
  const reading = Promise.withResolvers<void>();
  const load = state.file("a.runs").load;
  state.file("a.runs").load = async () => {
    await reading.promise;
    return await load();
  };
  const next = definitions();
  await live(state, next, async ({ clock, page, value }) => {
    assert.doesNotMatch(await page(), /nbu_collector_last_success/);
    assert.equal(next.jobs.runs, 0, "polls wait");
    next.jobs.behave = () => Promise.reject(statusError(500));
    reading.resolve();
    await clock.advance(0);
    assert.ok((await value(SUCCESS, { site: "a", collector: "jobs" }) ?? 0) > 0);
    assert.equal(next.jobs.runs, 1);
  });
  assert.ok(saved.length > 0);
});

Deno.test("Site polls after 15 seconds although the state directory hangs", async () => {
  const state = memoryDirectory();
  state.file("a.runs").load = () => new Promise(() => {});
  const own = definitions();
  await live(state, own, async ({ clock, value }) => {
    await clock.advance(15 * SECOND - 1);
    assert.equal(own.jobs.runs, 0);
    await clock.advance(1);
    assert.equal(own.jobs.runs, 1);
    assert.equal(await value("nbu_up", { site: "a" }), 1);
  });
});

Deno.test("Site can be closed while the state directory hangs", async () => {
  const state = memoryDirectory();
  state.file("a.runs").load = () => new Promise(() => {});
  const own = definitions();
  // What is left waiting after the close is an error there.
  await live(state, own, ({ clock }) => clock.advance(SECOND));
  assert.equal(own.jobs.runs, 0);
});

Deno.test("Site has a collector restore its counters before the first poll, with the times of its parts", async () => {
  const state = memoryDirectory();
  const first = definitions();
  const parts = { finished: 1000, unfinished: 0 };
  const withParts = ({ jobs }: typeof first, restored: SavedTimes["parts"][]) => {
    const create = jobs.create.bind(jobs);
    jobs.create = (setting) => {
      const made = create(setting);
      return Object.assign(made, {
        partsReadAt: () => parts,
        restore: (kept: SavedTimes["parts"]) => {
          restored.push(kept);
          return Promise.resolve([singleSample(fakeValue, { site: setting.site }, 42)]);
        },
      });
    };
  };
  const atFirst: SavedTimes["parts"][] = [];
  withParts(first, atFirst);
  await live(state, first, async ({ clock }) => await clock.advance(MINUTE));
  assert.deepEqual(atFirst, [{}]);
  const next = definitions();
  const restored: SavedTimes["parts"][] = [];
  withParts(next, restored);
  await live(state, next, async ({ value, apply, clock }) => {
    assert.equal(await value("nbu_fake_value", { site: "a" }), 42);
    assert.deepEqual(restored, [parts]);
    // The same collector goes on with another key: there is nothing to restore.
    const { retry } = siteConfig();
    await apply(configOf([siteConfig({ site: "a", retry: { ...retry, maxAttempts: 2 } })]));
    await clock.advance(MINUTE);
    assert.equal(next.jobs.made.length, 1);
  }, badKey);
});

Deno.test("Site goes on where a collector cannot restore its counters", async () => {
  const own = definitions();
  const create = own.jobs.create.bind(own.jobs);
  own.jobs.create = (setting) =>
    Object.assign(create(setting), { restore: () => Promise.reject(new Error("no access")) });
  await live(memoryDirectory(), own, async ({ value }) => {
    assert.equal(await value("nbu_collector_success", { site: "a", collector: "jobs" }), 1);
  });
});

Deno.test("Site knows the last success of a collector that is switched off and on again", async () => {
  const state = memoryDirectory();
  const own = definitions();
  await live(state, own, async ({ clock, apply, value }) => {
    await clock.advance(MINUTE);
    const before = await value(SUCCESS, { site: "a", collector: "storage" });
    assert.ok(before);
    own.storage.behave = () => Promise.reject(statusError(500));
    const off = { ...sites.collectors };
    const storage = { enabled: false };
    await apply({
      ...sites,
      collectors: { ...off, storage: { ...collectorConfig(), ...storage } },
    });
    assert.equal(await value(SUCCESS, { site: "a", collector: "storage" }), undefined);
    await apply(sites);
    await clock.advance(SECOND);
    assert.equal(await value("nbu_collector_success", { site: "a", collector: "storage" }), 0);
    assert.equal(await value(SUCCESS, { site: "a", collector: "storage" }), before);
  });
});
