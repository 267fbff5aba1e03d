/**
 * Looking things up in metric families.
 *
 * @module
 */
import type { MetricFamily, Sample } from "../../src/metrics/types.ts";

/** All labels of a sample's line, in its order. */
export function labelsOfLine({ labels, le }: Sample): Record<string, string> {
  return { ...(le !== undefined && { le }), ...labels };
}

/**
 * The value of the one series of a metric that has these labels, among others.
 *
 * @param suffix Of a histogram's line.
 * @returns Undefined when there is none.
 * @throws Error When there are several.
 */
export function valueOf(
  families: readonly MetricFamily[],
  metric: string,
  labels: Record<string, string> = {},
  suffix?: string,
): number | undefined {
  const found = families
    .filter((family) => family.definition.name === metric)
    .flatMap((family) => family.samples)
    .filter((sample) => sample.suffix === suffix)
    .filter((sample) => {
      const all = labelsOfLine(sample);
      return Object.entries(labels).every(([name, value]) => all[name] === value);
    });
  if (found.length > 1) throw new Error(`${found.length} series of ${metric} fit the labels`);
  return found[0]?.value;
}

/** How many series a metric has. */
export function seriesCount(families: readonly MetricFamily[], metric: string): number {
  return families
    .filter((family) => family.definition.name === metric)
    .reduce((count, family) => count + family.samples.length, 0);
}
