/**
 * The few families that findings are read from, as each collector last published them.
 *
 * @module
 */
import type { MetricFamily, Sample } from "../../metrics/types.ts";

/** Keeps families of some names. */
export class RetainedFamilies {
  readonly #names: ReadonlySet<string>;
  readonly #byCollector = new Map<string, readonly MetricFamily[]>();

  constructor(names: Iterable<string>) {
    this.#names = new Set(names);
  }

  /** Keeps what a collector has published, in place of what it had before. */
  set(collector: string, families: readonly MetricFamily[]): void {
    const kept = families.filter(({ definition }) => this.#names.has(definition.name));
    if (kept.length > 0) this.#byCollector.set(collector, kept);
    else this.#byCollector.delete(collector);
  }

  /** Removes what a collector has published. */
  delete(collector: string): void {
    this.#byCollector.delete(collector);
  }

  /** The samples of a metric, of all collectors. */
  samples(name: string): Sample[] {
    return [...this.#byCollector.values()].flat()
      .filter(({ definition }) => definition.name === name)
      .flatMap(({ samples }) => samples);
  }
}
