/**
 * The keys of jobs, grouped by the labels of a metric.
 *
 * @module
 */
import { inOrder, seriesKey } from "../metrics/series.ts";
import type { Labels, MetricDefinition, MetricFamily, Sample } from "../metrics/types.ts";
import type { JobKey } from "./job_keys.ts";

/**
 * A group for each label set. Groups last, and so do the objects of their labels: at every poll there
 * are the same ones.
 */
export class KeyGroups<L extends string> {
  readonly #definition: MetricDefinition<L>;
  readonly #labelsOf: (key: JobKey) => Labels<L>;
  /** The group of each key, by its number. */
  readonly #ofKey: number[] = [];
  readonly #bySeries = new Map<string, number>();
  readonly #labels: Sample["labels"][] = [];

  /** @param definition A metric with these labels; there may be others with the same. */
  constructor(definition: MetricDefinition<L>, labelsOf: (key: JobKey) => Labels<L>) {
    this.#definition = definition;
    this.#labelsOf = labelsOf;
  }

  /** The group of a key. */
  of(key: JobKey): number {
    return this.#ofKey[key.index] ??= this.#find(this.#labelsOf(key));
  }

  /**
   * A gauge that has the groups as series.
   *
   * @param values By group; those without one are left out.
   */
  gauge(definition: MetricDefinition<L>, values: readonly (number | undefined)[]): MetricFamily {
    const samples: Sample[] = [];
    for (const [group, labels] of this.#labels.entries()) {
      const value = values[group];
      if (value !== undefined) samples.push({ labels, value });
    }
    return { definition, samples, lastingLabels: true };
  }

  #find(labels: Labels<L>): number {
    const series = seriesKey(this.#definition, labels);
    let group = this.#bySeries.get(series);
    if (group === undefined) {
      group = this.#labels.length;
      this.#bySeries.set(series, group);
      this.#labels.push(inOrder(this.#definition, labels));
    }
    return group;
  }
}
