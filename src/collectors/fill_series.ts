/**
 * How the metrics of a declared collector are filled, for one site at a time.
 *
 * @module
 */
import { type FamilyBuilder, familyBuilder } from "../metrics/family.ts";
import type {
  CounterDefinition,
  LabelsBesideSite,
  MetricDefinition,
  MetricFamily,
} from "../metrics/types.ts";

/** Metrics by the names under which the collector fills them; the frame sets their label `site`. */
export type MetricSet = Readonly<Record<string, MetricDefinition>>;

/** The names of their labels. */
export type LabelsOf<M extends MetricSet> = M[keyof M]["labels"][number];

/** The series of one metric, for one run. */
export interface Series<L extends string> {
  /**
   * Sets the value of one series: true is 1, false is 0, and of what is not known there is no series.
   * One that is set already keeps its value, and that is counted.
   */
  set(labels: LabelsBesideSite<L>, value: number | boolean | undefined): void;
  /** Adds to the value of one series, which begins at 0: 1 for true, nothing for false. */
  add(labels: LabelsBesideSite<L>, value: number | boolean): void;
}

/** What a counter has counted in one run; it counts for nothing when the run fails. */
export type Counted<L extends string> = Pick<Series<L>, "add">;

/** What the metrics of a collector are filled through. */
export type SeriesOf<M extends MetricSet> = {
  readonly [K in keyof M]: M[K] extends CounterDefinition<infer L> ? Counted<L>
    : M[K] extends MetricDefinition<infer L> ? Series<L>
    : never;
};

/** The series that something fills in, zeros put in where it fills in none. */
export function fillSeries<M extends MetricSet>(
  site: string,
  metrics: M,
  fill: (series: SeriesOf<M>) => void,
): MetricFamily[] {
  const series = openSeries(site, metrics);
  fill(series.handles);
  return series.build();
}

/** The series of the metrics of a collector, while they are filled. */
export interface OpenSeries<M extends MetricSet> {
  readonly handles: SeriesOf<M>;
  /** The families as they stand, zeros put in. */
  build(): MetricFamily[];
  /** How often a series was set that had a value already, by metric. */
  readonly repeated: ReadonlyMap<string, number>;
}

/** Begins to fill the metrics of a collector, for one site. */
export function openSeries<M extends MetricSet>(site: string, metrics: M): OpenSeries<M> {
  const builders = new Map<MetricDefinition, FamilyBuilder<string>>();
  const repeated = new Map<string, number>();
  const handles: Record<string, Series<string>> = {};
  for (const [key, definition] of Object.entries(metrics)) {
    const builder = familyBuilder(definition);
    builders.set(definition, builder);
    handles[key] = {
      set(labels, value) {
        if (value === undefined || builder.set({ ...labels, site }, Number(value))) return;
        repeated.set(definition.name, (repeated.get(definition.name) ?? 0) + 1);
      },
      add: (labels, value) => builder.add({ ...labels, site }, Number(value)),
    };
  }
  return {
    // A series for each metric, of the labels that it names: the compiler cannot follow the loop.
    handles: handles as SeriesOf<M>,
    repeated,
    build() {
      for (const [{ zeros }, builder] of builders) {
        for (const labels of zeros) builder.add({ ...labels, site }, 0);
      }
      return [...builders.values()].map((builder) => builder.build());
    },
  };
}
