/**
 * The sites of the running configuration. A new configuration is prepared first, which can fail,
 * and then applied, which cannot.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { CollectorDefinition } from "../collectors/collector.ts";
import type { ConfigDiff } from "../config/comparison/diff.ts";
import type { Config, SiteConfig } from "../config/types.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { NetBackupClient, RequestObserver } from "../netbackup/api.ts";
import { createRetryAfterGate, type RetryAfterGate } from "../netbackup/retry/retry_after_gate.ts";
import type { StateDirectory } from "../state/directory.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import { DroppedSeries } from "./dropped_series.ts";
import { planOf, type SitePlan } from "./plan.ts";
import { RunTimes } from "./run_times.ts";
import { createRequestStats, type RequestStats } from "./request_stats.ts";
import { Site } from "./site.ts";
import type { Publisher } from "./site_publisher.ts";
import type { SiteSummary } from "./summary.ts";

/** What the sites are made with. */
export interface SiteSetOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly publisher: Publisher;
  /** Every collector there is. */
  readonly definitions: readonly CollectorDefinition[];
  /** Where counters are kept across restarts; undefined = nowhere. */
  readonly state: StateDirectory | undefined;
  /** All first runs begin at once, for whoever collects only once. @default {false} */
  readonly unspread?: boolean;
  /** Makes the client of a primary. May throw: certificates can be unusable. */
  readonly createClient: (
    config: SiteConfig,
    dependencies: SiteDependencies,
  ) => NetBackupClient;
}

/** What the client of a site is made with; all of it outlives the client. */
export interface SiteDependencies {
  readonly observer: RequestObserver;
  readonly logger: Logger;
  readonly gate: RetryAfterGate;
}

/** A configuration that is ready to be applied. */
export interface PreparedSites {
  /** Makes it the running one. */
  apply(): void;
  /** Gives it up: closes what was made for it. */
  discard(): Promise<void>;
}

/** First polls of all sites begin within this time, in milliseconds. */
const FIRST_POLLS_WITHIN_MS = 10_000;

interface NewSite {
  readonly config: SiteConfig;
  readonly client: NetBackupClient;
  readonly stats: RequestStats;
  readonly gate: RetryAfterGate;
}

/** All sites of one exporter. */
export class SiteSet {
  readonly #options: SiteSetOptions;
  readonly #endpoints: readonly string[];
  readonly #sites = new Map<string, Site>();
  /** What outlives the client of each site, by the site's name. */
  readonly #lasting = new Map<string, Pick<NewSite, "stats" | "gate">>();
  readonly #dropped: DroppedSeries;
  /** Sites on their way out, still draining. */
  readonly #closing = new Map<Site, Promise<void>>();
  readonly #drainTimeout = new AbortController();

  constructor(options: SiteSetOptions) {
    this.#options = options;
    const { definitions, logger } = options;
    this.#endpoints = endpointsOf(definitions);
    this.#dropped = new DroppedSeries(definitions, logger);
  }

