import assert from "node:assert/strict";
import { defineMetric } from "../../src/metrics/define.ts";
import { familyBuilder, singleSample } from "../../src/metrics/family.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import { cpu, nextTask, requests, testPage, volume, volumeOf } from "./_page.ts";
import { parseExposition } from "./_parse.ts";

for (const format of ["text", "openmetrics"] as const) {
  Deno.test(`MetricsPage.body() joins what is published and the exporter's own in ${format}`, async () => {
    const { page, text, unzipped } = testPage([singleSample(cpu, {}, 3)]);
    page.publish("one", [volumeOf("a", 1), singleSample(requests, { site: "a" }, 2)]);
    page.publish("two", [volumeOf("b", 4)]);
    const plain = await text(format);
    const parsed = parseExposition(plain, format);
    const values = parsed.map(({ samples }) => samples.map(({ value }) => value));
    assert.deepEqual(values, [[2], [1, 4], [3]], "metrics by name, the own ones last");
    assert.equal(await unzipped(format), plain);
    const { contentType } = await page.body(format, "gzip");
    assert.match(contentType, format === "text" ? /^text\/plain; / : /^application\/openm/);
  });

  Deno.test(`MetricsPage.body() is a valid page before anything is published in ${format}`, async () => {
    const empty = testPage();
    assert.equal(await empty.text(format), format === "text" ? "" : "# EOF\n");
    assert.equal(await empty.unzipped(format), format === "text" ? "" : "# EOF\n");
    const own = testPage([singleSample(cpu, {}, 3)]);
    assert.equal(parseExposition(await own.text(format), format).length, 1);
  });
}

Deno.test("MetricsPage.body() ends OpenMetrics once, at the very end", async () => {
  const { page, text } = testPage([singleSample(cpu, {}, 3)]);
  page.publish("one", [volumeOf("a", 1)]);
  page.publish("two", [volumeOf("b", 1)]);
  const openMetrics = await text("openmetrics");
  assert.equal(openMetrics.indexOf("# EOF"), openMetrics.length - "# EOF\n".length);
});

Deno.test("MetricsPage.body() keeps HELP and TYPE of a metric without samples", async () => {
  const { page, text } = testPage();
  page.publish("one", [familyBuilder(volume).build()]);
  const expected = "# HELP volume_bytes Size of a volume\n# TYPE volume_bytes gauge\n";
  assert.equal(await text(), expected);
  page.publish("two", [volumeOf("b", 1)]);
  assert.equal(await text(), `${expected}volume_bytes{site="b"} 1\n`);
});

Deno.test("MetricsPage.body() serves the newest publication at once", async () => {
  const { page, text, unzipped } = testPage();
  for (const value of [1, 2, 3]) {
    page.publish("one", [volumeOf("a", value)]);
    assert.match(await text(), new RegExp(`volume_bytes\\{site="a"\\} ${value}\n`));
    assert.match(await unzipped(), new RegExp(`volume_bytes\\{site="a"\\} ${value}\n`));
  }
});

Deno.test("MetricsPage.publish() replaces all that the source has published, and nothing else", async () => {
  const { page, text } = testPage();
  page.publish("one", [volumeOf("a", 1), singleSample(requests, { site: "a" }, 2)]);
  page.publish("two", [volumeOf("b", 2)]);
  page.publish("one", [volumeOf("a", 3)]);
  const samples = parseExposition(await text(), "text").flatMap(({ samples }) => samples);
  assert.deepEqual(samples.map(({ labels, value }) => [labels["site"], value]), [["a", 3], [
    "b",
    2,
  ]]);
});

Deno.test("MetricsPage.publish() takes several families of one metric", async () => {
  const { page, text } = testPage();
  page.publish("one", [volumeOf("a", 1), volumeOf("b", 2)]);
  assert.deepEqual(parseExposition(await text(), "text")[0]?.samples.map(({ value }) => value), [
    1,
    2,
  ]);
});

Deno.test("MetricsPage.withdraw() takes back a source with its metrics and its live families", async () => {
  const { page, text } = testPage();
  page.publish("one", [volumeOf("a", 1)]);
  page.publish("two", [volumeOf("b", 2)]);
  page.addLive("live", {
    revision: () => 1,
    families: () => [singleSample(requests, { site: "a" }, 1)],
  });
  assert.equal(parseExposition(await text(), "text").length, 2);
  page.withdraw("one");
  page.withdraw("live");
  assert.equal(
    await text(),
    '# HELP volume_bytes Size of a volume\n# TYPE volume_bytes gauge\nvolume_bytes{site="b"} 2\n',
  );
  page.withdraw("two");
  assert.equal(await text(), "", "a metric that nobody publishes is gone");
  page.withdraw("unknown");
});

Deno.test("MetricsPage.publish() refuses a second definition of a name, and changes nothing then", async () => {
  const { page, text } = testPage();
  const other = defineMetric("volume_bytes", "gauge", "Other", ["site"]);
  page.publish("one", [volumeOf("a", 1)]);
  const clash = [singleSample(requests, { site: "b" }, 1), singleSample(other, { site: "b" }, 2)];
  assert.throws(() => page.publish("two", clash), /"volume_bytes": two different definitions/);
  assert.throws(
    () => page.publish("two", [volumeOf("b", 1), singleSample(other, { site: "b" }, 2)]),
    /"volume_bytes": two different definitions/,
  );
  assert.equal(parseExposition(await text(), "text").length, 1);
  page.withdraw("one");
  page.publish("two", [singleSample(other, { site: "b" }, 2)]);
  assert.match(await text(), /HELP volume_bytes Other/, "the name is free again");
});

Deno.test("MetricsPage.body() refuses a metric that is published and the exporter's own", async () => {
  const { page, text } = testPage([singleSample(cpu, {}, 3)]);
  page.publish("one", [singleSample(cpu, {}, 1)]);
  await assert.rejects(text(), /"cpu_seconds_total" per scrape: it is published as well/);
});

Deno.test("MetricsPage keeps a failed rendering to the scrapes that want it, and recovers", async () => {
  const { page, text, unzipped } = testPage();
  await text();
  await unzipped();
  const broken: MetricFamily = {
    definition: volume,
    samples: [...volumeOf("b", 1).samples, {
      labels: {
        get site(): string {
          throw new Error("cannot be read");
        },
      },
      value: 1,
    }],
  };
  // Rendered ahead for both forms: an unhandled rejection would end the process.
  page.publish("one", [broken]);
  await nextTask();
  await assert.rejects(text(), /cannot be read/);
  await assert.rejects(unzipped(), /cannot be read/);
  page.publish("one", [volumeOf("a", 1)]);
  assert.match(await text(), /volume_bytes\{site="a"\} 1/);
  assert.match(await unzipped(), /volume_bytes\{site="a"\} 1/);
});

Deno.test("MetricsPage.body() asks for the exporter's own families anew with each join", async () => {
  const test = testPage([singleSample(cpu, {}, 1)]);
  assert.match(await test.text(), /cpu_seconds_total 1\n/);
  test.own = [singleSample(cpu, {}, 2)];
  test.page.touch();
  assert.match(await test.text(), /cpu_seconds_total 2\n/);
});
