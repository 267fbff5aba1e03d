/**
 * How the space in use has grown, from samples of the last seven days.
 *
 * @module
 */
import * as v from "valibot";
import { DAY_MS, HOUR_MS } from "../../base/time_units.ts";
import { type CheckpointSection, defineSection } from "../../state/section.ts";
import { type Store, storeKey } from "./space.ts";
import type { Forecast } from "./types.ts";

/** How far back samples are kept. */
const RETENTION_MS = 7 * DAY_MS;
/** Time between two samples of a store. */
const SAMPLE_EVERY_MS = 2 * HOUR_MS;
/** With less, a night of backups would be taken for a trend. */
const MIN_HISTORY_MS = DAY_MS;
/** What is further away is no forecast. */
const MAX_FORECAST_MS = 3650 * DAY_MS;
/** Stores that are watched; those beyond have no forecast. */
const MAX_STORES = 1000;

/** Time in milliseconds since the epoch, and bytes in use. */
type SpaceSample = readonly [number, number];

const document = v.array(v.object({
  store: v.string(),
  samples: v.array(v.tuple([v.number(), v.number()])),
}));

type Document = v.InferOutput<typeof document>;

/** How a store has grown. */
export interface Growth {
  readonly forecast: Forecast;
  /** Bytes a day; undefined without history. */
  readonly growthPerDay: number | undefined;
  /** How long it has been watched, in milliseconds. */
  readonly watchedMs: number;
}

/** Watches how much of each store is in use. */
export class SpaceHistory {
  readonly #stores = new Map<string, readonly SpaceSample[]>();
  /** Its part of the checkpoint. */
  readonly section: CheckpointSection = defineSection<Document>({
    name: "space",
    version: 1,
    schemas: { 1: document },
    serialize: () =>
      [...this.#stores].map(([store, samples]) => ({
        store,
        samples: samples.map(([at, used]) => [at, used]),
      })),
    restore: (kept) => this.#restore(kept),
  });

  /**
   * Takes a sample where one is due, and evicts what is too old.
   *
   * @param now Milliseconds since the epoch.
   */
  note(stores: readonly Store[], now: number): void {
    for (const store of stores) {
      const key = storeKey(store);
      const known = this.#stores.get(key);
      const last = known?.at(-1);
      // A clock that was set back must not stop the sampling.
      if (last && Math.abs(now - last[0]) < SAMPLE_EVERY_MS) continue;
      if (!known && this.#stores.size >= MAX_STORES) continue;
      const earlier = (known ?? []).filter(([at]) => at < now);
      this.#stores.set(key, [...earlier, [now, store.used]]);
    }
    this.#evict(now - RETENTION_MS);
  }

  /** How a store has grown and when it is full. */
  growthOf(store: Store, now: number): Growth {
    const samples = this.#stores.get(storeKey(store)) ?? [];
    const first = samples[0];
    const watchedMs = first ? Math.max(0, now - first[0]) : 0;
    const enough = watchedMs >= MIN_HISTORY_MS && samples.length >= 2;
    const perMs = enough ? slopeOf([...samples, [now, store.used]]) : undefined;
    return {
      forecast: forecastOf(store, perMs, now),
      growthPerDay: perMs === undefined ? undefined : perMs * DAY_MS,
      watchedMs,
    };
  }

  #evict(before: number): void {
    for (const [key, samples] of this.#stores) {
      const kept = samples.filter(([at]) => at >= before);
      if (kept.length === 0) this.#stores.delete(key);
      else if (kept.length < samples.length) this.#stores.set(key, kept);
    }
  }

  #restore(kept: Document): void {
    for (const { store, samples } of kept) {
      if (!this.#stores.has(store) && this.#stores.size >= MAX_STORES) continue;
      const all = new Map([...samples, ...this.#stores.get(store) ?? []]);
      this.#stores.set(store, [...all].toSorted(([a], [b]) => a - b));
    }
  }
}

function forecastOf({ free }: Store, perMs: number | undefined, now: number): Forecast {
  if (free <= 0) return { kind: "full" };
  if (perMs === undefined) return { kind: "no_history" };
  const left = free / perMs;
  if (perMs <= 0 || left > MAX_FORECAST_MS) return { kind: "not_growing" };
  return { kind: "full_at", at: now + left };
}

/** Slope of the line that fits the samples best (least squares): one clean-up is no trend. */
function slopeOf(samples: readonly SpaceSample[]): number {
  const count = samples.length;
  const meanAt = samples.reduce((sum, [at]) => sum + at, 0) / count;
  const meanUsed = samples.reduce((sum, [, used]) => sum + used, 0) / count;
  let covariance = 0;
  let variance = 0;
  for (const [at, used] of samples) {
    covariance += (at - meanAt) * (used - meanUsed);
    variance += (at - meanAt) ** 2;
  }
  return variance === 0 ? 0 : covariance / variance;
}
