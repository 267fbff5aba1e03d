/**
 * One site with two main collectors, on a fake clock, over a fake client.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { CollectorDefinition } from "../../src/collectors/collector.ts";
import type { CollectorConfig, ServerConfig, SiteConfig } from "../../src/config/types.ts";
import { planOf, type SitePlan } from "../../src/site/plan.ts";
import { createRequestStats } from "../../src/site/request_stats.ts";
import { Site } from "../../src/site/site.ts";
import { noTracing } from "../../src/telemetry/tracing.ts";
import { createFakeClient, type FakeClient } from "../testing/fake_client.ts";
import { createFakeClock, type FakeClock } from "../testing/fake_clock.ts";
import { type FakeDefinition, fakeDefinition, resultOf } from "../testing/fake_collector.ts";
import { createRecordingLogger, type LogRecord } from "../testing/recording_logger.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";
import { collectorConfig, configOf, siteConfig } from "../testing/site_config.ts";
import { createRecordingPublisher, type RecordingPublisher } from "./_publisher.ts";

/** In milliseconds. */
export const SECOND = 1000;
/** In milliseconds. */
export const MINUTE = 60 * SECOND;
/** How often the site is polled unless the test says otherwise, in milliseconds. */
export const INTERVAL = 5 * MINUTE;

/** Sections `collectors` of a configuration. */
export type CollectorSections = Readonly<Record<string, Partial<CollectorConfig>>>;

/** What a test can say of its site. */
export interface WorldOptions {
  readonly config?: Partial<SiteConfig>;
  readonly server?: Partial<ServerConfig>;
  /** Sections of collectors; the rest as the configuration fills them in. */
  readonly collectors?: CollectorSections;
  /** Collectors beside the two main ones. */
  readonly others?: readonly CollectorDefinition[];
}

/** A site and all around it. */
export interface World {
  readonly site: Site;
  readonly clock: FakeClock;
  readonly client: FakeClient;
  readonly jobs: FakeDefinition;
  readonly storage: FakeDefinition;
  readonly publisher: RecordingPublisher;
  readonly records: readonly LogRecord[];
  /** Series left out, by metric. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Applies other sections. */
  replan(collectors: CollectorSections, server?: Partial<ServerConfig>): void;
  /** The one value published of a metric with these labels. */
  value(metric: string, labels?: Record<string, string>): number | undefined;
  /** How many series are published of a metric. */
  count(metric: string): number;
  /** How often an endpoint was asked for. */
  asked(endpoint: string): number;
}

/**
 * Runs a test on a site that is not started, and closes it. `storage` has one series with the value
 * 1, `jobs` none.
 */
export async function withSite(
  body: (world: World) => Promise<void>,
  options: WorldOptions = {},
): Promise<void> {
  const clock = createFakeClock();
  const client = createFakeClient();
  const jobs = fakeDefinition("jobs", { main: true });
  const storage = fakeDefinition("storage", { main: true });
  storage.behave = ({ site }) => Promise.resolve(resultOf(site, 1));
  const definitions = [jobs, storage, ...options.others ?? []];
  const { logger, records } = createRecordingLogger();
  const publisher = createRecordingPublisher();
  const dropped = new Map<string, number>();
  const planWith = (sections: CollectorSections, server: Partial<ServerConfig>): SitePlan => {
    const collectors = Object.fromEntries(
      Object.entries(sections).map(([name, section]) => [name, collectorConfig(section)]),
    );
    return planOf({ ...configOf([], { ...options.server, ...server }), collectors }, definitions);
  };
  const plan = planWith(options.collectors ?? {}, {});
  const config = siteConfig(options.config);
  const site = new Site({
    config,
    plan,
    client,
    clock,
    logger,
    tracing: noTracing,
    publisher,
    stats: createRequestStats(config.site, [], clock),
    createCollector: ({ definition, options }) =>
      definition.create({ site: config.site, primary: config.baseUrl, options, state: undefined }),
    onDropped: (metric, series) => dropped.set(metric, (dropped.get(metric) ?? 0) + series),
  });
  try {
    await body({
      ...{ site, clock, client, jobs, storage, publisher, records, dropped },
      replan: (sections, server = {}) => site.replan(planWith(sections, server)),
      value: (metric, labels) => valueOf(publisher.families(), metric, labels),
      count: (metric) => seriesCount(publisher.families(), metric),
      asked: (endpoint) => client.asked.filter((path) => path === endpoint).length,
    });
  } finally {
    await site.close({ timeoutMs: 0 });
    await clock.advance(0);
    assert.equal(clock.pending, 0, "no wait is left after close()");
  }
}
