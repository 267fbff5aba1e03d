/**
 * The finished jobs that the ledger counts, as other collectors of the site take them in.
 *
 * @module
 */
import { abortable } from "../base/signals.ts";
import type { CompletionListener } from "../ledger/completions.ts";
import type { LedgerCollector } from "../ledger/collector.ts";
import type { CheckpointSection } from "../state/section.ts";
import type { CompletionSource } from "./collector.ts";

/** What the feed needs of a ledger. */
export type JobLedger = Pick<LedgerCollector, "subscribe" | "attach" | "detach">;

/** Passes on what a ledger offers, and knows whether it is up to date. */
export class JobFeed implements CompletionSource {
  readonly #ledger: JobLedger;
  readonly #firstReading = Promise.withResolvers<void>();
  /** What is attached and detached follows one another: a section goes from one state to the next. */
  #changes: Promise<void> = Promise.resolve();
  #current = false;

  constructor(ledger: JobLedger) {
    this.#ledger = ledger;
  }

  get current(): boolean {
    return this.#current;
  }

  /**
   * Reads jobs, and notes how that ended.
   *
   * @throws What the reading throws.
   */
  async watch<T>(read: () => Promise<T>): Promise<T> {
    try {
      const result = await read();
      this.#current = true;
      return result;
    } catch (error) {
      this.#current = false;
      throw error;
    } finally {
      this.#firstReading.resolve();
    }
  }

  untilRead(signal: AbortSignal): Promise<void> {
    return abortable(this.#firstReading.promise, signal);
  }

  subscribe(listener: CompletionListener, onEarlier?: CompletionListener): () => void {
    return this.#ledger.subscribe(listener, onEarlier);
  }

  attach(section: CheckpointSection, onDone: () => void): Promise<void> {
    return this.#next(async () => {
      try {
        await this.#ledger.attach(section);
      } finally {
        onDone();
      }
    });
  }

  detach(section: CheckpointSection): Promise<void> {
    return this.#next(() => this.#ledger.detach(section));
  }

  /** Settles when whatever is to be kept is in its place. */
  settled(): Promise<void> {
    return this.#changes;
  }

  #next(change: () => Promise<void>): Promise<void> {
    const changed = this.#changes.then(change);
    this.#changes = changed.catch(() => {}); // Whoever asked for it is told.
    return changed;
  }
}
