/**
 * Writes the ledger's state when it has changed, and sees to it that no counter is published that would
 * go back after a restart.
 *
 * @module
 */
import { HOUR_MS } from "../base/time_units.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { Checkpoint } from "../state/checkpoint.ts";
import { CheckpointNotWrittenError } from "../state/errors.ts";
import type { CheckpointSection } from "../state/section.ts";
import { SectionedCheckpoint } from "../state/sectioned_checkpoint.ts";
import type { Logger } from "../telemetry/logger.ts";

/** Whose state is kept. */
export interface LedgerCheckpointOptions {
  /** Where; undefined = nowhere. */
  readonly checkpoint: Checkpoint | undefined;
  /** Grows with whatever is worth a checkpoint. */
  readonly revision: () => number;
  /** All counters with their values. */
  readonly counters: () => readonly MetricFamily[];
  /** The exporter's time, milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * How old what is on disk may get while there are untracked sections, in milliseconds: the state of
 * collectors changes, since when a client is in a policy say, on sites where no job ends.
 */
const MAX_AGE_MS = HOUR_MS;

/** Loads and saves the state of the ledger in sections of one checkpoint. */
export class LedgerCheckpoint {
  readonly #options: LedgerCheckpointOptions;
  readonly #checkpoint: SectionedCheckpoint | undefined;
  #loaded = false;
  #loading: Promise<void> | undefined;
  #savedRevision = 0;
  #savedAt: number | undefined;
  #untracked = 0;
  #writtenAt = -Infinity;
  #stuck = false;
  #durable: readonly MetricFamily[] = [];

  constructor(options: LedgerCheckpointOptions) {
    this.#options = options;
    this.#checkpoint = options.checkpoint && new SectionedCheckpoint(options.checkpoint);
  }

  /** Whether anything is kept at all. */
  get active(): boolean {
    return this.#checkpoint !== undefined;
  }

  /** When what is on disk was last known to be up to date; undefined = never. */
  get savedAt(): number | undefined {
    return this.#savedAt;
  }

  /** The last checkpoint is out of date, and can neither be replaced nor be set aside. */
  get stuck(): boolean {
    return this.#stuck;
  }

  /** The counters as they were last written. */
  get durable(): readonly MetricFamily[] {
    return this.#durable;
  }

  /** Attaches a section of the ledger's own, see `SectionedCheckpoint.attach()`. */
  async attach(section: CheckpointSection): Promise<void> {
    await this.#checkpoint?.attach(section);
  }

  /** Attaches a section whose changes no revision counts, that of a collector. */
  async attachUntracked(section: CheckpointSection): Promise<void> {
    this.#untracked++;
    await this.#checkpoint?.attach(section);
  }

  /** Detaches such a section, see `SectionedCheckpoint.detach()`. */
  async detachUntracked(section: CheckpointSection): Promise<void> {
    this.#untracked--;
    await this.#checkpoint?.detach(section);
  }

  /**
   * Restores what was kept, once, however often it is called.
   *
   * @throws Error When the checkpoint is there and cannot be read or put aside; the next call tries
   *   again.
   */
  async load(): Promise<void> {
    if (this.#loaded || !this.#checkpoint) return;
    this.#loading ??= this.#load(this.#checkpoint).finally(() => this.#loading = undefined);
    await this.#loading;
  }

  async #load(checkpoint: SectionedCheckpoint): Promise<void> {
    await checkpoint.load();
    this.#loaded = true;
    this.#savedRevision = this.#options.revision();
    this.#savedAt = this.#options.checkpoint?.writtenAtMs;
    this.#durable = this.#options.counters();
  }

  /** Writes what has changed, or may have. Never throws. */
  async save(logger: Logger): Promise<void> {
    const revision = this.#options.revision();
    const now = this.#options.now();
    const isOld = this.#untracked > 0 && Math.abs(now - this.#writtenAt) >= MAX_AGE_MS;
    if (!this.#checkpoint || (revision === this.#savedRevision && !isOld)) return;
    try {
      await this.#checkpoint.save();
      this.#savedRevision = revision;
      this.#savedAt = now;
      this.#writtenAt = now;
      this.#stuck = false;
      this.#durable = this.#options.counters();
    } catch (error) {
      // After a restart the counters would go back to what the last checkpoint says.
      this.#stuck = error instanceof CheckpointNotWrittenError && !error.setAside;
      logger.error("cannot save counters to the state directory", { error });
    }
  }

  /** A poll has ended: what is on disk is up to date, written now or not. */
  confirm(): void {
    const upToDate = this.#options.revision() === this.#savedRevision;
    if (upToDate && this.#savedAt !== undefined) this.#savedAt = this.#options.now();
  }
}
