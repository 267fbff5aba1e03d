/**
 * Plain samples as a metric that prom-client can render.
 *
 * The library has no metric of constant samples, and its own storage cannot hold ours: it joins
 * label values with `|` into a key, so that free text such as policy names can make two series
 * one. Of a registered metric its registry asks `get()` alone. So a gauge is made, for its type,
 * and its `get()` replaced; nothing is ever stored in it, and what `get()` answers says itself
 * which name and type it has, so that a gauge stands for every type.
 *
 * @module
 */
import { Gauge, type Metric } from "prom-client";
import { fitExemplarLabels } from "./exemplar.ts";
import type { Exemplar, Format, MetricFamily } from "./types.ts";

/** Makes the metric of one family, for one rendering in one format. */
export function constMetric({ definition, samples }: MetricFamily, format: Format): Metric<string> {
  const name = renderedName(definition.name, definition.type, format);
  const { help, type } = definition;
  const values = type === "histogram"
    ? samples.map(({ labels, value, suffix = "" }) => ({
      labels,
      value,
      metricName: `${name}${suffix}`,
    }))
    : samples.map(({ labels, value, exemplar }) =>
      exemplar ? { labels, value, exemplar: renderedExemplar(exemplar) } : { labels, value }
    );
  const answer = { name, help, type, aggregator: "omit" as const, collect() {}, values };
  const gauge = new Gauge<string>({ name, help, registers: [] });
  return Object.assign(gauge, { get: () => Promise.resolve(answer) });
}

/** An exemplar in the library's words; it writes it in OpenMetrics only. */
function renderedExemplar({ labels, value, timestampSeconds }: Exemplar) {
  return { labelSet: fitExemplarLabels(labels), value, timestamp: timestampSeconds };
}

/**
 * OpenMetrics names a counter without `_total`, which only its line has; the library adds it there
 * to whatever name it is given.
 */
function renderedName(name: string, type: string, format: Format): string {
  return format === "openmetrics" && type === "counter" ? name.replace(/_total$/, "") : name;
}
