/**
 * What one site has on the metrics page, under the names of its sources.
 *
 * @module
 */
import type { CollectorResult } from "../collectors/collector.ts";
import type { LiveSource } from "../metrics/page/page.ts";
import type { MetricFamily } from "../metrics/types.ts";
import { type SiteRecord, tellsOfSpace } from "./findings/site_record.ts";
import { RESULT_KINDS, SITE_PARTS, sourceName } from "./source_name.ts";

/** Where a site publishes. */
export interface Publisher {
  /** Replaces what a source has published. */
  publish(source: string, families: readonly MetricFamily[]): void;
  /** Takes back all that a source has published. */
  withdraw(source: string): void;
  /** Adds a source that is looked at whenever the page is made. */
  addLive(source: string, live: LiveSource): void;
}

/** What a site's publisher needs. */
export interface SitePublisherOptions {
  readonly site: string;
  readonly publisher: Publisher;
  /** Takes note of what is published and withdrawn. */
  readonly record: SiteRecord;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Publishes for one site. */
export class SitePublisher {
  readonly #options: SitePublisherOptions;

  constructor(options: SitePublisherOptions) {
    this.#options = options;
  }

  /** Publishes the health of the site. */
  health(families: readonly MetricFamily[]): void {
    this.#options.publisher.publish(this.#source("health"), families);
  }

  /** Has figures that change all the time looked at whenever the page is made. */
  live(source: LiveSource): void {
    this.#options.publisher.addLive(this.#source("live"), source);
  }

  /** Publishes what a run gave. Counters have a source of their own: they outlive the gauges. */
  result(collector: string, { families, cumulative }: CollectorResult): void {
    this.#options.publisher.publish(this.#source(collector, "gauges"), families);
    this.totals(collector, cumulative);
    this.#options.record.note(collector, families, this.#options.now());
    this.#space(collector);
  }

  /** Publishes the counters of a collector. */
  totals(collector: string, cumulative: readonly MetricFamily[]): void {
    this.#options.publisher.publish(this.#source(collector, "totals"), cumulative);
  }

  /** Takes back the gauges of a collector: they are too old. */
  withdrawGauges(collector: string): void {
    this.#options.publisher.withdraw(this.#source(collector, "gauges"));
    this.#withdrawRecord(collector);
  }

  /** Takes back all that a collector has published. */
  withdrawAll(collector: string): void {
    for (const kind of RESULT_KINDS) {
      this.#options.publisher.withdraw(this.#source(collector, kind));
    }
    this.#withdrawRecord(collector);
  }

  /** Takes back what is published of the site itself. */
  withdrawSite(): void {
    for (const part of SITE_PARTS) this.#options.publisher.withdraw(this.#source(part));
  }

  #withdrawRecord(collector: string): void {
    this.#options.record.withdraw(collector);
    this.#space(collector);
  }

  /** @param collector Whose result has changed. */
  #space(collector: string): void {
    if (!tellsOfSpace(collector)) return;
    const { site, publisher, record, now } = this.#options;
    publisher.publish(this.#source("space"), [record.spaceFamily(site, now())]);
  }

  #source(...part: readonly string[]): string {
    return sourceName(this.#options.site, ...part);
  }
}
