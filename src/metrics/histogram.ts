/**
 * Cumulative histograms as values a collector owns.
 *
 * @module
 */
import { inOrder, seriesKey } from "./series.ts";
import type { Labels, MetricDefinition, MetricFamily, Sample } from "./types.ts";

/** A histogram metric: many series, each with buckets, a sum and a count, that only ever grow. */
export interface HistogramFamily<L extends string> {
  /** Counts one observation. Anything but a finite number is ignored. */
  observe(labels: Labels<L>, value: number): void;
  /** The family as it stands. */
  build(): MetricFamily;
}

interface Series {
  readonly labels: Sample["labels"];
  /** Observations per bucket, not cumulated; the last is above all bounds. */
  readonly counts: number[];
  sum: number;
}

/**
 * Starts a histogram.
 *
 * @param definition Its catalogue entry.
 * @param bounds Upper bounds of the buckets, ascending, without infinity.
 */
export function histogramFamily<L extends string>(
  definition: MetricDefinition<L>,
  bounds: readonly number[],
): HistogramFamily<L> {
  const series = new Map<string, Series>();
  return {
    observe(labels, value) {
      if (!Number.isFinite(value)) return;
      const key = seriesKey(definition, labels);
      let entry = series.get(key);
      if (!entry) {
        const counts = new Array<number>(bounds.length + 1).fill(0);
        entry = { labels: inOrder(definition, labels), counts, sum: 0 };
        series.set(key, entry);
      }
      const index = bounds.findIndex((bound) => value <= bound);
      const bucket = index === -1 ? bounds.length : index;
      entry.counts[bucket] = (entry.counts[bucket] ?? 0) + 1;
      entry.sum += value;
    },
    build() {
      const samples: Sample[] = [];
      for (const { labels, counts, sum } of series.values()) {
        let cumulated = 0;
        counts.forEach((count, index) => {
          cumulated += count;
          const bound = bounds[index];
          const le = bound === undefined ? "+Inf" : String(bound);
          samples.push({ labels, le, value: cumulated, suffix: "_bucket" });
        });
        samples.push({ labels, value: sum, suffix: "_sum" });
        samples.push({ labels, value: cumulated, suffix: "_count" });
      }
      return { definition, samples, lastingLabels: true };
    },
  };
}
