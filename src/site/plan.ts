/**
 * What the configuration wants of a site: which collectors, how often, how long.
 *
 * @module
 */
import type { CollectorDefinition } from "../collectors/collector.ts";
import { sameValue } from "../config/comparison/same_value.ts";
import type { Config } from "../config/types.ts";
import { newTreeMap, type TreeMap } from "../config/tree.ts";

/** One collector. All times in milliseconds. */
export interface CollectorPlan {
  readonly definition: CollectorDefinition;
  /** Keys of its own from the configuration. */
  readonly options: TreeMap;
  /** From the begin of one run to the begin of the next. */
  readonly intervalMs: number;
  /** Time budget of one run. */
  readonly timeoutMs: number;
  /** Series that one metric may have; undefined = what the metric says. */
  readonly maxSeries: number | undefined;
}

/** All collectors of a site. */
export interface SitePlan {
  /** Those that are on, in the order in which they run first. */
  readonly collectors: readonly CollectorPlan[];
  /** How often the site is polled. */
  readonly pollIntervalMs: number;
  /** Look-back window of the windowed job gauges. */
  readonly windowMs: number;
}

/** A run may take this long even where its interval is shorter. */
const MIN_TIMEOUT_MS = 5 * 60_000;

/** Results are withdrawn after this many missed intervals. */
const STALE_AFTER_INTERVALS = 3;

/** Derives the plan of every site; they all have the same. */
export function planOf(
  { server, collectors }: Pick<Config, "server" | "collectors">,
  definitions: readonly CollectorDefinition[],
): SitePlan {
  const { collectionIntervalMs, scrapingIntervalMs } = server;
  return {
    pollIntervalMs: collectionIntervalMs,
    windowMs: Math.max(scrapingIntervalMs, collectionIntervalMs),
    collectors: definitions.flatMap((definition) => {
      const config = collectors[definition.name];
      if (!(config?.enabled ?? definition.enabledByDefault)) return [];
      const intervalMs = config?.intervalMs ?? definition.interval(server);
      const timeoutMs = config?.timeoutMs ?? Math.max(intervalMs, MIN_TIMEOUT_MS);
      const options = config?.options ?? newTreeMap();
      return [{ definition, options, intervalMs, timeoutMs, maxSeries: config?.maxSeries }];
    }),
  };
}

/** Whether two plans want a collector run at the same times with the same limits. */
export function sameSchedule(a: CollectorPlan, b: CollectorPlan): boolean {
  return a.intervalMs === b.intervalMs && a.timeoutMs === b.timeoutMs &&
    a.maxSeries === b.maxSeries;
}

/**
 * Whether two plans give a collector the same options, by the comparison that `diffConfig()` makes:
 * what the log of a reload calls unchanged is left alone.
 */
export function sameOptions(a: CollectorPlan, b: CollectorPlan): boolean {
  return sameValue(a.options, b.options);
}

/**
 * Age at which a collector's result is withdrawn, in milliseconds.
 *
 * @param lastDurationMs How long the last successful run took: a collection that takes longer than
 *   its interval is slow, not stale.
 */
export function staleAfterMs({ intervalMs }: CollectorPlan, lastDurationMs: number): number {
  return STALE_AFTER_INTERVALS * Math.max(intervalMs, lastDurationMs);
}
