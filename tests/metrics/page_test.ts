import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { defineMetric } from "../../src/metrics/catalogue/define.ts";
import { singleSample } from "../../src/metrics/family.ts";
import { SnapshotPage } from "../../src/metrics/page.ts";
import type { MetricFamily, Sample } from "../../src/metrics/types.ts";
import { parseExposition } from "./_parse.ts";

const volume = defineMetric("volume_bytes", "gauge", "Size of a volume", ["site"]);
const requests = defineMetric("requests_total", "counter", "Requests", []);
const cpu = defineMetric("cpu_seconds_total", "counter", "Time", []);

const decoder = new TextDecoder();

async function textOf(
  page: SnapshotPage,
  format: "text" | "openmetrics",
  own: readonly MetricFamily[] = [],
): Promise<string> {
  return decoder.decode((await page.body(format, "identity", own)).bytes);
}

/** A family that counts how often its samples are read, that is rendered. */
function watchedFamily(): { family: MetricFamily; reads: () => number } {
  let reads = 0;
  const family = {
    definition: volume,
    get samples(): readonly Sample[] {
      reads += 1;
      return [{ labels: { site: "a" }, value: 1 }];
    },
  };
  return { family, reads: () => reads };
}

/** Lets work go on that was begun and not awaited. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

for (const format of ["text", "openmetrics"] as const) {
  Deno.test(`SnapshotPage.body() joins what is published and the scrape's own in ${format}`, async () => {
    const page = new SnapshotPage();
    page.publish([singleSample(volume, { site: "a" }, 1), singleSample(requests, {}, 2)]);
    const own = [singleSample(cpu, {}, 3)];
    const plain = await page.body(format, "identity", own);
    const gzip = await page.body(format, "gzip", own);
    const parsed = parseExposition(decoder.decode(plain.bytes), format);
    assert.deepEqual(parsed.flatMap(({ samples }) => samples.map(({ value }) => value)), [1, 2, 3]);
    assert.equal(gunzipSync(gzip.bytes).toString(), decoder.decode(plain.bytes));
    assert.equal(plain.contentType, gzip.contentType);
    assert.match(plain.contentType, format === "text" ? /^text\/plain; / : /^application\/openm/);
  });

  Deno.test(`SnapshotPage.body() is a valid page before anything is published in ${format}`, async () => {
    const page = new SnapshotPage();
    assert.equal(await textOf(page, format), format === "text" ? "" : "# EOF\n");
    const own = [singleSample(cpu, {}, 3)];
    assert.equal(parseExposition(await textOf(page, format, own), format).length, 1);
  });
}

Deno.test("SnapshotPage.body() ends OpenMetrics once, at the very end", async () => {
  const page = new SnapshotPage();
  page.publish([singleSample(volume, { site: "a" }, 1)]);
  const text = await textOf(page, "openmetrics", [singleSample(cpu, {}, 3)]);
  assert.equal(text.indexOf("# EOF"), text.length - "# EOF\n".length);
});

Deno.test("SnapshotPage.body() serves the newest publication at once", async () => {
  const page = new SnapshotPage();
  for (const value of [1, 2, 3]) {
    page.publish([singleSample(volume, { site: "a" }, value)]);
    assert.match(await textOf(page, "text"), new RegExp(`volume_bytes\\{site="a"\\} ${value}\n`));
    assert.match(
      gunzipSync((await page.body("text", "gzip", [])).bytes).toString(),
      new RegExp(`volume_bytes\\{site="a"\\} ${value}\n`),
    );
  }
});

Deno.test("SnapshotPage renders a publication once for many scrapes", async () => {
  const page = new SnapshotPage();
  const { family, reads } = watchedFamily();
  page.publish([family]);
  await Promise.all(Array.from({ length: 5 }, () => page.body("text", "gzip", [])));
  await page.body("text", "identity", []);
  const once = reads();
  assert.ok(once > 0);
  await page.body("text", "gzip", []);
  assert.equal(reads(), once);
  await page.body("openmetrics", "gzip", []);
  assert.equal(reads(), 2 * once);
});

Deno.test("SnapshotPage renders what is scraped right after a publication, and nothing else", async () => {
  const page = new SnapshotPage();
  const first = watchedFamily();
  page.publish([first.family]);
  await nextTask();
  assert.equal(first.reads(), 0, "nobody has asked yet");

  await page.body("text", "gzip", []);
  const perRendering = first.reads();
  const second = watchedFamily();
  page.publish([second.family]);
  await nextTask();
  assert.equal(second.reads(), perRendering, "text is rendered, OpenMetrics is not");
  await page.body("text", "gzip", []);
  assert.equal(second.reads(), perRendering, "the scrape found it rendered");
});

Deno.test("SnapshotPage renders publications in quick succession once, the newest", async () => {
  const page = new SnapshotPage();
  await page.body("text", "identity", []);
  const watched = Array.from({ length: 5 }, () => watchedFamily());
  for (const { family } of watched) page.publish([family]);
  await nextTask();
  assert.deepEqual(watched.map(({ reads }) => reads() > 0), [false, false, false, false, true]);
});

Deno.test("SnapshotPage.body() refuses a metric that is published and the scrape's own", async () => {
  const page = new SnapshotPage();
  page.publish([singleSample(cpu, {}, 1)]);
  await assert.rejects(
    page.body("text", "identity", [singleSample(cpu, {}, 3)]),
    /"cpu_seconds_total" per scrape: it is part of the published snapshot/,
  );
});

Deno.test("SnapshotPage keeps a publication that cannot be rendered to the scrapes of it", async () => {
  const page = new SnapshotPage();
  await page.body("text", "gzip", []);
  const other = defineMetric("volume_bytes", "gauge", "Other", ["site"]);
  const labels = { site: "a" };
  page.publish([singleSample(volume, labels, 1), singleSample(other, labels, 2)]);
  await nextTask();
  await assert.rejects(page.body("text", "gzip", []), /two different definitions/);
  await assert.rejects(page.body("text", "identity", []), /two different definitions/);
  page.publish([singleSample(volume, labels, 1)]);
  assert.match(await textOf(page, "text"), /volume_bytes\{site="a"\} 1/);
});
