/**
 * Tells when the configuration should be loaded again: on SIGHUP, and when the content of a file
 * has changed.
 *
 * `stat` is called for each file every second, and contents are compared when its result differs.
 * `Deno.watchFs` is not used: in Deno 2.9.6 its thread opens every new entry of a watched folder.
 * A named pipe created there blocks that thread for good, and then the main thread too as soon as
 * it closes the watcher or creates another one. There is no way to know in advance which entry will
 * be a pipe. Polling also handles links into other folders, folders that are removed and created
 * again, and network file systems that report no events. It costs about 0.04 ms of CPU time per
 * file.
 *
 * @module
 */
import { type Clock, systemClock } from "../../base/clock.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { systemEnvironment } from "../file/environment.ts";
import { type ReadTextFile, WatchedContents } from "./contents.ts";
import { FileStamps, type Stat } from "./stamps.ts";

/** Time between two polls of the files, in milliseconds. */
const POLL_MS = 1000;
/** Time in which nothing may have happened to the files before they are read, in milliseconds. */
const SETTLE_MS = 250;
/** Files that change all the time are read after this time, in milliseconds. */
const MAX_SETTLE_MS = 2000;
/** Contents are compared at every so many polls whatever the system says about the files. */
const FULL_COMPARISON_EVERY = 60;

/** Why the configuration should be loaded again. */
export interface ReloadRequest {
  readonly reason: "signal" | "file";
}

/** Calls back on each SIGHUP until the returned function is called. */
export type SubscribeToSignal = (onSignal: () => void) => () => void;

/** What to watch, and with what. */
export interface WatchOptions {
  /** Absolute paths of the files whose content matters. */
  readonly files: readonly string[];
  /** Digests of the files as they were loaded; without, what is there at first counts. */
  readonly fingerprints?: ReadonlyMap<string, string>;
  /**
   * Called when there is something to load; never again before it has settled. What it throws is
   * logged.
   */
  readonly onTrigger: (request: ReloadRequest) => Promise<void>;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly signals?: SubscribeToSignal;
  readonly readTextFile?: ReadTextFile;
  readonly stat?: Stat;
}

/** A running watcher. */
export interface ConfigWatcher {
  /** Resolves when contents are known. */
  readonly ready: Promise<void>;
  /**
   * Watches other files from now on.
   *
   * @param files Absolute paths.
   * @param fingerprints Digests of the files as they were loaded.
   */
  update(files: readonly string[], fingerprints?: ReadonlyMap<string, string>): void;
  /**
   * Stops everything. A callback that is running is not waited for, so it may call this itself.
   */
  close(): Promise<void>;
}

/** Starts to watch. */
export function watchConfig(options: WatchOptions): ConfigWatcher {
  return new Watcher(options);
}

/** SIGHUP; Windows has none. */
const systemSignals: SubscribeToSignal = (onSignal) => {
  if (Deno.build.os === "windows") return () => {};
  Deno.addSignalListener("SIGHUP", onSignal);
  return () => Deno.removeSignalListener("SIGHUP", onSignal);
};

class Watcher implements ConfigWatcher {
  readonly ready: Promise<void>;
  readonly #options: WatchOptions;
  readonly #clock: Clock;
  readonly #contents: WatchedContents;
  readonly #stamps: FileStamps;
  readonly #unsubscribe: () => void;
  readonly #loop: Promise<void>;
  readonly #closing = new AbortController();
  readonly #closed = Promise.withResolvers<void>();
  #signalled = false;
  /** False before the first poll, at which every file is new. */
  #started = false;
  #readAgain = false;
  #unchangedPolls = 0;
  #interrupt: () => void = () => {};

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#contents = new WatchedContents(
      options.readTextFile ?? systemEnvironment().readTextFile,
    );
    this.#contents.setFiles(options.files, options.fingerprints);
    this.#stamps = new FileStamps(options.stat ?? Deno.stat);
    this.#unsubscribe = (options.signals ?? systemSignals)(() => this.#signal());
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    this.#loop = this.#run(resolve);
  }

  update(files: readonly string[], fingerprints?: ReadonlyMap<string, string>): void {
    this.#contents.setFiles(files, fingerprints);
    // What happened between the reading of the files and now shall not be missed.
    this.#stamps.reset();
  }

  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      this.#unsubscribe();
      this.#interrupt();
      this.#closed.resolve();
    }
    await this.#loop;
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  #signal(): void {
    this.#signalled = true;
    this.#interrupt();
  }

  /** One loop does it all, so no two callbacks can run at the same time. */
  async #run(ready: () => void): Promise<void> {
    try {
      await this.#poll();
      ready();
      while (!this.#isClosed) {
        if (!this.#signalled) await this.#pause(POLL_MS);
        if (!this.#isClosed) await this.#poll();
      }
    } finally {
      ready();
    }
  }

  /** Compares the contents where there is a reason to, and calls back where they have changed. */
  async #poll(): Promise<void> {
    const { signal } = this.#closing;
    const touched = await this.#stamps.changed(this.#contents.files, signal);
    if (touched && this.#started && !this.#signalled) await this.#settle();
    this.#started = true;
    this.#unchangedPolls += 1;
    const due = touched || this.#readAgain || this.#signalled ||
      this.#unchangedPolls >= FULL_COMPARISON_EVERY;
    if (!due) return;
    this.#unchangedPolls = 0;
    // Two changes within one tick of the file system's clock look like one: the second is seen at
    // the next poll.
    this.#readAgain = touched;
    const comparison = await this.#contents.compare(signal);
    if (this.#isClosed) return;
    this.#contents.accept(comparison);
    if (this.#signalled) {
      this.#signalled = false;
      await this.#trigger({ reason: "signal" });
    } else if (comparison.changed) {
      await this.#trigger({ reason: "file" });
    }
  }

  /** Waits until nothing happens to the files: one that is being replaced may be half there. */
  async #settle(): Promise<void> {
    const latest = this.#clock.monotonic() + MAX_SETTLE_MS;
    do {
      await this.#pause(SETTLE_MS);
    } while (
      !this.#isClosed && !this.#signalled && this.#clock.monotonic() < latest &&
      await this.#stamps.changed(this.#contents.files, this.#closing.signal)
    );
  }

  /** Waits; a signal or the end cuts it short. */
  async #pause(milliseconds: number): Promise<void> {
    const stop = new AbortController();
    this.#interrupt = () => stop.abort();
    try {
      if (!this.#isClosed && !this.#signalled) {
        await this.#clock.sleep(milliseconds, stop.signal);
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      this.#interrupt = () => {};
    }
  }

  async #trigger(request: ReloadRequest): Promise<void> {
    const work = async () => {
      try {
        await this.#options.onTrigger(request);
      } catch (error) {
        this.#options.logger.error("reload failed: unexpected error", { error });
      }
    };
    await Promise.race([work(), this.#closed.promise]);
  }
}
