/**
 * The rules of `promtool check metrics`, for definitions.
 *
 * @module
 */
import type { MetricDefinition } from "../../src/metrics/types.ts";

const NON_BASE_UNITS = [
  ...["minutes", "hours", "days", "weeks", "milliseconds", "microseconds", "nanoseconds"],
  ...["bits", "kilobits", "megabits", "kilobytes", "megabytes", "gigabytes", "terabytes"],
  ...["kibibytes", "mebibytes", "gibibytes", "percent"],
];

const ABBREVIATED_UNITS = [
  ...["s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d"],
];

const TYPE_NAMES = ["counter", "gauge", "histogram", "summary", "untyped"];

/** What promtool would say about a metric; nothing when it is clean. */
export function lint({ name, type, help, labels }: MetricDefinition): string[] {
  const complaints: string[] = [];
  const parts = name.split("_");
  if (help.trim() === "") complaints.push("no help text");
  for (const unit of NON_BASE_UNITS) {
    if (parts.includes(unit)) complaints.push(`non-base unit "${unit}"`);
  }
  for (const unit of ABBREVIATED_UNITS) {
    if (parts.includes(unit)) complaints.push(`abbreviated unit "${unit}"`);
  }
  for (const typeName of TYPE_NAMES) {
    if (parts.includes(typeName)) complaints.push(`type name "${typeName}"`);
  }
  if (type === "counter" && !name.endsWith("_total")) complaints.push("counter without _total");
  if (type !== "counter" && name.endsWith("_total")) complaints.push("_total on a non-counter");
  if (/_(bucket|count|sum)$/.test(name)) complaints.push("suffix of histograms");
  if (labels.some((label) => label === "le" || label === "quantile")) {
    complaints.push("label of histograms or summaries");
  }
  if (name.includes(":")) complaints.push("colon");
  if ([name, ...labels].some((text) => /[a-z][A-Z]/.test(text))) complaints.push("camelCase");
  return complaints;
}
