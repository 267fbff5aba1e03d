/**
 * Turns metric families into the text that Prometheus reads.
 *
 * @module
 */
import { openMetricsContentType, prometheusContentType, Registry } from "prom-client";
import { constMetric, withoutSurplusTotal } from "./const_metric.ts";
import type { Format, MetricDefinition, MetricFamily } from "./types.ts";

/** Values of `Content-Type`. */
export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: prometheusContentType,
  openmetrics: openMetricsContentType,
};

/** What ends an OpenMetrics page, and only there. */
export const OPENMETRICS_END = "# EOF\n";

/**
 * Renders families, without what ends a page: the parts of a page can be joined.
 *
 * @param families Families of the same metric, of several sites say, become one group: the format
 * wants all lines of a metric together. A family without samples keeps its `HELP` and `TYPE`.
 * @throws Error When two different definitions share a name.
 */
export async function renderFamilies(
  families: readonly MetricFamily[],
  format: Format,
): Promise<string> {
  if (families.length === 0) return "";
  // A registry of its own for each rendering: one that has rendered OpenMetrics has renamed its
  // counters and cannot render text afterwards.
  const registry = new Registry(
    format === "text" ? Registry.PROMETHEUS_CONTENT_TYPE : Registry.OPENMETRICS_CONTENT_TYPE,
  );
  const merged = mergeFamilies(families);
  for (const family of merged) {
    registry.registerMetric(constMetric(family, format));
  }
  const text = await registry.metrics();
  const whole = withoutSurplusTotal(text, merged, format);
  const open = format === "openmetrics" ? whole.slice(0, -OPENMETRICS_END.length) : whole;
  // The library writes `Nan`; the formats know `NaN` only, even where readers are lenient.
  return open.replaceAll(" Nan\n", " NaN\n");
}

/**
 * Renders the two lines that stand in front of a metric.
 *
 * @throws Error What the library throws.
 */
export function renderHead(definition: MetricDefinition, format: Format): Promise<string> {
  return renderFamilies([{ definition, samples: [] }], format);
}

/** Renders the lines of a metric's samples, without those that stand in front. */
export async function renderSamples(family: MetricFamily, format: Format): Promise<string> {
  if (family.samples.length === 0) return "";
  const text = await renderFamilies([family], format);
  const secondLine = text.indexOf("\n") + 1;
  return text.slice(text.indexOf("\n", secondLine) + 1);
}

/**
 * Joins families of the same metric, in order of first appearance.
 *
 * @throws Error When two different definitions share a name.
 */
export function mergeFamilies(families: readonly MetricFamily[]): MetricFamily[] {
  const groups = new Map<string, [MetricFamily, ...MetricFamily[]]>();
  for (const family of families) {
    const { definition } = family;
    const group = groups.get(definition.name);
    if (!group) {
      groups.set(definition.name, [family]);
    } else if (group[0].definition === definition) {
      group.push(family);
    } else {
      throw new Error(
        `Cannot render the metric "${definition.name}": two different definitions share the name`,
      );
    }
  }
  return [...groups.values()].map(([first, ...others]) =>
    others.length === 0 ? first : {
      definition: first.definition,
      samples: [first, ...others].flatMap(({ samples }) => samples),
    }
  );
}
