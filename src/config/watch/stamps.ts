/**
 * Tells cheaply whether files may have changed: by what the system says about them, not by what is
 * in them.
 *
 * @module
 */
import { withinLimits } from "../file/within_limits.ts";

/** The part of `Deno.stat` that is used. */
export type Stat = (path: string) => Promise<
  Pick<Deno.FileInfo, "isFile" | "dev" | "ino" | "size" | "mtime" | "ctime">
>;

/** Longest wait for one result of the system, in milliseconds. */
const STAT_TIMEOUT_MS = 10_000;

/** What the system said about files when it was asked last. */
export class FileStamps {
  readonly #stat: Stat;
  readonly #known = new Map<string, string>();
  /** Calls that have not returned yet: each further one would tie up a thread. */
  readonly #open = new Map<string, Promise<string>>();

  constructor(stat: Stat) {
    this.#stat = stat;
  }

  /** Asks the system. True when a result differs from the last one, or is the first. */
  async changed(files: readonly string[], signal: AbortSignal): Promise<boolean> {
    const stamps = await Promise.all(files.map((file) => this.#ask(file, signal)));
    let changed = false;
    files.forEach((file, index) => {
      const stamp = stamps[index];
      if (stamp === undefined || stamp === this.#known.get(file)) return;
      this.#known.set(file, stamp);
      changed = true;
    });
    return changed;
  }

  /** Clears what is known, so that the next result counts as the first. */
  reset(): void {
    this.#known.clear();
  }

  /** The stamp of a file; undefined when the system does not return in time. */
  async #ask(file: string, signal: AbortSignal): Promise<string | undefined> {
    const result = this.#open.get(file) ??
      this.#stampOf(file).finally(() => this.#open.delete(file));
    this.#open.set(file, result);
    try {
      return await withinLimits(() => result, {
        signal,
        timeoutMs: STAT_TIMEOUT_MS,
        onTimeout: () => new Error("no result in time"),
      });
    } catch {
      return undefined;
    }
  }

  async #stampOf(file: string): Promise<string> {
    try {
      const { isFile, dev, ino, size, mtime, ctime } = await this.#stat(file);
      return [isFile, dev, ino, size, mtime?.getTime(), ctime?.getTime()].join(":");
    } catch {
      return "absent";
    }
  }
}
