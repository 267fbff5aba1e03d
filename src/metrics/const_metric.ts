/**
 * Plain samples as a metric that prom-client can render.
 *
 * The library has no metric of constant samples, and its own storage cannot hold ours: it joins
 * label values with `|` into a key, so that free text such as policy names can make two series
 * one. Of a registered metric its registry asks `get()` alone. So a gauge is made, for its type,
 * and its `get()` replaced; nothing is ever stored in it, and what `get()` returns says itself
 * which name and type it has, so that a gauge stands for every type.
 *
 * @module
 */
import { Gauge, type Metric } from "prom-client";
import { fitExemplarLabels } from "./exemplar.ts";
import type { Exemplar, Format, MetricFamily, Sample } from "./types.ts";

/** A line in the library's words. */
interface RenderedSample {
  readonly labels: Sample["labels"];
  /** Further labels. The library keeps their text for as long as the object exists. */
  readonly sharedLabels?: Sample["labels"] | undefined;
  readonly value: number;
  readonly metricName: string;
  readonly exemplar?: ReturnType<typeof renderedExemplar> | undefined;
}

/** Makes the metric of one family, for one rendering in one format. */
export function constMetric(family: MetricFamily, format: Format): Metric<string> {
  const { definition, samples } = family;
  const name = renderedName(definition.name, definition.type, format);
  const { help, type } = definition;
  // The lines of a histogram's series have them in common.
  const shares = family.lastingLabels === true || type === "histogram";
  const values: RenderedSample[] = [];
  for (const { labels: all, le, value, suffix, exemplar, createdSeconds } of samples) {
    const labels = shares ? bucketLabels(le) : all;
    const sharedLabels = shares ? all : undefined;
    values.push({
      labels,
      sharedLabels,
      value,
      metricName: suffix === undefined ? name : name + suffix,
      exemplar: exemplar && renderedExemplar(exemplar),
    });
    if (createdSeconds === undefined || format === "text") continue;
    values.push({ labels, sharedLabels, value: createdSeconds, metricName: `${name}_created` });
  }
  const metric = { name, help, type, aggregator: "omit" as const, collect() {}, values };
  const gauge = new Gauge<string>({ name, help, registers: [] });
  return Object.assign(gauge, { get: () => Promise.resolve(metric) });
}

const NO_LABELS: Sample["labels"] = {};

function bucketLabels(le: string | undefined): Sample["labels"] {
  return le === undefined ? NO_LABELS : { le };
}

/** Takes away the `_total` that the library adds to lines `_created` of counters, too. */
export function withoutSurplusTotal(
  text: string,
  families: readonly MetricFamily[],
  format: Format,
): string {
  if (format === "text") return text;
  for (const { definition: { name, type }, samples } of families) {
    if (type !== "counter" || !samples.some(isDated)) continue;
    const created = `${renderedName(name, type, format)}_created`;
    // No value of a label has a line break in it: only lines begin so.
    text = text.replaceAll(`\n${created}_total`, `\n${created}`);
  }
  return text;
}

/** Whether a line has one `_created` with it. */
export function isDated({ createdSeconds }: Sample): boolean {
  return createdSeconds !== undefined;
}

/** An exemplar in the library's words; it writes it in OpenMetrics only. */
function renderedExemplar({ labels, value, timestampSeconds }: Exemplar) {
  return { labelSet: fitExemplarLabels(labels), value, timestamp: timestampSeconds };
}

/**
 * OpenMetrics names a counter without `_total`, which only its line has; the library adds it there
 * to whatever name it is given. See `withoutSurplusTotal()`.
 */
function renderedName(name: string, type: string, format: Format): string {
  return format === "openmetrics" && type === "counter" ? name.replace(/_total$/, "") : name;
}
