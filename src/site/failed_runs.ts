/**
 * The counter of the failed runs of a site's collectors.
 *
 * @module
 */
import { collectorErrorsTotal } from "../metrics/catalogue.ts";
import { familyBuilder } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { CollectorState } from "./collector_state.ts";

/**
 * Makes the family anew only after a run has failed: it has a series for each collector and reason, a
 * third of all that is published of a site's health after each run of each collector.
 */
export class FailedRuns {
  /** What the family was made of: maps that are replaced, never changed. */
  #counts: readonly CollectorState["errors"][] = [];
  #family: MetricFamily | undefined;

  /** The family as it stands. */
  family(site: string, states: readonly CollectorState[]): MetricFamily {
    const counts = states.map(({ errors }) => errors);
    const known = this.#counts;
    const isSame = counts.length === known.length && counts.every((one, i) => one === known[i]);
    if (this.#family && isSame) return this.#family;
    const family = familyBuilder(collectorErrorsTotal);
    for (const { name, errors } of states) {
      for (const [reason, count] of errors) family.set({ site, collector: name, reason }, count);
    }
    this.#counts = counts;
    return this.#family = family.build();
  }
}
