/**
 * Jobs that ended, counted by hour, action and status.
 *
 * @module
 */
import * as v from "valibot";
import { STATUS_CLASSES, type StatusClass } from "../../ledger/status_meanings.ts";
import { evictHours, hourOf } from "../../base/hours.ts";

/** Combinations of action and status with a count of their own in one hour. */
const MAX_PER_HOUR = 200;

/** The action of what is beyond that. */
const OTHER = "other";

const row = v.object({
  action: v.string(),
  status: v.nullable(v.number()),
  class: v.picklist(STATUS_CLASSES),
  jobs: v.number(),
});

/** The counts in a checkpoint, by hour since the epoch. */
export const hourlyCountsDocument = v.array(v.tuple([v.number(), v.array(row)]));

/** See `hourlyCountsDocument`. */
export type HourlyCountsDocument = v.InferOutput<typeof hourlyCountsDocument>;

/** How many jobs ended so. */
export interface HourlyCount {
  readonly action: string;
  /** Undefined for what is beyond the bound. */
  readonly status: number | undefined;
  readonly class: StatusClass;
  readonly jobs: number;
}

type Hour = Map<string, HourlyCount>;

/** Counts jobs. */
export class HourlyCounts {
  readonly #hours = new Map<number, Hour>();

  /** Counts a job that ended. */
  add(endMs: number, action: string, status: number, statusClass: StatusClass): void {
    this.#add(hourOf(endMs), { action, status, class: statusClass, jobs: 1 });
  }

  /** Adds up the hours from that of a time on; the most frequent first. */
  sum(fromMs: number): HourlyCount[] {
    const first = hourOf(fromMs);
    const sums: Hour = new Map();
    for (const [hour, counts] of this.#hours) {
      if (hour < first) continue;
      for (const count of counts.values()) addTo(sums, count);
    }
    return [...sums.values()].sort((a, b) => b.jobs - a.jobs);
  }

  /** Evicts the hours before that of a time. */
  evict(beforeMs: number): void {
    evictHours(this.#hours, beforeMs);
  }

  /** The counts as a value for JSON. */
  serialize(): HourlyCountsDocument {
    return [...this.#hours].map(([hour, counts]) => [
      hour,
      [...counts.values()].map((count) => ({ ...count, status: count.status ?? null })),
    ]);
  }

  /** Adds what was serialized. */
  restore(document: HourlyCountsDocument): void {
    for (const [hour, counts] of document) {
      for (const count of counts) this.#add(hour, { ...count, status: count.status ?? undefined });
    }
  }

  #add(hour: number, count: HourlyCount): void {
    const counts = this.#hours.get(hour) ?? new Map();
    this.#hours.set(hour, counts);
    const full = counts.size >= MAX_PER_HOUR && !counts.has(keyOf(count));
    addTo(counts, full ? { ...count, action: OTHER, status: undefined } : count);
  }
}

function addTo(counts: Hour, count: HourlyCount): void {
  const key = keyOf(count);
  counts.set(key, { ...count, jobs: (counts.get(key)?.jobs ?? 0) + count.jobs });
}

function keyOf({ action, status, class: statusClass }: HourlyCount): string {
  return `${action}\0${status ?? statusClass}`;
}
