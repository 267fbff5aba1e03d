/**
 * How a metric is defined, by the code that fills it.
 *
 * @module
 */
import type { CounterDefinition, LabelsBesideSite, MetricDefinition, MetricType } from "./types.ts";

/** Series that one metric may have for each site unless it says otherwise. */
const DEFAULT_MAX_SERIES = 10_000;

/** What is out of the ordinary about a metric. */
export interface DefineOptions<L extends string = string> {
  /**
   * Series that it may have for each site; what is over it is dropped and counted.
   *
   * @default {10000}
   */
  readonly maxSeries?: number;
  /**
   * Series that are 0 where a successful run counts nothing for them, rather than absent: one for
   * each combination of these values of its labels; `{}` for a metric without any.
   */
  readonly zeros?: { readonly [K in Exclude<L, "site">]: readonly string[] };
}

/**
 * Defines a metric. The label names become part of its type, so that the compiler checks every
 * place that sets a value.
 *
 * @param name Full name, of a counter with `_total`.
 * @param type Type in the exposition.
 * @param help One sentence, without quotes, backslashes or a final period.
 * @param labels Label names in the order of the exposition; `site` first where it has it.
 */
export function defineMetric<const L extends string = never>(
  name: string,
  type: MetricType,
  help: string,
  labels: readonly L[],
  { maxSeries = DEFAULT_MAX_SERIES, zeros }: DefineOptions<L> = {},
): MetricDefinition<L> {
  return Object.freeze({
    name,
    type,
    help,
    labels: Object.freeze([...labels]),
    maxSeries,
    zeros: Object.freeze(zeros ? combinations<L>(zeros) : []),
  });
}

/** Each combination of the values. */
function combinations<L extends string>(
  values: Readonly<Record<string, readonly string[]>>,
): readonly LabelsBesideSite<L>[] {
  const all = Object.entries(values).reduce<Record<string, string>[]>(
    (some, [label, values]) =>
      some.flatMap((labels) => values.map((value) => ({ ...labels, [label]: value }))),
    [{}],
  );
  // They have the labels of `values`: those of the metric, which the compiler cannot follow.
  return all as LabelsBesideSite<L>[];
}

/**
 * Defines a gauge of a collector, which has the label `site` in front. Several collectors may fill one
 * gauge where they share its definition.
 *
 * @param help One sentence, without quotes, backslashes or a final period.
 * @param labels Label names beside `site`, in the order of the exposition.
 */
export function gauge<const L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
  options: DefineOptions<L> = {},
): MetricDefinition<L | "site"> {
  return defineMetric<L | "site">(name, "gauge", help, ["site", ...labels], options);
}

/**
 * Defines a counter of a collector, which has the label `site` in front. Its values live as long as
 * the collector of the site, and are shown however old they are.
 *
 * @param name Full name, which ends in `_total`.
 * @param help One sentence, without quotes, backslashes or a final period.
 * @param labels Label names beside `site`, in the order of the exposition.
 */
export function counter<const L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
  options: DefineOptions<L> = {},
): CounterDefinition<L | "site"> {
  const definition = defineMetric<L | "site">(name, "counter", help, ["site", ...labels], options);
  return Object.freeze({ ...definition, type: "counter" as const });
}

/**
 * The definitions that a module exports, in its order; what it exports beside them are bucket bounds.
 *
 * @param exports The module, `import * as …`.
 */
export function definitionsOf(
  exports: Readonly<Record<string, MetricDefinition | readonly number[]>>,
): readonly MetricDefinition[] {
  return Object.values(exports).filter((value): value is MetricDefinition => "name" in value);
}
