/**
 * Tells when the configuration should be loaded again: on SIGHUP, and when the content of a file
 * has changed.
 *
 * Folders are watched, not files: editors replace a file by renaming another one over it, and
 * Kubernetes swaps a link beside it, with events that never bear the file's name. So any event
 * makes the contents be compared. Where watching is impossible they are compared on a schedule;
 * a slow schedule goes on beside watching, for file systems that report nothing (NFS).
 *
 * @module
 */
import { type Clock, systemClock } from "../../base/clock.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { type Comparison, WatchedContents } from "./contents.ts";
import { FolderSet, systemWatchFolder, type WatchFolder } from "./folders.ts";

/** RetryAfterGate time after the last event before contents are compared, in milliseconds. */
const DEBOUNCE_MS = 250;
/** Longest time from the first event to the comparison, in milliseconds. */
const LONGEST_DEBOUNCE_MS = 2000;
/** Time between comparisons while a folder cannot be watched, in milliseconds. */
const POLL_MS = 10_000;
/** Time between comparisons while all folders are watched, in milliseconds. */
const SAFETY_POLL_MS = 60_000;

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
  readonly watchFs?: WatchFolder;
  readonly signals?: SubscribeToSignal;
  readonly readTextFile?: (path: string) => Promise<string>;
}

/** A running watcher. */
export interface ConfigWatcher {
  /** Resolves when the folders are watched and contents are known. */
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
  readonly #folders: FolderSet;
  readonly #unsubscribe: () => void;
  readonly #loop: Promise<void>;
  readonly #closing = Promise.withResolvers<void>();
  #closed = false;
  #signalled = false;
  #poked = false;
  #lastPoke = 0;
  #interrupt: () => void = () => {};

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#contents = new WatchedContents(
      options.readTextFile ?? ((path) => Deno.readTextFile(path)),
    );
    this.#contents.setFiles(options.files, options.fingerprints);
    this.#folders = new FolderSet(
      options.watchFs ?? systemWatchFolder,
      options.logger,
      () => this.#poke(),
    );
    this.#unsubscribe = (options.signals ?? systemSignals)(() => this.#signal());
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    this.#loop = this.#run(resolve);
  }

  update(files: readonly string[], fingerprints?: ReadonlyMap<string, string>): void {
    this.#contents.setFiles(files, fingerprints);
    this.#poke();
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#unsubscribe();
      this.#interrupt();
      this.#closing.resolve();
    }
    await this.#loop;
  }

  #signal(): void {
    this.#signalled = true;
    this.#interrupt();
  }

  #poke(): void {
    this.#poked = true;
    this.#lastPoke = this.#clock.monotonic();
    this.#interrupt();
  }

  /** One loop does it all, so no two callbacks can run at the same time. */
  async #run(ready: () => void): Promise<void> {
    try {
      await this.#look();
      ready();
      while (!this.#closed) {
        if (!this.#signalled && !this.#poked) {
          await this.#pause(this.#folders.complete ? SAFETY_POLL_MS : POLL_MS);
        }
        if (this.#poked) await this.#debounce();
        if (!this.#closed) await this.#look();
      }
    } finally {
      ready();
      await this.#folders.close();
    }
  }

  /** Follows the files, compares their contents, and calls back if there is a reason to. */
  async #look(): Promise<void> {
    this.#poked = false;
    // First the folders, then the contents: a change in between is seen in one of the two.
    await this.#folders.follow(this.#contents.files);
    let comparison = await this.#contents.compare();
    if (comparison.vanished && !this.#signalled) comparison = await this.#lookAgain();
    if (this.#closed) return;
    this.#contents.accept(comparison);
    if (this.#signalled) {
      this.#signalled = false;
      await this.#trigger({ reason: "signal" });
    } else if (comparison.changed) {
      await this.#trigger({ reason: "file" });
    }
  }

  /** A file that is being replaced may be missing for a moment. */
  async #lookAgain(): Promise<Comparison> {
    const until = this.#clock.monotonic() + DEBOUNCE_MS;
    while (!this.#closed && !this.#signalled && this.#clock.monotonic() < until) {
      await this.#pause(until - this.#clock.monotonic(), () => this.#signalled);
    }
    return await this.#contents.compare();
  }

  /** Waits until nothing has happened for a while, or for long enough. */
  async #debounce(): Promise<void> {
    const latest = this.#clock.monotonic() + LONGEST_DEBOUNCE_MS;
    while (!this.#closed && !this.#signalled) {
      const until = Math.min(this.#lastPoke + DEBOUNCE_MS, latest);
      const left = until - this.#clock.monotonic();
      if (left <= 0) return;
      await this.#pause(left, () => this.#signalled);
    }
  }

  /** Waits; a signal, an event or the end cuts it short if `cut` says so. */
  async #pause(milliseconds: number, cut: () => boolean = () => true): Promise<void> {
    const stop = new AbortController();
    this.#interrupt = () => {
      if (this.#closed || cut()) stop.abort();
    };
    try {
      await this.#clock.sleep(milliseconds, stop.signal);
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
        this.#options.logger.error("the reload failed with an unexpected error", { error });
      }
    };
    await Promise.race([work(), this.#closing.promise]);
  }
}
