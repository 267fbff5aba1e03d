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
  /** It is new: it is published as 0 once before its value, so that `increase()` sees that. */
  fresh: boolean;
  exemplar?: Exemplar;
  /** See `Dated`. */
  createdMs: number | undefined;
}

/** One series of a histogram. */
export interface HistogramCell {
  readonly labels: Sample["labels"];
  /** Observations per bucket, not cumulated; the last is above all bounds. */
  readonly counts: number[];
  sum: number;
  /** See `CounterCell`. */
  fresh: boolean;
  /** See `Dated`. */
  createdMs: number | undefined;
}

/** Something that began at a time. */
interface Dated {
  /**
   * When the series was 0, by the exporter's clock, in milliseconds since the epoch; undefined before the
   * first poll, and `UNKNOWN` where an earlier version has not kept it.
   */
  createdMs: number | undefined;
}

const UNKNOWN = 0;

function createdOf({ createdMs = UNKNOWN }: Dated): { createdSeconds?: number } {
  return createdMs === UNKNOWN ? {} : { createdSeconds: createdMs / 1000 };
}

/**
 * A family that makes its samples when they are asked for, from values that do not change any more. A
 * sample takes ten times the memory of its value, and families are kept: some formats of the page may
 * be asked for later. Until the memory is wanted, whoever asks next gets the same.
 */
function compactFamily(definition: MetricDefinition, make: () => readonly Sample[]): MetricFamily {
  let made: WeakRef<readonly Sample[]> | undefined;
  return {
    definition,
    version: {},
    lastingLabels: true,
    get samples() {
      const known = made?.deref();
      if (known) return known;
      const samples = make();
      made = new WeakRef(samples);
      return samples;
    },
  };
}

const amount = v.pipe(v.number(), v.minValue(0));
const labelsDocument = v.record(v.string(), v.string());

const freshDocument = v.optional(v.boolean(), false);
const createdDocument = v.optional(v.number(), UNKNOWN);

/** Labels and value of each series of a counter, whether it is fresh, and when it began. */
export const counterDocument = v.array(
  v.tuple([labelsDocument, amount, freshDocument, createdDocument]),
);

/**
 * Labels, observations per bucket and sum of each series of a histogram, whether it is fresh, and when
 * it began.
 */
export const histogramDocument = v.array(
  v.tuple([labelsDocument, v.array(amount), v.number(), freshDocument, createdDocument]),
);

/** A family, and what it was built from. */
interface Built {
  readonly values: readonly number[];
  readonly exemplars: readonly (Exemplar | undefined)[];
  readonly family: MetricFamily;
}

function hasEqual<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Series by their labels. */
class Cells<
  L extends string,
  C extends { readonly labels: Sample["labels"]; fresh: boolean } & Dated,
