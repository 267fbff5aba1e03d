import assert from "node:assert/strict";
import { newTreeMap } from "../../src/config/tree.ts";
import {
  planOf,
  sameOptions,
  sameSchedule,
  type SitePlan,
  staleAfterMs,
} from "../../src/site/plan.ts";
import { fakeDefinition } from "../testing/fake_collector.ts";
import { collectorConfig, configOf } from "../testing/site_config.ts";
import type { CollectorConfig, ServerConfig } from "../../src/config/types.ts";

const MINUTE = 60_000;
const on = fakeDefinition("on");
const off = fakeDefinition("off", { enabledByDefault: false });
const slow = fakeDefinition("slow", { interval: () => 30 * MINUTE });

function plan(
  sections: Record<string, Partial<CollectorConfig>> = {},
  server: Partial<ServerConfig> = {},
): SitePlan {
  const collectors = Object.fromEntries(
    Object.entries(sections).map(([name, section]) => [name, collectorConfig(section)]),
  );
  return planOf({ ...configOf([], server), collectors }, [on, off, slow]);
}

function of(sitePlan: SitePlan, name: string) {
  const found = sitePlan.collectors.find(({ definition }) => definition.name === name);
  assert.ok(found, name);
  return found;
}

Deno.test("planOf() takes the collectors that are on, in the order of the registry", () => {
  const names = (sitePlan: SitePlan) =>
    sitePlan.collectors.map(({ definition }) => definition.name);
  assert.deepEqual(names(plan()), ["on", "slow"]);
  assert.deepEqual(names(plan({ slow: { enabled: false }, off: {} })), ["on", "off"]);
});

Deno.test("planOf() takes intervals from the configuration, else from the collector", () => {
  const sitePlan = plan({ on: { intervalMs: 7 * MINUTE } }, { collectionIntervalMs: 2 * MINUTE });
  assert.equal(of(sitePlan, "on").intervalMs, 7 * MINUTE);
  assert.equal(of(sitePlan, "slow").intervalMs, 30 * MINUTE);
  assert.equal(sitePlan.pollIntervalMs, 2 * MINUTE);
});

Deno.test("planOf() gives a run its interval to end, and five minutes at the least", () => {
  const sitePlan = plan({ on: { intervalMs: MINUTE } });
  assert.equal(of(sitePlan, "on").timeoutMs, 5 * MINUTE);
  assert.equal(of(sitePlan, "slow").timeoutMs, 30 * MINUTE);
  assert.equal(of(plan({ on: { timeoutMs: MINUTE } }), "on").timeoutMs, MINUTE);
});

Deno.test("planOf() passes on maxSeries and options, empty ones where there are none", () => {
  const options = Object.assign(newTreeMap(), { limit: "5" });
  const sitePlan = plan({ on: { maxSeries: 100, options } });
  assert.equal(of(sitePlan, "on").maxSeries, 100);
  assert.deepEqual(of(sitePlan, "on").options, options);
  assert.equal(of(sitePlan, "slow").maxSeries, undefined);
  assert.deepEqual({ ...of(sitePlan, "slow").options }, {});
});

Deno.test("planOf() takes for the window of job gauges the longer of the two intervals", () => {
  const windowOf = (scrapingIntervalMs: number, collectionIntervalMs: number) =>
    plan({}, { scrapingIntervalMs, collectionIntervalMs }).windowMs;
  assert.equal(windowOf(60 * MINUTE, 5 * MINUTE), 60 * MINUTE);
  assert.equal(windowOf(MINUTE, 5 * MINUTE), 5 * MINUTE);
});

Deno.test("sameSchedule() and sameOptions() find every difference, and no other", () => {
  const base = of(plan({ on: {} }), "on");
  assert.ok(sameSchedule(base, of(plan({ on: {} }), "on")));
  assert.ok(sameOptions(base, of(plan({ on: {} }), "on")));
  for (const section of [{ intervalMs: 1 }, { timeoutMs: 1 }, { maxSeries: 1 }]) {
    const other = of(plan({ on: section }), "on");
    assert.ok(!sameSchedule(base, other), JSON.stringify(section));
    assert.ok(sameOptions(base, other), JSON.stringify(section));
  }
  const options = Object.assign(newTreeMap(), {
    clients: Object.assign(newTreeMap(), { a: ["b"] }),
  });
  const other = of(plan({ on: { options } }), "on");
  assert.ok(!sameOptions(base, other));
  assert.ok(sameSchedule(base, other));
});

Deno.test("sameOptions() takes the order of keys for nothing, and that of a list for a difference", () => {
  const withUnits = (units: Record<string, readonly string[]>) => {
    const options = Object.assign(newTreeMap(), { units: Object.assign(newTreeMap(), units) });
    return of(plan({ on: { options } }), "on");
  };
  const base = withUnits({ include: ["a", "c"], exclude: ["b"] });
  assert.ok(sameOptions(base, withUnits({ exclude: ["b"], include: ["a", "c"] })));
  assert.ok(!sameOptions(base, withUnits({ include: ["c", "a"], exclude: ["b"] })));
  assert.ok(!sameOptions(base, withUnits({ include: ["a", "c"] })));
});

Deno.test("staleAfterMs() is three intervals, or three runs where they take longer", () => {
  const { collectors } = plan();
  const [entry] = collectors;
  assert.ok(entry);
  assert.equal(staleAfterMs(entry, 0), 15 * MINUTE);
  assert.equal(staleAfterMs(entry, 20 * MINUTE), 60 * MINUTE);
});
