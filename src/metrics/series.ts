/**
 * The identity of a series.
 *
 * @module
 */
import type { Labels, MetricDefinition, Sample } from "./types.ts";

/**
 * Equal for two label sets exactly when the exposition cannot tell them apart. Lone surrogates are
 * written as U+FFFD there, so they are so here.
 */
export function seriesKey<L extends string>(
  definition: MetricDefinition<L>,
  labels: Labels<L>,
): string {
  return JSON.stringify(definition.labels.map((name) => labels[name].toWellFormed()));
}

/** The labels in the order of the definition, and no others. */
export function inOrder<L extends string>(
  definition: MetricDefinition<L>,
  labels: Labels<L>,
): Readonly<Record<string, string>> {
  const ordered: Record<string, string> = {};
  for (const name of definition.labels) ordered[name] = labels[name];
  return ordered;
}

/** The samples in the order of their label values, whatever order they came in. */
export function byLabels(samples: readonly Sample[]): readonly Sample[] {
  return samples
    .map((sample) => ({ sample, key: JSON.stringify(Object.values(sample.labels)) }))
    .sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
    .map(({ sample }) => sample);
}
