/**
 * What a site costs: requests to the primary and series, by collector. Measured with the schedules of
 * the program over a simulated primary, on a clock that does not wait.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers";
import { Secret } from "../../src/base/secret.ts";
import type { Collector, CollectorDefinition } from "../../src/collectors/collector.ts";
import { newTreeMap } from "../../src/config/tree.ts";
import type { Config } from "../../src/config/types.ts";
import { isDated } from "../../src/metrics/const_metric.ts";
import type { LiveSource } from "../../src/metrics/page/page.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import { createNetBackupClient } from "../../src/netbackup/client.ts";
import { SiteSet } from "../../src/site/site_set.ts";
import { sourceNames } from "../../src/site/source_name.ts";
import { silentLogger } from "../../tests/testing/silent_logger.ts";
import { noTracing } from "../../src/telemetry/tracing.ts";
import { createFakeClock } from "../../tests/testing/fake_clock.ts";
import { collectorConfig, configOf, siteConfig } from "../../tests/testing/site_config.ts";
import { ALL_OPTIONS } from "../../tests/simulator/collector_options.ts";
import { KEY, simulatedSite } from "./site.ts";

const SITE = "cost";
const HOUR_MS = 3_600_000;

/** What one collector costs, or the site itself. */
export interface Cost {
  /** In the first hour after the start, when much is read for the first time. */
  readonly firstHourRequests: number;
  /** Later on, on average. */
  readonly requestsPerHour: number;
  /** Lines of the metrics page: what Prometheus keeps, each bucket of a histogram apart. */
  readonly series: number;
  /** The same in OpenMetrics, where counters and histograms have a line `_created` each. */
  readonly openMetricsSeries: number;
}

/** What a site costs. */
export interface SiteCost {
  /** By name of the collector, in the order of the list. */
  readonly collectors: ReadonlyMap<string, Cost>;
  /** The site itself: finding the API version; health, and figures of its requests. */
  readonly own: Cost;
}

/**
 * Runs a site, and counts.
 *
 * @param definitions Collectors that are on.
 * @param hours Hours after the first one: a multiple of the longest interval gives a fair mean.
 * @throws Error When a collector does not succeed.
 */
export async function measureSite(
  definitions: readonly CollectorDefinition[],
  hours = 6,
): Promise<SiteCost> {
  const clock = createFakeClock(undefined, turns);
  const simulator = simulatedSite(clock);
  const running = new AsyncLocalStorage<string>();
  const requests = new Map<string, number>();
  const published = createCountingPublisher();
  const set = new SiteSet({
    clock,
    logger: silentLogger,
    tracing: noTracing,
    publisher: published,
    definitions: definitions.map((definition) => attributed(definition, running)),
    state: undefined,
    createClient: (config, { observer, logger }) =>
      createNetBackupClient(config, {
        clock,
        logger,
        observer,
        transport: {
          async send({ url, method, headers, signal }) {
            const collector = running.getStore() ?? "";
            requests.set(collector, (requests.get(collector) ?? 0) + 1);
            const response = await simulator.fetch(new Request(url, { method, headers, signal }));
            // Over a network the server adds it.
            response.headers.set("date", new Date(clock.now()).toUTCString());
            return response;
          },
          webCertificate: () =>
            Promise.resolve({ subject: "primary.example.com", notAfterMs: clock.now() + HOUR_MS }),
          close() {},
        },
      }),
  });
  try {
    set.prepare(configWith(definitions), undefined).apply();
    await clock.advance(HOUR_MS);
    const first = new Map(requests);
    await clock.advance(hours * HOUR_MS);
    const [summary] = set.summaries();
    for (const { name, outcome } of summary?.collectors ?? []) {
      if (outcome !== "ok") {
        throw new Error(`the collector ${name} is "${outcome}" after ${hours} h`);
      }
    }
    const costOf = (collector: string, sources: readonly string[]): Cost => {
      const firstHourRequests = first.get(collector) ?? 0;
      const later = (requests.get(collector) ?? 0) - firstHourRequests;
      return { firstHourRequests, requestsPerHour: later / hours, ...published.count(sources) };
    };
    const ofSite = sourceNames(SITE, []);
    const collectors = definitions.map(({ name }) => {
      const sources = sourceNames(SITE, [name]).filter((source) => !ofSite.includes(source));
      return [name, costOf(name, sources)] as const;
    });
    return { collectors: new Map(collectors), own: costOf("", ofSite) };
  } finally {
    await set.close(0);
  }
}

/** The same collector, whose runs can be told from those of others wherever they lead to. */
function attributed(
  definition: CollectorDefinition,
  running: AsyncLocalStorage<string>,
): CollectorDefinition {
  return {
    ...definition,
    create(setting) {
      const collector = definition.create(setting);
      const collect: Collector["collect"] = (context) =>
        running.run(definition.name, () => collector.collect(context));
      return new Proxy(collector, {
        get(target, key) {
          if (key === "collect") return collect;
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
}

function configWith(definitions: readonly CollectorDefinition[]): Config {
  return {
    ...configOf([siteConfig({ site: SITE, apiKey: new Secret(KEY) })]),
    collectors: Object.fromEntries(definitions.map(({ name }) => [
      name,
      collectorConfig({ options: Object.assign(newTreeMap(), ALL_OPTIONS[name]) }),
    ])),
  };
}

/** As `settle()`, without the pause of a timer: hours of a site have thousands of waits. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Keeps what is published, to count it. */
function createCountingPublisher() {
  const published = new Map<string, readonly MetricFamily[]>();
  const live = new Map<string, LiveSource>();
  return {
    publish: (source: string, families: readonly MetricFamily[]) =>
      void published.set(source, families),
    withdraw(source: string) {
      published.delete(source);
      live.delete(source);
    },
    addLive: (source: string, families: LiveSource) => void live.set(source, families),
    count(sources: readonly string[]): Pick<Cost, "series" | "openMetricsSeries"> {
      const families = sources.flatMap((source) => [
        ...published.get(source) ?? [],
        ...live.get(source)?.families() ?? [],
      ]);
      const samples = families.flatMap(({ samples }) => samples);
      const created = samples.filter(isDated).length;
      return { series: samples.length, openMetricsSeries: samples.length + created };
    },
  };
}
