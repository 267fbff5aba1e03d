/**
 * Counters and histograms whose values can be serialized and restored.
 *
 * @module
 */
import * as v from "valibot";
import { inOrder, seriesKey } from "../metrics/series.ts";
import type { Exemplar, Labels, MetricDefinition, MetricFamily, Sample } from "../metrics/types.ts";

/** One series of a counter, to be added to in place. */
export interface CounterCell {
  readonly labels: Sample["labels"];
  /** In the unit that is counted in; see the scale of its family. */
  value: number;
  exemplar?: Exemplar;
}

/** One series of a histogram. */
export interface HistogramCell {
  readonly labels: Sample["labels"];
  /** Labels of its buckets; the same objects in every build. */
  readonly bucketLabels: readonly Sample["labels"][];
  /** Observations per bucket, not cumulated; the last is above all bounds. */
  readonly counts: number[];
  sum: number;
}

const amount = v.pipe(v.number(), v.minValue(0));
const labelsDocument = v.record(v.string(), v.string());

/** Labels and value of each series of a counter. */
export const counterDocument = v.array(v.tuple([labelsDocument, amount]));

/** Labels, observations per bucket and sum of each series of a histogram. */
export const histogramDocument = v.array(v.tuple([labelsDocument, v.array(amount), v.number()]));

/** Series by their labels. */
class Cells<L extends string, C extends { readonly labels: Sample["labels"] }> {
  readonly #cells = new Map<string, C>();

  constructor(
    readonly definition: MetricDefinition<L>,
    readonly make: (labels: Sample["labels"]) => C,
  ) {}

  cell(labels: Labels<L>): C {
    const key = seriesKey(this.definition, labels);
    let cell = this.#cells.get(key);
    if (!cell) {
      cell = this.make(inOrder(this.definition, labels));
      this.#cells.set(key, cell);
    }
    return cell;
  }

  values(): IterableIterator<C> {
    return this.#cells.values();
  }

  /** The cell of serialized labels, if they are all there; a label of another site cannot come in. */
  protected restored(labels: Sample["labels"], site: string): C | undefined {
    const own: Record<string, string> = { ...labels, site };
    return hasAll(this.definition.labels, own) ? this.cell(own) : undefined;
  }
}

function hasAll<L extends string>(
  names: readonly L[],
  labels: Sample["labels"],
): labels is Labels<L> {
  return names.every((name) => name in labels);
}

/** A counter: it counts in whole units, so that no sum depends on the order of its parts. */
export class CounterFamily<L extends string> extends Cells<L, CounterCell> {
  /** @param scale What one unit counted is worth in the exposition: 1024 for kilobytes. */
  constructor(definition: MetricDefinition<L>, readonly scale = 1) {
    super(definition, (labels) => ({ labels, value: 0 }));
  }

  /** The family as it stands. */
  build(): MetricFamily {
    const samples: Sample[] = [];
    for (const { labels, value, exemplar } of this.values()) {
      samples.push({ labels, value: value * this.scale, ...(exemplar && { exemplar }) });
    }
    return { definition: this.definition, samples };
  }

  serialize(): v.InferOutput<typeof counterDocument> {
    return [...this.values()].map(({ labels, value }) => [labels, value]);
  }

  restore(document: v.InferOutput<typeof counterDocument>, site: string): void {
    for (const [labels, value] of document) {
      const cell = this.restored(labels, site);
      if (cell) cell.value = value;
    }
  }
}

/** A histogram: it sums in whole units, so that no sum depends on the order of its parts. */
export class CumulativeHistogram<L extends string> extends Cells<L, HistogramCell> {
  /**
   * @param bounds Upper bounds as in the exposition, ascending, without infinity.
   * @param toUnit From the unit that is observed in to that of the exposition.
   */
  constructor(
    definition: MetricDefinition<L>,
    readonly bounds: readonly number[],
    readonly toUnit: (observed: number) => number,
  ) {
    const limits = [...bounds.map(String), "+Inf"];
    super(definition, (labels) => ({
      labels,
      bucketLabels: limits.map((le) => ({ ...labels, le })),
      counts: new Array<number>(limits.length).fill(0),
      sum: 0,
    }));
  }

  /** Counts one observation. */
  observe(cell: HistogramCell, observed: number): void {
    const value = this.toUnit(observed);
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] ?? Infinity)) bucket++;
    cell.counts[bucket] = (cell.counts[bucket] ?? 0) + 1;
    cell.sum += observed;
  }

  /** The family as it stands. */
  build(): MetricFamily {
    const samples: Sample[] = [];
    for (const { labels, bucketLabels, counts, sum } of this.values()) {
      let cumulated = 0;
      bucketLabels.forEach((labels, index) => {
        cumulated += counts[index] ?? 0;
        samples.push({ labels, value: cumulated, suffix: "_bucket" });
      });
      samples.push({ labels, value: this.toUnit(sum), suffix: "_sum" });
      samples.push({ labels, value: cumulated, suffix: "_count" });
    }
    return { definition: this.definition, samples };
  }

  serialize(): v.InferOutput<typeof histogramDocument> {
    return [...this.values()].map(({ labels, counts, sum }) => [labels, [...counts], sum]);
  }

  restore(document: v.InferOutput<typeof histogramDocument>, site: string): void {
    for (const [labels, counts, sum] of document) {
      // Other bounds, of another version: what was counted in them cannot be told apart any more.
      if (counts.length !== this.bounds.length + 1) continue;
      const cell = this.restored(labels, site);
      if (!cell) continue;
      counts.forEach((count, index) => cell.counts[index] = count);
      cell.sum = sum;
    }
  }
}
