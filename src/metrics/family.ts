/**
 * Builders of metric families. Two samples with the same labels cannot come out of one: duplicate
 * series would make Prometheus refuse the whole page.
 *
 * @module
 */
import { inOrder, seriesKey } from "./series.ts";
import type { Labels, MetricDefinition, MetricFamily, Sample } from "./types.ts";

/** Collects the samples of one gauge or counter. */
export interface FamilyBuilder<L extends string> {
  /**
   * Sets the value of one series, unless it has one already.
   *
   * @returns False when the series existed: the first value stays.
   */
  set(labels: Labels<L>, value: number): boolean;
  /** Adds to the value of one series, which begins at 0. */
  add(labels: Labels<L>, value: number): void;
  /** The family as it stands, in order of first appearance; its version changes with its samples. */
  build(): MetricFamily;
}

/** Starts a family of a gauge or a counter. */
export function familyBuilder<L extends string>(definition: MetricDefinition<L>): FamilyBuilder<L> {
  const series = new Map<string, { readonly labels: Sample["labels"]; value: number }>();
  let version: object | undefined;
  return {
    set(labels, value) {
      const key = seriesKey(definition, labels);
      if (series.has(key)) return false;
      series.set(key, { labels: inOrder(definition, labels), value });
      version = undefined;
      return true;
    },
    add(labels, value) {
      const key = seriesKey(definition, labels);
      const existing = series.get(key);
      if (existing) existing.value += value;
      else series.set(key, { labels: inOrder(definition, labels), value });
      version = undefined;
    },
    build() {
      const samples: Sample[] = [];
      for (const { labels, value } of series.values()) samples.push({ labels, value });
      version ??= {};
      return { definition, samples, version };
    },
  };
}

/**
 * The family of a counter or a histogram with the time at which all its series were 0.
 *
 * @param createdSeconds Always the same for the same series: the version of the family stays.
 */
export function createdAt(family: MetricFamily, createdSeconds: number): MetricFamily {
  const { definition, samples } = family;
  if (definition.type === "gauge") return family;
  const dated = samples.map((sample) =>
    definition.type === "counter" || sample.suffix === "_count"
      ? { ...sample, createdSeconds }
      : sample
  );
  return { ...family, samples: dated };
}

/** A family of a single sample. */
export function singleSample<L extends string>(
  definition: MetricDefinition<L>,
  labels: Labels<L>,
  value: number,
): MetricFamily {
  return { definition, samples: [{ labels: inOrder(definition, labels), value }] };
}
