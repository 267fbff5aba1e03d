/**
 * How many jobs write to each storage unit at present: each takes one of the unit's places for
 * concurrent jobs.
 *
 * @module
 */
import { familyBuilder } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import { OTHER } from "./label_bounds.ts";
import type { LiveJob } from "./live_jobs.ts";
import { storageActiveJobs } from "./metrics/storage.ts";

/** Storage units with a series of their own; a large primary has some hundreds. */
const MAX_UNITS = 1000;

/** Counts active jobs by storage unit, and remembers the units so that they go back to 0. */
export class StorageSlots {
  readonly #units = new Set<string>();

  /**
   * Counts.
   *
   * @param unfinished All unfinished jobs; undefined while they are not known, when there is no series.
   */
  family(site: string, unfinished: Iterable<LiveJob> | undefined): MetricFamily {
    const active = familyBuilder(storageActiveJobs);
    if (unfinished) {
      const counts = new Map<string, number>();
      for (const { state, storageUnit, childCount } of unfinished) {
        // A parent waits for its children, which do the writing.
        if (state !== "ACTIVE" || storageUnit === "" || childCount > 0) continue;
        const name = this.#bound(storageUnit);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      for (const name of this.#units) active.add({ site, name }, 0);
      for (const [name, count] of counts) active.add({ site, name }, count);
    }
    return active.build();
  }

  #bound(unit: string): string {
    if (this.#units.size < MAX_UNITS) this.#units.add(unit);
    return this.#units.has(unit) ? unit : OTHER;
  }
}
