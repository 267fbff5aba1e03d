/**
 * A scraped metrics page, to look things up in.
 *
 * @module
 */
import { type ParsedSample, parseExposition } from "../metrics/_parse.ts";

/** A metrics page. */
export interface ParsedPage {
  /** Names of all metrics. */
  readonly names: readonly string[];
  /** All lines of this name (`…_bucket` and so on for histograms) that have these labels. */
  samples(name: string, labels?: Record<string, string>): readonly ParsedSample[];
  /**
   * The value of the one such line.
   *
   * @returns Undefined when there is none.
   * @throws Error When there are several.
   */
  value(name: string, labels?: Record<string, string>): number | undefined;
}

/** Reads a page of the text format, strictly. */
export function parsePage(text: string): ParsedPage {
  const families = parseExposition(text, "text");
  const all = families.flatMap((family) => family.samples);
  const samples = (name: string, labels: Record<string, string> = {}) =>
    all.filter((sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
    );
  return {
    names: families.map(({ name }) => name),
    samples,
    value(name, labels) {
      const found = samples(name, labels);
      if (found.length > 1) throw new Error(`${found.length} lines of ${name} fit the labels`);
      return found[0]?.value;
    },
  };
}
