/**
 * Watches the folders in which files are, symbolic links followed.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import type { Logger } from "../../telemetry/logger.ts";

/** The part of `Deno.FsWatcher` that is used. */
export interface FolderWatcher extends AsyncIterable<{ readonly kind: string }> {
  close(): void;
}

/** Watches one folder, not what is below it. */
export type WatchFolder = (folder: string) => FolderWatcher;

/** More links than this in a row are a circle. */
const MOST_LINKS = 40;

/** Watches folders with the system's means. */
export function systemWatchFolder(folder: string): FolderWatcher {
  return Deno.watchFs(folder, { recursive: false });
}

interface Watched {
  readonly watcher: FolderWatcher;
  /** Tells the folder from another one that took its name. */
  readonly identity: string;
  /** Ends when the watcher does. */
  readonly loop: Promise<void>;
  /** Something was removed, perhaps the folder itself: a new one may even have the old identity. */
  doubtful: boolean;
}

/** A set of watched folders. */
export class FolderSet {
  readonly #watchFolder: WatchFolder;
  readonly #logger: Logger;
  readonly #onEvent: () => void;
  readonly #watched = new Map<string, Watched>();
  readonly #failed = new Set<string>();
  #ending: Promise<void>[] = [];

  /** @param onEvent Called when anything happens in one of the folders. */
  constructor(watchFolder: WatchFolder, logger: Logger, onEvent: () => void) {
    this.#watchFolder = watchFolder;
    this.#logger = logger;
    this.#onEvent = onEvent;
  }

  /** False when a folder cannot be watched. */
  get complete(): boolean {
    return this.#failed.size === 0;
  }

  /**
   * Makes the watched folders those of the files: of each file, of each link on the way to its
   * target, and of the target. Tries again what failed before, and folders that were replaced.
   */
  async follow(files: readonly string[]): Promise<void> {
    const folders = new Set<string>();
    for (const file of files) for (const folder of await foldersOf(file)) folders.add(folder);
    for (const folder of this.#watched.keys()) if (!folders.has(folder)) this.#drop(folder);
    for (const folder of this.#failed) if (!folders.has(folder)) this.#failed.delete(folder);
    for (const folder of folders) {
      const identity = await identityOf(folder);
      const watched = this.#watched.get(folder);
      if (watched && watched.identity === identity && !watched.doubtful) continue;
      if (watched) this.#drop(folder);
      this.#watch(folder, identity);
    }
  }

  /** Stops watching; resolves when nothing is left running. */
  async close(): Promise<void> {
    for (const folder of this.#watched.keys()) this.#drop(folder);
    await Promise.all(this.#ending);
  }

  #watch(folder: string, identity: string): void {
    try {
      const watcher = this.#watchFolder(folder);
      const loop = this.#listen(folder, watcher);
      this.#watched.set(folder, { watcher, identity, loop, doubtful: false });
      if (this.#failed.delete(folder)) this.#logger.info("watching the folder again", { folder });
    } catch (error) {
      this.#fail(folder, error);
    }
  }

  async #listen(folder: string, watcher: FolderWatcher): Promise<void> {
    let reason: unknown = "the watcher ended";
    try {
      for await (const { kind } of watcher) {
        // Our own reading may show up as access; a change always comes as something else as well.
        if (kind === "access") continue;
        const watched = this.#watched.get(folder);
        if (kind === "remove" && watched) watched.doubtful = true;
        this.#onEvent();
      }
    } catch (error) {
      reason = error;
    }
    if (this.#watched.get(folder)?.watcher !== watcher) return;
    this.#watched.delete(folder);
    try {
      watcher.close();
    } catch {
      // It ended by closing itself.
    }
    this.#fail(folder, reason);
    this.#onEvent();
  }

  #fail(folder: string, error: unknown): void {
    if (this.#failed.has(folder)) return;
    this.#failed.add(folder);
    this.#logger.warn(
      "cannot watch the folder of a configuration file: its files are compared every 10 s instead",
      { folder, error },
    );
  }

  #drop(folder: string): void {
    const watched = this.#watched.get(folder);
    if (!watched) return;
    this.#watched.delete(folder);
    watched.watcher.close();
    const loop = watched.loop.finally(() => {
      this.#ending = this.#ending.filter((ending) => ending !== loop);
    });
    this.#ending.push(loop);
  }
}

/** Folders in which something must happen for the content of a file to change. */
async function foldersOf(file: string): Promise<ReadonlySet<string>> {
  const folders = new Set<string>();
  let path = file;
  for (let links = 0; links < MOST_LINKS; links++) {
    folders.add(dirname(path));
    try {
      path = resolve(dirname(path), await Deno.readLink(path));
    } catch {
      break;
    }
  }
  try {
    folders.add(dirname(await Deno.realPath(file)));
  } catch {
    // It is not there, or a link leads nowhere: the folders on the way will tell when it comes.
  }
  return folders;
}

async function identityOf(folder: string): Promise<string> {
  try {
    const { dev, ino } = await Deno.stat(folder);
    return `${dev}:${ino ?? "none"}`;
  } catch {
    return "absent";
  }
}