> {
  readonly #cells = new Map<string, C>();
  /** The same in order; what is built refers to it, and it is only ever added to. */
  readonly #list: C[] = [];
  #undated: C[] = [];
  #nowMs: number | undefined;
  #built: Built | undefined;

  constructor(
    readonly definition: MetricDefinition<L>,
    readonly make: (labels: Sample["labels"]) => C,
  ) {}

  cell(labels: Labels<L>): C {
    const key = seriesKey(this.definition, labels);
    let cell = this.#cells.get(key);
    if (!cell) {
      cell = this.make(inOrder(this.definition, labels));
      cell.createdMs = this.#nowMs;
      if (this.#nowMs === undefined) this.#undated.push(cell);
      this.#cells.set(key, cell);
      this.#list.push(cell);
    }
    return cell;
  }

  /** Series that are new from now on begin at this time, as do those that are there and have none. */
  beginAt(nowMs: number): void {
    this.#nowMs = nowMs;
    if (this.#undated.length === 0) return;
    for (const cell of this.#undated) cell.createdMs ??= nowMs;
    this.#undated = [];
    this.#built = undefined;
  }

  /** All cells, in order of first appearance. */
  get list(): readonly C[] {
    return this.#list;
  }

  /** What was built has been published: the values of fresh series are next. Whether there are any. */
  reveal(): boolean {
    let any = false;
    for (const cell of this.#list) {
      any ||= cell.fresh;
      cell.fresh = false;
    }
    return any;
  }

  /** Takes over when a series began; of several that have become one, when the first did. */
  protected restoreCreated(cell: C, createdMs: number): void {
    cell.createdMs = Math.min(cell.createdMs ?? createdMs, createdMs);
    this.#built = undefined;
  }

  /** The family of these values: the one that was built last, where they are the same. */
  protected familyOf(
    values: readonly number[],
    exemplars: Built["exemplars"],
    make: () => readonly Sample[],
  ): MetricFamily {
    const last = this.#built;
    if (last && hasEqual(last.values, values) && hasEqual(last.exemplars, exemplars)) {
      return last.family;
    }
    const family = compactFamily(this.definition, make);
    this.#built = { values, exemplars, family };
    return family;
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
    super(definition, (labels) => ({ labels, value: 0, fresh: true, createdMs: undefined }));
  }

  /** The family as it stands. @param revealed Fresh series are built with their values, too. */
  build(revealed = false): MetricFamily {
    const { list, scale } = this;
    const isShown = ({ fresh }: CounterCell) => revealed || !fresh;
    const values = list.map((cell) => isShown(cell) ? cell.value * scale : 0);
    const exemplars = list.some(({ exemplar }) => exemplar)
      ? list.map((cell) => isShown(cell) ? cell.exemplar : undefined)
      : [];
    return this.familyOf(values, exemplars, () => {
      const samples: Sample[] = [];
      for (const [index, value] of values.entries()) {
        const cell = list[index];
        if (!cell) continue;
        const exemplar = exemplars[index];
        samples.push({
          ...{ labels: cell.labels, value },
          ...(exemplar && { exemplar }),
          ...createdOf(cell),
        });
      }
      return samples;
    });
  }

  serialize(): v.InferOutput<typeof counterDocument> {
    return this.list.map((
      { labels, value, fresh, createdMs = UNKNOWN },
    ) => [labels, value, fresh, createdMs]);
  }

  restore(document: v.InferOutput<typeof counterDocument>, site: string): void {
    for (const [labels, value, fresh, createdMs] of document) {
      const cell = this.restored(labels, site);
      if (!cell) continue;
      // An earlier version may have told apart what is one series now.
      cell.value += value;
      cell.fresh = fresh;
      this.restoreCreated(cell, createdMs);
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
    super(definition, (labels) => ({
      labels,
      counts: new Array<number>(bounds.length + 1).fill(0),
      sum: 0,
      fresh: true,
      createdMs: undefined,
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

  /** The family as it stands. @param revealed Fresh series are built with their values, too. */
  build(revealed = false): MetricFamily {
    const { list, toUnit } = this;
    const limits = [...this.bounds.map(String), "+Inf"];
    // Of each cell its buckets, then its sum.
    const values = list.flatMap(({ counts, sum, fresh }) => {
      const shown = revealed || !fresh;
      return [...counts.map((count) => shown ? count : 0), shown ? toUnit(sum) : 0];
    });
    return this.familyOf(values, [], () => {
      const samples: Sample[] = [];
      for (let at = 0; at < values.length; at += limits.length + 1) {
        const cell = list[at / (limits.length + 1)];
        if (!cell) continue;
        const { labels } = cell;
        let cumulated = 0;
        for (const [index, le] of limits.entries()) {
          cumulated += values[at + index] ?? 0;
          samples.push({ labels, le, value: cumulated, suffix: "_bucket" });
        }
        samples.push({ labels, value: values[at + limits.length] ?? 0, suffix: "_sum" });
        samples.push({ labels, value: cumulated, suffix: "_count", ...createdOf(cell) });
      }
      return samples;
    });
  }

  serialize(): v.InferOutput<typeof histogramDocument> {
    return this.list.map((
      { labels, counts, sum, fresh, createdMs = UNKNOWN },
    ) => [labels, [...counts], sum, fresh, createdMs]);
  }

  restore(document: v.InferOutput<typeof histogramDocument>, site: string): void {
    for (const [labels, counts, sum, fresh, createdMs] of document) {
      // Other bounds, of another version: what was counted in them cannot be told apart any more.
      if (counts.length !== this.bounds.length + 1) continue;
      const cell = this.restored(labels, site);
      if (!cell) continue;
      counts.forEach((count, index) => cell.counts[index] = (cell.counts[index] ?? 0) + count);
      cell.sum += sum;
      cell.fresh = fresh;
      this.restoreCreated(cell, createdMs);
    }
  }
}
