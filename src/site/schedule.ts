/**
 * When the collectors of a site run, and when their results are too old.
 *
 * @module
 */
import type { ServerConfig } from "../config/types.ts";

/** All times in milliseconds. */
export interface Schedule {
  /** How often a site is polled, and how soon a failed collector runs again. */
  readonly collectionIntervalMs: number;
  /** How long the result of the storage collector is reused. */
  readonly storageIntervalMs: number;
  /** Look-back window of the windowed job gauges. */
  readonly windowMs: number;
}

/** A collection may take this long even where the polling interval is shorter. */
const LEAST_BUDGET_MS = 5 * 60_000;

/** Results are withdrawn after this many missed intervals. */
const STALE_AFTER_INTERVALS = 3;

/** Derives the schedule from the configuration. */
export function scheduleOf(server: ServerConfig): Schedule {
  return {
    collectionIntervalMs: server.collectionIntervalMs,
    // Reusing a result never means asking more often than the site is polled.
    storageIntervalMs: Math.max(server.collectionIntervalMs, server.cacheTtlMs),
    windowMs: Math.max(server.scrapingIntervalMs, server.collectionIntervalMs),
  };
}

/** How long after a successful run the next one begins, in milliseconds. */
export function intervalOf(schedule: Schedule, collector: string): number {
  return collector === "storage" ? schedule.storageIntervalMs : schedule.collectionIntervalMs;
}

/** Time budget of one run, in milliseconds. */
export function budgetOf(schedule: Schedule): number {
  return Math.max(schedule.collectionIntervalMs, LEAST_BUDGET_MS);
}

/**
 * Age at which a collector's result is withdrawn, in milliseconds.
 *
 * @param lastDurationMs How long the last successful run took: a collection that takes longer than
 *   its interval is slow, not stale.
 */
export function staleAfterOf(
  schedule: Schedule,
  collector: string,
  lastDurationMs: number,
): number {
  return STALE_AFTER_INTERVALS * Math.max(intervalOf(schedule, collector), lastDurationMs);
}
