/**
 * Finds out what status codes mean: known ones at once, others by asking NetBackup, once each.
 *
 * @module
 */
import { statusInfo } from "../metrics/catalogue/ledger.ts";
import { familyBuilder } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import { STATUS_MEANINGS, statusClass } from "./status_meanings.ts";

/** Lookups per poll: an unusual night must not become a storm of requests. */
const MOST_LOOKUPS = 3;

/** The longest text of a label. */
const LONGEST_MEANING = 200;

/** Asks for the text of a status; undefined where there is none. */
export type StatusLookup = (status: number) => Promise<string | undefined>;

/** The meaning of every status seen. */
export class StatusTexts {
  readonly #seen = new Set<number>();
  /** Answers, `null` where NetBackup had none. */
  readonly #answers = new Map<number, string | null>();

  /** Notes that a status occurs. */
  see(status: number): void {
    this.#seen.add(status);
  }

  /**
   * Looks up some of the texts that are missing.
   *
   * @throws Error What the lookup throws; the status is asked for again then.
   */
  async learn(lookup: StatusLookup): Promise<void> {
    let lookups = 0;
    for (const status of this.#seen) {
      if (status < 0 || STATUS_MEANINGS.has(status) || this.#answers.has(status)) continue;
      if (lookups++ >= MOST_LOOKUPS) return;
      this.#answers.set(status, await lookup(status) ?? null);
    }
  }

  /** Answers so far, to be written down. */
  answers(): [number, string | null][] {
    return [...this.#answers];
  }

  /** Takes up answers that were written down. */
  restore(answers: readonly (readonly [number, string | null])[]): void {
    for (const [status, text] of answers) this.#answers.set(status, text);
  }

  /** A line per status seen. */
  build(site: string): MetricFamily {
    const family = familyBuilder(statusInfo);
    for (const status of this.#seen) {
      const text = STATUS_MEANINGS.get(status) ?? this.#answers.get(status) ?? "";
      const meaning = text.slice(0, LONGEST_MEANING);
      family.set({ site, status: String(status), meaning, class: statusClass(status) }, 1);
    }
    return family.build();
  }
}
