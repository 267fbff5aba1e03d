import assert from "node:assert/strict";
import { defineMetric } from "../../src/metrics/define.ts";
import { singleSample } from "../../src/metrics/family.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import { testPage, volume, volumeOf } from "./_page.ts";
import { parseExposition } from "./_parse.ts";

/** A source whose value and revision the test sets. */
function liveSource() {
  return {
    value: 1,
    at: 1,
    looks: 0,
    revision() {
      return this.at;
    },
    families(): MetricFamily[] {
      this.looks++;
      return [volumeOf("live", this.value)];
    },
  };
}

Deno.test("MetricsPage shows live families as they stand at each join", async () => {
  const test = testPage();
  const source = liveSource();
  test.page.addLive("live", source);
  assert.match(await test.text(), /site="live"\} 1\n/);
  source.value = 2;
  source.at = 2;
  test.now += 1000;
  assert.match(await test.text(), /site="live"\} 2\n/);
  assert.match(await test.unzipped(), /site="live"\} 2\n/);
});

Deno.test("MetricsPage does not reuse the page of one form when another has found live families changed", async () => {
  const test = testPage();
  const source = liveSource();
  test.page.addLive("live", source);
  await test.text();
  source.value = 2;
  source.at = 2;
  assert.match(await test.unzipped(), /site="live"\} 2\n/);
  assert.match(await test.text(), /site="live"\} 2\n/);
});

Deno.test("MetricsPage.withdraw() does not look at a live source any more", async () => {
  const test = testPage();
  const source = liveSource();
  test.page.addLive("live", source);
  await test.text();
  test.page.withdraw("live");
  source.at = 2;
  test.now += 1000;
  assert.equal(await test.text(), "");
});

Deno.test("MetricsPage does not look at live families whose revision is the same", async () => {
  const test = testPage();
  const source = liveSource();
  test.page.addLive("live", source);
  for (let scrape = 0; scrape < 5; scrape++) {
    test.now += 10_000;
    await test.text();
  }
  assert.equal(source.looks, 1);
});

Deno.test("MetricsPage shows a new live source of an old name, whatever its revision", async () => {
  const test = testPage();
  test.page.addLive("live", liveSource());
  await test.text();
  test.page.addLive("live", { ...liveSource(), families: () => [volumeOf("next", 5)] });
  test.now += 1000;
  const samples = parseExposition(await test.text(), "text")[0]?.samples;
  assert.deepEqual(samples?.map(({ labels }) => labels["site"]), ["next"]);
});

Deno.test("MetricsPage.body() rejects for as long as live families share a name with other ones", async () => {
  const test = testPage();
  const other = defineMetric("volume_bytes", "gauge", "Other", ["site"]);
  test.page.publish("one", [volumeOf("a", 1)]);
  let families = [singleSample(other, { site: "live" }, 1)];
  test.page.addLive("live", { revision: () => 1, families: () => families });
  for (let scrape = 0; scrape < 2; scrape++) {
    test.now += 1000;
    await assert.rejects(
      () => test.page.body("text", "identity"),
      /"volume_bytes": two different definitions/,
    );
  }
  families = [singleSample(volume, { site: "live" }, 1)];
  test.now += 1000;
  assert.match(await test.text(), /site="live"/);
});

Deno.test("MetricsPage.body() rejects when a live source fails, and does not throw", async () => {
  const test = testPage();
  let broken = true;
  test.page.addLive("live", {
    revision: () => 1,
    families() {
      if (broken) throw new Error("no figures");
      return [volumeOf("live", 1)];
    },
  });
  let page: Promise<unknown> | undefined;
  assert.doesNotThrow(() => page = test.page.body("text", "gzip"));
  await assert.rejects(page ?? Promise.resolve(), /no figures/);
  broken = false;
  test.now += 1000;
  assert.match(await test.text(), /site="live"/);
});
