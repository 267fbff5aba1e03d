/**
 * Sites with one main collector `jobs` and one that is off, `extra`, publishing into a real page.
 *
 * @module
 */
import assert from "node:assert/strict";
import { diffConfig } from "../../src/config/comparison/diff.ts";
import type { Config } from "../../src/config/types.ts";
import { MetricsPage } from "../../src/metrics/page/page.ts";
import type { RequestObserver } from "../../src/netbackup/api.ts";
import { type PreparedSites, SiteSet, type SiteSetOptions } from "../../src/site/site_set.ts";
import { noTracing } from "../../src/telemetry/tracing.ts";
import { createFakeClient, type FakeClient } from "../testing/fake_client.ts";
import { createFakeClock, type FakeClock } from "../testing/fake_clock.ts";
import { type FakeDefinition, fakeDefinition, resultOf } from "../testing/fake_collector.ts";
import { type ParsedPage, parsePage } from "../testing/parsed_page.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";

/** In milliseconds. */
export const SECOND = 1000;
/** In milliseconds. */
export const MINUTE = 60 * SECOND;

/** Sites and all around them. */
export interface SetWorld {
  readonly set: SiteSet;
  readonly clock: FakeClock;
  /** Clients in the order they were made. */
  readonly clients: readonly FakeClient[];
  /** What the clients report to, in the same order. */
  readonly observers: readonly RequestObserver[];
  /** The collector `jobs`: each that is made gives its own number as the value of its series. */
  readonly definition: FakeDefinition;
  readonly extra: FakeDefinition;
  /** Prepares a configuration against the one that was applied last. */
  prepare(config: Config): PreparedSites;
  /** Applies a configuration and lets the sites react. */
  apply(config: Config): Promise<void>;
  /** The page as text. */
  page(): Promise<string>;
  /** The one value on the page of a metric with these labels. */
  value(metric: string, labels: Record<string, string>): Promise<number | undefined>;
  /** Sites that anything is shown of. */
  sitesShown(): Promise<readonly string[]>;
  /** Runs of `jobs` at a site. */
  runs(site: string): number;
}

/** Runs a test on sites that are closed afterwards. */
export async function withSites(
  body: (world: SetWorld) => Promise<void>,
  options: Partial<SiteSetOptions> = {},
): Promise<void> {
  const clock = createFakeClock();
  const clients: FakeClient[] = [];
  const observers: RequestObserver[] = [];
  const metrics = new MetricsPage({ monotonic: () => clock.monotonic(), own: () => [] });
  const definition = fakeDefinition("jobs", { main: true });
  const extra = fakeDefinition("extra", { enabledByDefault: false });
  definition.behave = ({ site }, collector) =>
    Promise.resolve(resultOf(site, definition.made.indexOf(collector) + 1));
  const set = new SiteSet({
    clock,
    logger: createRecordingLogger().logger,
    tracing: noTracing,
    publisher: metrics,
    definitions: [definition, extra],
    state: undefined,
    createClient: (_config, { observer }) => {
      const client = createFakeClient();
      clients.push(client);
      observers.push(observer);
      return client;
    },
    ...options,
  });
  let running: Config | undefined;
  const prepare = (config: Config) => set.prepare(config, running && diffConfig(running, config));
  const page = async () => {
    // Within a second the page is the same unless something was published.
    metrics.touch();
    return new TextDecoder().decode((await metrics.body("text", "identity")).bytes);
  };
  const parsed = async (): Promise<ParsedPage> => parsePage(await page());
  try {
    await body({
      ...{ set, clock, clients, observers, definition, extra, prepare, page },
      async apply(config) {
        prepare(config).apply();
        running = config;
        await clock.advance(0);
      },
      value: async (metric, labels) => (await parsed()).value(metric, labels),
      async sitesShown() {
        const sites = [...(await page()).matchAll(/site="(\w+)"/g)].map(([, site = ""]) => site);
        return [...new Set(sites)].sort();
      },
      runs: (site) =>
        definition.made.filter(({ setting }) => setting.site === site)
          .reduce((sum, { runs }) => sum + runs, 0),
    });
  } finally {
    await set.close(0);
    await clock.advance(0);
    assert.equal(clock.pending, 0, "no wait is left after close()");
  }
}
