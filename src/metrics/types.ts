/**
 * Samples as plain data, and the definition of a metric.
 *
 * @module
 */

/** Types of the text exposition format that this exporter uses. */
export type MetricType = "gauge" | "counter" | "histogram";

/** One entry of the catalogue. `L` is the union of its label names, `site` included where it has it. */
export interface MetricDefinition<L extends string = string> {
  readonly name: string;
  readonly type: MetricType;
  /** One sentence; says what, and where it matters that it is collected in the background. */
  readonly help: string;
  readonly labels: readonly L[];
  /** Series that it may have for each site. */
  readonly maxSeries: number;
  /** Series that are 0 where nothing is counted for them; of each site, which they do not name. */
  readonly zeros: readonly LabelsBesideSite<L>[];
}

/** The definition of a counter, which can only be added to. */
export type CounterDefinition<L extends string = string> = MetricDefinition<L> & {
  readonly type: "counter";
};

/** Label values by name. Values are free text. */
export type Labels<L extends string = string> = { readonly [K in L]: string };

/** The same without the label `site`, which the frame of the collectors adds. */
export type LabelsBesideSite<L extends string = string> = Labels<Exclude<L, "site">>;

/** An example of what a line counts; only OpenMetrics can show it. */
export interface Exemplar {
  /** Names and values together are cut to 128 characters, as OpenMetrics demands. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** When it happened, in seconds since the Unix epoch. */
  readonly timestampSeconds: number;
}

/** One line of the exposition. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** Upper bound of a histogram's bucket, which its line has as a label, too; absent elsewhere. */
  readonly le?: string;
  readonly value: number;
  /** What a histogram's line has after the metric's name; absent for other types. */
  readonly suffix?: "_bucket" | "_sum" | "_count";
  readonly exemplar?: Exemplar;
  /**
   * When the series was last 0, in seconds since the Unix epoch: of a counter, and of a histogram on its
   * line `_count`. Only OpenMetrics shows it, on the line `_created` that follows.
   */
  readonly createdSeconds?: number;
}

/** A metric with its lines: plain data, never changed once built. */
export interface MetricFamily {
  readonly definition: MetricDefinition;
  readonly samples: readonly Sample[];
  /**
   * Families of one metric that share this have the same samples, and what was rendered of one is
   * valid for the other. Absent where nobody knows.
   */
  readonly version?: object;
  /**
   * The label objects of its samples are the same ones each time that it is built: what they look like
   * as text is kept with them. Where they are made anew each time, that would cost more than it saves.
   */
  readonly lastingLabels?: boolean;
}

/** Text format 0.0.4 or OpenMetrics 1.0.0. */
export type Format = "text" | "openmetrics";
