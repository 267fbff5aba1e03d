/**
 * Counters and histograms that can be written down and taken up again.
 *
 * @module
 */
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
  /** Observations per bucket, not cumulated; the last is above all bounds. */
  readonly counts: number[];
  sum: number;
}

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
    super(
      definition,
      (labels) => ({ labels, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 }),
    );
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
    for (const { labels, counts, sum } of this.values()) {
      let cumulated = 0;
      counts.forEach((count, index) => {
        cumulated += count;
        const bound = this.bounds[index];
        const le = bound === undefined ? "+Inf" : String(bound);
        samples.push({ labels: { ...labels, le }, value: cumulated, suffix: "_bucket" });
      });
      samples.push({ labels, value: this.toUnit(sum), suffix: "_sum" });
      samples.push({ labels, value: cumulated, suffix: "_count" });
    }
    return { definition: this.definition, samples };
  }
}
