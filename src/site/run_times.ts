/**
 * When the collectors of a site last succeeded, kept across restarts: a primary that has been down
 * since the start of the exporter has a last success all the same.
 *
 * It has a file of its own beside the checkpoint of the jobs, which can be megabytes: these times
 * change with every run, also where no job has ended.
 *
 * @module
 */
import * as v from "valibot";
import type { Clock } from "../base/clock.ts";
import type { SavedTimes } from "../collectors/collector.ts";
import type { Checkpoint } from "../state/checkpoint.ts";
import { defineSection } from "../state/section.ts";
import { SectionedCheckpoint } from "../state/sectioned_checkpoint.ts";
import type { Logger } from "../telemetry/logger.ts";

/** What is news is written this soon, in milliseconds: several collectors end at the same time. */
const NEWS_WITHIN_MS = 1000;

/** Further successes are written this soon, in milliseconds. A killed process loses that much. */
const WRITE_WITHIN_MS = 10 * 60_000;

const time = v.pipe(v.number(), v.minValue(0));

/** By collector. */
const document = v.record(
  v.string(),
  v.object({ successMs: time, parts: v.record(v.string(), time) }),
);

/** What the times are kept with. */
export interface RunTimesOptions {
  readonly checkpoint: Checkpoint;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The times of one site. */
export class RunTimes {
  readonly #options: RunTimesOptions;
  readonly #checkpoint: SectionedCheckpoint;
  readonly #times = new Map<string, SavedTimes>();
  /** Collectors whose times have changed since they were written. */
  readonly #unsaved = new Set<string>();
  /** Collectors of which something was written by this process. */
  readonly #saved = new Set<string>();
  #armed: { readonly dueMs: number; readonly cancel: () => void } | undefined;
  #saving: Promise<void> = Promise.resolve();
  #failing = false;
  #closed = false;

  constructor(options: RunTimesOptions) {
    this.#options = options;
    this.#checkpoint = new SectionedCheckpoint(options.checkpoint);
    void this.#checkpoint.attach(defineSection<v.InferOutput<typeof document>>({
      name: "runs",
      version: 1,
      schemas: { 1: document },
      serialize: () => Object.fromEntries(this.#times),
      restore: (content) => {
        for (const [name, saved] of Object.entries(content)) this.#restore(name, saved);
      },
    }));
  }

  /** Reads what was kept. Never throws: without it a site begins as if it were new. */
  async load(): Promise<void> {
    try {
      await this.#checkpoint.load();
    } catch (error) {
      this.#options.logger.warn("cannot load last success times", { error });
    }
  }

  /** What is known of a collector; undefined = it never succeeded. */
  of(collector: string): SavedTimes | undefined {
    return this.#times.get(collector);
  }

  /** Notes a run that has succeeded: written at once for the first, and some time later for others. */
  succeeded(collector: string, times: SavedTimes): void {
    this.#times.set(collector, times);
    this.#unsaved.add(collector);
    this.#arm(this.#saved.has(collector) ? WRITE_WITHIN_MS : NEWS_WITHIN_MS);
  }

  /** Notes a run that has failed: its last success is worth writing now, as it will grow old. */
  failed(collector: string): void {
    if (this.#unsaved.has(collector)) this.#arm(NEWS_WITHIN_MS);
  }

  /** Writes what has not been written. Nothing goes on when it has settled. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#armed?.cancel();
    this.#armed = undefined;
    await this.#save();
  }

  /** A run that ended while the file was read is newer. */
  #restore(name: string, saved: SavedTimes): void {
    const known = this.#times.get(name);
    if (!known || known.successMs < saved.successMs) this.#times.set(name, saved);
  }

  #arm(delayMs: number): void {
    const { clock } = this.#options;
    const dueMs = clock.monotonic() + delayMs;
    if (this.#closed || (this.#armed && this.#armed.dueMs <= dueMs)) return;
    this.#armed?.cancel();
    const cancel = clock.after(delayMs, () => {
      this.#armed = undefined;
      this.#save();
    });
    this.#armed = { dueMs, cancel };
  }

  #save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#write());
    return this.#saving;
  }

  async #write(): Promise<void> {
    if (this.#unsaved.size === 0) return;
    const written = [...this.#unsaved];
    this.#unsaved.clear();
    try {
      await this.#checkpoint.save();
      for (const name of written) this.#saved.add(name);
      this.#failing = false;
    } catch (error) {
      for (const name of written) this.#unsaved.add(name);
      if (!this.#closed) this.#arm(WRITE_WITHIN_MS);
      if (this.#failing) return;
      this.#failing = true;
      this.#options.logger.warn("cannot save last success times", { error });
    }
  }
}
