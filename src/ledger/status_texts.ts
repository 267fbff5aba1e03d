/**
 * Finds out what status codes mean: known ones at once, others by asking NetBackup, once each.
 *
 * @module
 */
import * as v from "valibot";
import { statusInfo } from "./metrics/ledger.ts";
import { familyBuilder } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import { STATUS_MEANINGS, statusClass } from "./status_meanings.ts";

/** Lookups per poll: an unusual night must not become a storm of requests. */
const MAX_LOOKUPS = 3;

/** Characters of a label. */
const MAX_MEANING_LENGTH = 200;

/** Status codes with their texts; null = NetBackup has none. */
export const statusTextsDocument = v.array(v.tuple([v.number(), v.nullable(v.string())]));

/** Asks for the text of a status; undefined where there is none. */
export type StatusLookup = (status: number) => Promise<string | undefined>;

/** The meaning of every status seen. */
export class StatusTexts {
  readonly #seen = new Set<number>();
  /** What NetBackup said; `null` where it had no text. */
  readonly #texts = new Map<number, string | null>();

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
      if (status < 0 || STATUS_MEANINGS.has(status) || this.#texts.has(status)) continue;
      if (lookups++ >= MAX_LOOKUPS) return;
      this.#texts.set(status, await lookup(status) ?? null);
    }
  }

  /** The text of a status; empty where there is none, or not yet. */
  textOf(status: number): string {
    const text = STATUS_MEANINGS.get(status) ?? this.#texts.get(status) ?? "";
    return text.slice(0, MAX_MEANING_LENGTH);
  }

  /** How many texts were looked up. */
  get size(): number {
    return this.#texts.size;
  }

  /** Every text looked up so far. */
  serialize(): v.InferOutput<typeof statusTextsDocument> {
    return [...this.#texts];
  }

  restore(document: v.InferOutput<typeof statusTextsDocument>): void {
    for (const [status, text] of document) this.#texts.set(status, text);
  }

  /** A line per status seen. */
  build(site: string): MetricFamily {
    const family = familyBuilder(statusInfo);
    for (const status of this.#seen) {
      const meaning = this.textOf(status);
      family.set({ site, status: String(status), meaning, class: statusClass(status) }, 1);
    }
    return family.build();
  }
}