  /**
   * Makes what the new configuration needs, without touching what runs.
   *
   * @param diff What differs from the running configuration; undefined at the start.
   * @throws Error When a client cannot be made; nothing is left behind then.
   */
  prepare(config: Config, diff: ConfigDiff | undefined): PreparedSites {
    const unchanged = new Set(diff?.sitesUnchanged ?? []);
    const made: NewSite[] = [];
    const discard = async () => {
      await Promise.all(made.map(({ client }) => client.close({ timeoutMs: 0 })));
    };
    try {
      for (const site of config.sites) {
        if (!unchanged.has(site.site)) made.push(this.#make(site));
      }
    } catch (error) {
      discard();
      throw error;
    }
    return { discard, apply: () => this.#apply(config, made) };
  }

  /** Series that were left out, by metric. */
  droppedFamily(): MetricFamily {
    return this.#dropped.family();
  }

  /** All sites in the order of the configuration. */
  summaries(): SiteSummary[] {
    return [...this.#sites.values()].map((site) => site.summary());
  }

  /** Names of the collectors that are on, by site. */
  collectorNames(): Map<string, readonly string[]> {
    return new Map([...this.#sites].map(([name, site]) => [name, site.collectorNames]));
  }

  /**
   * Closes all sites and waits for those already on their way out.
   *
   * @param timeoutMs How long requests in flight may take.
   */
  async close(timeoutMs: number): Promise<void> {
    for (const site of this.#sites.values()) this.#retire(site, timeoutMs);
    this.#sites.clear();
    // Sites retired before had longer: that time is over now too.
    const cancel = this.#options.clock.after(timeoutMs, () => this.#drainTimeout.abort());
    await Promise.all(this.#closing.values());
    cancel();
  }

  #make(config: SiteConfig): NewSite {
    const { createClient, clock, logger } = this.#options;
    const known = this.#lasting.get(config.site);
    const stats = known?.stats ?? createRequestStats(config.site, this.#endpoints, clock);
    const running = this.#sites.get(config.site);
    // A primary that wants to be left alone wants it whatever key it is asked with.
    const gate = known && running && samePrimary(running, { config })
      ? known.gate
      : createRetryAfterGate(clock);
    const client = createClient(config, { observer: stats, logger, gate });
    return { config, stats, gate, client };
  }

  #apply(config: Config, made: readonly NewSite[]): void {
    const plan = planOf(config, this.#options.definitions);
    const previous = new Map(this.#sites);
    const fresh = new Map(made.map((site) => [site.config.site, site]));
    const names = config.sites.map(({ site }) => site);
    this.#sites.clear();
    for (const [name, site] of previous) {
      const next = fresh.get(name);
      if (!names.includes(name)) this.#lasting.delete(name);
      else if (!next || samePrimary(site, next)) continue;
      site.withdraw();
    }
    let started = 0;
    for (const name of names) {
      const running = previous.get(name);
      const next = fresh.get(name);
      if (next) {
        const delay = this.#options.unspread ? 0 : firstPollDelay(started++, made.length, plan);
        this.#sites.set(name, this.#start(next, plan, delay, running));
      } else if (running) {
        this.#sites.set(name, running);
        running.replan(plan);
      }
    }
    for (const [name, site] of previous) if (this.#sites.get(name) !== site) this.#retire(site);
  }

  #start(
    { config, client, stats, gate }: NewSite,
    plan: SitePlan,
    delayMs: number,
    running: Site | undefined,
  ): Site {
    const { clock, logger, tracing, publisher, state, unspread } = this.#options;
    const { site, baseUrl: primary } = config;
    // The same primary with another key, say: what is known of it is as true as before. Of another
    // primary nothing is.
    const handover = running && samePrimary(running, { config }) ? running.handOver() : undefined;
    const siteLogger = logger.with({ site });
    const runTimes = state && new RunTimes({
      checkpoint: state.checkpoint({ site, primary }, "runs"),
      clock,
      logger: siteLogger,
    });
    const next = new Site({
      config,
      plan,
      client,
      clock,
      logger: siteLogger,
      tracing,
      publisher,
      stats,
      unspread,
      runTimes,
      handover,
      createCollector: ({ definition, options }) =>
        definition.create({ site, primary, options, state }),
      onDropped: (metric, series) => this.#dropped.add(metric, series),
    });
    this.#lasting.set(site, { stats, gate });
    // Two collectors of one site must not run side by side: they share what is kept of it.
    if (running) this.#retire(running);
    next.start(delayMs, this.#closingOf(site));
    return next;
  }

  /** The end of all sites of this name on their way out; undefined when there are none. */
  #closingOf(name: string): Promise<void> | undefined {
    const closing = [...this.#closing].filter(([site]) => site.config.site === name);
    if (closing.length === 0) return undefined;
    return Promise.all(closing.map(([, closed]) => closed)).then(() => {});
  }

  /** Closes a site on its way out, once. */
  #retire(site: Site, timeoutMs?: number): Promise<void> {
    const underWay = this.#closing.get(site);
    if (underWay) return underWay;
    const options = timeoutMs === undefined ? {} : { timeoutMs };
    const closing = site.close({ ...options, signal: this.#drainTimeout.signal })
      .catch((error) => {
        this.#options.logger.error("cannot close site", { site: site.config.site, error });
      })
      .finally(() => this.#closing.delete(site));
    this.#closing.set(site, closing);
    return closing;
  }
}

function samePrimary(a: Pick<Site, "config">, b: Pick<NewSite, "config">): boolean {
  return a.config.baseUrl === b.config.baseUrl;
}

/** Spreads the first polls of many sites over some seconds. */
function firstPollDelay(index: number, count: number, { pollIntervalMs }: SitePlan): number {
  return index * Math.min(FIRST_POLLS_WITHIN_MS, pollIntervalMs) / count;
}

function endpointsOf(definitions: readonly CollectorDefinition[]): readonly string[] {
  const all = definitions.flatMap(({ resources }) => resources.map(({ endpoint }) => endpoint));
  return [...new Set(all)];
}
