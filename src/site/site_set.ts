/**
 * The sites of the running configuration. A new configuration is prepared first, which can fail,
 * and then applied, which cannot.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { Collector } from "../collectors/collector.ts";
import type { ConfigDiff } from "../config/diff.ts";
import type { Config, SiteConfig } from "../config/types.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { NetBackupClient, RequestObserver } from "../netbackup/api.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import { createRequestStats, type RequestStats } from "./request_stats.ts";
import { type Schedule, scheduleOf } from "./schedule.ts";
import { type CollectorHandover, freshCollector, Site, type SiteSummary } from "./site.ts";

/** What the sites are made with. */
export interface SiteSetOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
  /** Makes the client of a primary. May throw: certificates can be unusable. */
  readonly createClient: (
    config: SiteConfig,
    dependencies: { readonly observer: RequestObserver; readonly logger: Logger },
  ) => NetBackupClient;
  /** Makes the collectors of a primary. */
  readonly createCollectors: (site: SiteConfig, config: Config) => readonly Collector[];
  /** Endpoints whose counters exist from the start. */
  readonly endpoints: readonly string[];
  /** Called after each change of what `families()` gives. */
  readonly onChange: () => void;
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
}

/** All sites of one exporter. */
export class SiteSet {
  readonly #options: SiteSetOptions;
  readonly #sites = new Map<string, Site>();
  readonly #stats = new Map<string, RequestStats>();
  /** Sites on their way out, still draining. */
  readonly #closing = new Map<Site, Promise<void>>();
  readonly #hurry = new AbortController();

  constructor(options: SiteSetOptions) {
    this.#options = options;
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

  /** The families of all sites. */
  families(): MetricFamily[] {
    return [...this.#sites.values()].flatMap((site) => site.families());
  }

  /** The families that change all the time: what clients do on the wire, how far a reading is. */
  liveFamilies(): MetricFamily[] {
    return [
      ...[...this.#stats.values()].flatMap((stats) => stats.families()),
      ...[...this.#sites.values()].flatMap((site) => site.liveFamilies()),
    ];
  }

  /** All sites in the order of the configuration. */
  summaries(): SiteSummary[] {
    return [...this.#sites.values()].map((site) => site.summary());
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
    const hurry = new AbortController();
    const timer = this.#options.clock.sleep(timeoutMs, hurry.signal).then(
      () => this.#hurry.abort(),
      () => {}, // All closed in time.
    );
    await Promise.all(this.#closing.values());
    hurry.abort();
    await timer;
  }

  #make(config: SiteConfig): NewSite {
    const { endpoints, createClient, logger } = this.#options;
    const stats = this.#stats.get(config.site) ?? createRequestStats(config.site, endpoints);
    const dependencies = { observer: stats, logger };
    return { config, stats, client: createClient(config, dependencies) };
  }

  #apply(config: Config, made: readonly NewSite[]): void {
    const schedule = scheduleOf(config.server);
    const previous = new Map(this.#sites);
    const fresh = new Map(made.map((site) => [site.config.site, site]));
    this.#sites.clear();
    let started = 0;
    for (const { site: name } of config.sites) {
      const running = previous.get(name);
      const next = fresh.get(name);
      if (next) {
        const delay = firstPollDelay(started++, made.length, schedule);
        // The same primary with another key, say: what is known of it is as true as before. Of
        // another primary nothing is.
        const collectors = running?.config.baseUrl === next.config.baseUrl
          ? running.handOver()
          : this.#options.createCollectors(next.config, config).map(freshCollector);
        const site = this.#createSite(next, schedule, delay, collectors);
        this.#sites.set(name, site);
        this.#stats.set(name, next.stats);
        // Two collectors of one site must not run side by side: they share what is kept of it.
        if (running) this.#retire(running);
        site.start(this.#closingOf(name));
      } else if (running) {
        this.#sites.set(name, running);
        running.reschedule(schedule);
      }
    }
    for (const [name, site] of previous) {
      if (this.#sites.get(name) === site) continue;
      this.#retire(site);
      if (!this.#sites.has(name)) this.#stats.delete(name);
    }
    this.#options.onChange();
  }

  #createSite(
    { config, client }: NewSite,
    schedule: Schedule,
    firstPollDelayMs: number,
    collectors: readonly CollectorHandover[],
  ): Site {
    const { clock, logger, tracing, onChange } = this.#options;
    return new Site({
      config,
      client,
      schedule,
      clock,
      logger: logger.with({ site: config.site }),
      tracing,
      firstPollDelayMs,
      onChange,
      collectors,
    });
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
    const closing = site.close({ ...options, signal: this.#hurry.signal })
      .catch((error) => {
        this.#options.logger.error("cannot close site", { site: site.config.site, error });
      })
      .finally(() => this.#closing.delete(site));
    this.#closing.set(site, closing);
    return closing;
  }
}

/** Spreads the first polls of many sites over some seconds. */
function firstPollDelay(index: number, count: number, schedule: Schedule): number {
  return index * Math.min(FIRST_POLLS_WITHIN_MS, schedule.collectionIntervalMs) / count;
}
