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

/** Whether two lists of samples make the same lines, in the same order. */
export function hasSameSamples(a: readonly Sample[], b: readonly Sample[]): boolean {
  return a.length === b.length && a.every((sample, index) => isSame(sample, b[index]));
}

function isSame(a: Sample, b: Sample | undefined): boolean {
  return b !== undefined && Object.is(a.value, b.value) && hasSameLabels(a.labels, b.labels) &&
    a.suffix === b.suffix && a.le === b.le && a.createdSeconds === b.createdSeconds &&
    a.exemplar === b.exemplar;
}

function hasSameLabels(a: Sample["labels"], b: Sample["labels"]): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  const others = Object.keys(b);
  return names.length === others.length &&
    names.every((name, index) => name === others[index] && a[name] === b[name]);
}
