/**
 * How an entry of the catalogue is written.
 *
 * @module
 */
import type { MetricDefinition, MetricType } from "../types.ts";

/** What is out of the ordinary about a metric. */
export interface DefineOptions {
  /**
   * Part of the drop-in contract: the name is an interface and is kept as it is.
   *
   * @default {false}
   */
  readonly legacy?: boolean;
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
  { legacy = false }: DefineOptions = {},
): MetricDefinition<L> {
  return Object.freeze({ name, type, help, labels: Object.freeze([...labels]), legacy });
}
