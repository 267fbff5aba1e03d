/**
 * What the tests of the page share.
 *
 * @module
 */
import { gunzipSync } from "node:zlib";
import { defineMetric } from "../../src/metrics/define.ts";
import { singleSample } from "../../src/metrics/family.ts";
import { MetricsPage } from "../../src/metrics/page/page.ts";
import type { Exemplar, Format, MetricFamily, Sample } from "../../src/metrics/types.ts";

/** A gauge. */
export const volume = defineMetric("volume_bytes", "gauge", "Size of a volume", ["site"]);
/** A counter. */
export const requests = defineMetric("requests_total", "counter", "Requests", ["site"]);
/** A counter of the exporter's own. */
export const cpu = defineMetric("cpu_seconds_total", "counter", "Time", []);

/** A page whose clock and own families the test sets. */
export interface TestPage {
  readonly page: MetricsPage;
  /** Milliseconds. */
  now: number;
  own: readonly MetricFamily[];
  /** The page as text. */
  text(format?: Format): Promise<string>;
  /** The page as it comes out of its compression. */
  unzipped(format?: Format): Promise<string>;
}

/** Makes a page. */
export function testPage(own: readonly MetricFamily[] = []): TestPage {
  const page: MetricsPage = new MetricsPage({ monotonic: () => test.now, own: () => test.own });
  const test: TestPage = {
    page,
    now: 0,
    own,
    async text(format = "text") {
      return new TextDecoder().decode((await page.body(format, "identity")).bytes);
    },
    async unzipped(format = "text") {
      return gunzipSync((await page.body(format, "gzip")).bytes).toString();
    },
  };
  return test;
}

/** The size of a site's volume. */
export function volumeOf(site: string, value: number): MetricFamily {
  return singleSample(volume, { site }, value);
}

/** A family that counts how often it is rendered. */
export interface WatchedFamily {
  readonly family: MetricFamily;
  readonly renderings: number;
}

/** Values of watched families: no two are the same, and none has to be looked at any further. */
let nextValue = 0;

/** Makes a family of one series that counts its renderings: its label is looked at once in each. */
export function watchedFamily(
  site = "a",
  definition = volume,
  exemplar?: Exemplar,
): WatchedFamily {
  let looks = 0;
  const labels = {
    get site() {
      looks++;
      return site;
    },
  };
  const sample: Sample = { labels, ...(exemplar && { exemplar }), value: ++nextValue };
  return {
    family: { definition, samples: [sample] },
    get renderings() {
      return looks;
    },
  };
}

/** Lets work go on that was begun and not awaited. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
