import assert from "node:assert/strict";
import { defineMetric } from "../../src/metrics/define.ts";
import { familyBuilder } from "../../src/metrics/family.ts";
import { histogramFamily } from "../../src/metrics/histogram.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import { DroppedSeries } from "../../src/site/dropped_series.ts";
import { EMPTY_RESULT, fakeDefinition } from "../testing/fake_collector.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { valueOf } from "../testing/samples.ts";
import { INTERVAL, MINUTE, withSite } from "./_world.ts";

const labels = ["site", "client"] as const;
const client = defineMetric("nbu_client", "gauge", "Help", labels, { maxSeries: 3 });
const total = defineMetric("nbu_client_total", "counter", "Help", labels, { maxSeries: 2 });
const duration = defineMetric("nbu_client_seconds", "histogram", "Help", labels, { maxSeries: 1 });

function family(definition: typeof client, names: readonly string[]): MetricFamily {
  const builder = familyBuilder(definition);
  for (const name of names) builder.set({ site: "a", client: name }, 1);
  return builder.build();
}

const NAMES = ["e", "d", "c", "b", "a"];

Deno.test("Site drops what is over a metric's own maxSeries, the same series each time, and counts it", async () => {
  const other = fakeDefinition("other");
  let names = NAMES;
  other.behave = () => Promise.resolve({ ...EMPTY_RESULT, families: [family(client, names)] });
  await withSite(async ({ site, clock, count, value, dropped }) => {
    site.start(0);
    for (const [run, order] of [NAMES, [...NAMES].reverse(), NAMES].entries()) {
      names = order;
      await clock.advance(run === 0 ? MINUTE : INTERVAL);
      assert.equal(count("nbu_client"), 3);
      for (const kept of ["a", "b", "c"]) assert.equal(value("nbu_client", { client: kept }), 1);
      assert.deepEqual([...dropped], [["nbu_client", 2 * (run + 1)]]);
    }
  }, { others: [other] });
});

Deno.test("Site bounds counters and histograms as well, by whole series", async () => {
  const other = fakeDefinition("other");
  const histogram = histogramFamily(duration, [1, 10]);
  for (const name of NAMES) histogram.observe({ site: "a", client: name }, 5);
  other.behave = () =>
    Promise.resolve({ ...EMPTY_RESULT, cumulative: [family(total, NAMES), histogram.build()] });
  await withSite(async ({ site, clock, count, value, dropped }) => {
    site.start(0);
    await clock.advance(MINUTE);
    assert.equal(value("nbu_client_total", { client: "e" }), 1, "those that were first stay");
    assert.equal(count("nbu_client_total"), 2);
    assert.equal(count("nbu_client_seconds"), 5, "three buckets, a sum and a count");
    assert.deepEqual([...dropped], [["nbu_client_total", 3], ["nbu_client_seconds", 4]]);
  }, { others: [other] });
});

for (const [maxSeries, kept] of [[1, 1], [4, 4], [100, 5]] as const) {
  Deno.test(`Site takes maxSeries ${maxSeries} of the configuration instead of the metric's own`, async () => {
    const other = fakeDefinition("other");
    other.behave = () => Promise.resolve({ ...EMPTY_RESULT, families: [family(client, NAMES)] });
    await withSite(async ({ site, clock, count, dropped }) => {
      site.start(0);
      await clock.advance(MINUTE);
      assert.equal(count("nbu_client"), kept);
      assert.equal(dropped.get("nbu_client") ?? 0, NAMES.length - kept);
    }, { others: [other], collectors: { other: { maxSeries } } });
  });
}

Deno.test("Site counts series that repeat others as dropped", async () => {
  const other = fakeDefinition("other");
  other.behave = () => Promise.resolve({ ...EMPTY_RESULT, repeated: new Map([["nbu_client", 3]]) });
  await withSite(async ({ site, clock, dropped }) => {
    site.start(0);
    await clock.advance(MINUTE);
    assert.deepEqual([...dropped], [["nbu_client", 3]]);
  }, { others: [other] });
});

Deno.test("DroppedSeries begins at 0 for every metric of a collector, and sums up all sites", () => {
  const { logger, records } = createRecordingLogger();
  const series = new DroppedSeries([fakeDefinition("x", { metrics: [client, total] })], logger);
  const of = (metric: string) =>
    valueOf([series.family()], "nbu_exporter_series_dropped_total", { metric });
  assert.deepEqual([of("nbu_client"), of("nbu_client_total")], [0, 0]);
  series.add("nbu_client", 2);
  series.add("nbu_client", 3);
  assert.deepEqual([of("nbu_client"), of("nbu_client_total")], [5, 0]);
  assert.equal(records.length, 1, "one warning for each metric");
  assert.equal(records[0]?.fields["metric"], "nbu_client");
  series.add("nbu_client_total", 1);
  assert.equal(records.length, 2);
});
