/**
 * What a site remembers for people to read, from run to run and from one site object to the next.
 *
 * @module
 */
import type { CompletionSource, JobQueue, OutcomesReader } from "../../collectors/collector.ts";
import { expiry } from "../../collectors/expiry.ts";
import { jobs } from "../../collectors/jobs.ts";
import { overdue } from "../../collectors/policies/metrics.ts";
import { collectorsFilling } from "../../collectors/registry.ts";
import { storageFullTimestampSeconds } from "../../metrics/catalogue.ts";
import { familyBuilder } from "../../metrics/family.ts";
import type { MetricFamily } from "../../metrics/types.ts";
import type { CollectorSummary } from "../summary.ts";
import { findingOf, gapsOf } from "./gaps.ts";
import { runningJobs } from "./running.ts";
import { RetainedFamilies } from "./retained_families.ts";
import { SPACE_METRICS, storesOf } from "./space.ts";
import { SpaceHistory } from "./space_history.ts";
import type { Expiry, OverduePolicy, SiteFindings, StoreSpace } from "./types.ts";

/** Collectors that tell when something expires. */
const EXPIRY_SOURCES = collectorsFilling(expiry);

/** Collectors that tell of space. */
const SPACE_SOURCES = collectorsFilling(...SPACE_METRICS);

/** Collectors that tell of overdue clients. */
const OVERDUE_SOURCES = collectorsFilling(overdue);

/** What findings are made of beside what the record holds. */
export interface RecordSources {
  readonly collectors: readonly CollectorSummary[];
  /** Undefined where the unfinished jobs are not known. */
  readonly queue: JobQueue | undefined;
  readonly outcomes: OutcomesReader | undefined;
}

/** Remembers what the findings of a site are made of. */
export class SiteRecord {
  readonly #families = new RetainedFamilies([
    expiry.name,
    overdue.name,
    ...SPACE_METRICS.map(({ name }) => name),
  ]);
  readonly #space = new SpaceHistory();
  #source: CompletionSource | undefined;

  /** Has the history of space kept with the jobs of the site, where there is a collector of them. */
  follow(source: CompletionSource | undefined): void {
    if (source === this.#source) return;
    const { section } = this.#space;
    void this.#source?.detach(section);
    this.#source = source;
    // A checkpoint that cannot be read fails the collector of jobs, which says so.
    source?.attach(section, () => {}).catch(() => {});
  }

  /** Takes in what a collector has published. */
  note(collector: string, families: readonly MetricFamily[], now: number): void {
    this.#families.set(collector, families);
    if (!tellsOfSpace(collector)) return;
    // Its own stores only: what others have published was read at another time.
    const read = new RetainedFamilies(SPACE_METRICS.map(({ name }) => name));
    read.set(collector, families);
    this.#space.note(storesOf(read), now);
  }

  /** Removes what a collector has published: it is too old. */
  withdraw(collector: string): void {
    this.#families.delete(collector);
  }

  /** When storage will be full, as a metric. */
  spaceFamily(site: string, now: number): MetricFamily {
    const family = familyBuilder(storageFullTimestampSeconds);
    for (const { kind, name, forecast } of this.#stores(now)) {
      if (forecast.kind === "full_at") family.set({ site, kind, name }, forecast.at / 1000);
    }
    return family.build();
  }

  /**
   * What there is to say.
   *
   * @param fromMs Since when jobs are told of.
   * @param now Milliseconds since the epoch.
   */
  findings(
    { collectors, queue, outcomes }: RecordSources,
    fromMs: number,
    now: number,
  ): SiteFindings {
    const ended = outcomes?.read(fromMs);
    const known = ended?.upToMs === undefined ? undefined : ended;
    return {
      // What ended is true however long ago it was read: how old it is, is said.
      jobs: { value: known, asOf: known?.upToMs, gaps: gapsOf([jobs.name], collectors) },
      running: queue && runningJobs(queue, outcomes, now),
      expiries: findingOf(EXPIRY_SOURCES, collectors, () => this.#expiries()),
      space: findingOf(SPACE_SOURCES, collectors, () => this.#stores(now)),
      overdue: findingOf(OVERDUE_SOURCES, collectors, () => this.#overdue()),
    };
  }

  #expiries(): Expiry[] {
    return this.#families.samples(expiry.name)
      .map(({ labels: { kind = "", name = "" }, value }) => ({ kind, name, at: value * 1000 }))
      .sort((a, b) => a.at - b.at);
  }

  #stores(now: number): StoreSpace[] {
    const weight = ({ forecast }: StoreSpace) =>
      forecast.kind === "full_at" ? forecast.at : forecast.kind === "full" ? 0 : Infinity;
    return storesOf(this.#families)
      .map((store) => ({ ...store, ...this.#space.growthOf(store, now) }))
      .sort((a, b) => order(weight(a), weight(b)) || freeRatio(a) - freeRatio(b));
  }

  #overdue(): OverduePolicy[] {
    return this.#families.samples(overdue.name)
      .filter(({ value }) => value > 0)
      .map(({ labels: { policy = "" }, value }) => ({ policy, clients: value }))
      .sort((a, b) => b.clients - a.clients);
  }
}

/** Whether space is read from what a collector publishes. */
export function tellsOfSpace(collector: string): boolean {
  return SPACE_SOURCES.includes(collector);
}

function order(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function freeRatio({ used, free }: StoreSpace): number {
  return used + free > 0 ? free / (used + free) : 1;
}
