/**
 * The bound on the series of a metric.
 *
 * @module
 */
import { byLabels } from "./series.ts";
import type { MetricFamily, Sample } from "./types.ts";

/** A family within its bound. */
export interface LimitedFamily {
  readonly family: MetricFamily;
  /** Series that were over the bound. */
  readonly dropped: number;
}

/**
 * Drops what is over the bound. Of a gauge the series stay that come first by their label values, so
 * that the same ones stay from run to run. Of what accumulates those stay that were there first: a
 * counter that gives way to a new one would vanish. Which were first is kept over a restart with the
 * counters; where these begin anew, so does the choice.
 *
 * @param maxSeries Series that may stay; a histogram counts as one with all its lines.
 */
export function limitSeries(family: MetricFamily, maxSeries: number): LimitedFamily {
  const { definition, samples } = family;
  // A histogram ends each of its series with its count.
  const isSeries = definition.type === "histogram"
    ? ({ suffix }: Sample) => suffix === "_count"
    : () => true;
  if (samples.length <= maxSeries) return { family, dropped: 0 };
  if (definition.type === "gauge") {
    const kept = byLabels(samples).slice(0, maxSeries);
    return { family: { definition, samples: kept }, dropped: samples.length - maxSeries };
  }
  let series = 0;
  let end = samples.length;
  samples.forEach((sample, index) => {
    if (!isSeries(sample)) return;
    series++;
    if (series === maxSeries) end = index + 1;
  });
  if (series <= maxSeries) return { family, dropped: 0 };
  return { family: { definition, samples: samples.slice(0, end) }, dropped: series - maxSeries };
}
