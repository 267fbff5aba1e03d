/**
 * What one site keeps across restarts.
 *
 * @module
 */
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import type { LogFields, Logger } from "../telemetry/logger.ts";
import { appendDurably, writeAtomically } from "./atomic_write.ts";
import {
  type CheckpointOwner,
  openEnvelope,
  type Refusal,
  sealChanges,
  sealEnvelope,
} from "./envelope.ts";
import { CheckpointNotWrittenError } from "./errors.ts";
import { type FileKind, fileNameOf } from "./file_name.ts";
import { readIfThere } from "./read_file.ts";
import type { Sections } from "./section.ts";

/** What was kept. */
export interface LoadedCheckpoint {
  readonly sections: Sections;
  /** Later states were published and could not be written: counters must begin at 0. */
  readonly stale: boolean;
}

/** A place to keep the sections of a site in. */
export interface Checkpoint {
  /** When what `load()` gave was written, in milliseconds since the epoch, where that is known. */
  readonly writtenAtMs?: number | undefined;
  /**
   * The sections kept last.
   *
   * @returns Undefined when there are none, or none that can be used: that is logged, and the file
   *   is put aside.
   * @throws Error When the file is there and cannot be read or put aside.
   */
  load(): Promise<LoadedCheckpoint | undefined>;
  /**
   * Keeps sections in place of the last ones; they are on disk when this settles, and must not
   * change until then.
   *
   * @throws CheckpointNotWrittenError The last ones remain, set aside as stale if possible.
   */
  save(sections: Sections): Promise<void>;
  /** Whether it is worth the while to append what has changed, instead of keeping all once more. */
  readonly appendable: boolean;
  /**
   * Keeps what has changed of the sections kept last, see `withChanges()`. It is on disk when this
   * settles, and must not change until then.
   *
   * @returns False when it cannot be done, and nothing was: all is to be kept once more.
   * @throws CheckpointNotWrittenError As `save()` does; it is to be `save()` next.
   */
  append(changed: Sections): Promise<boolean>;
  /**
   * Puts a copy of the file aside, because a part of it cannot be used, and says so in the log.
   *
   * @throws Error When the copy cannot be made.
   */
  copyAside(reason: Refusal, detail: string): Promise<void>;
}

/** What a checkpoint file is made with. */
export interface CheckpointFileOptions extends CheckpointOwner {
  readonly directory: string;
  readonly kind: FileKind;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is lost with a file. */
const LOSSES: Readonly<Record<FileKind, string>> = {
  state: "the counters of this site begin anew",
  runs: "when the collectors of this site last succeeded is not known",
};

/** What is appended to a file may grow to its own size, and to this in any case, in bytes. */
const MIN_APPENDABLE = 1024 * 1024;

/** A checkpoint in a file of its own. */
export class CheckpointFile implements Checkpoint {
  readonly #options: CheckpointFileOptions;
  readonly #path: string;
  /** Saves follow one another: two at once would share the temporary file. */
  #last: Promise<void> = Promise.resolve();
  #writtenAtMs: number | undefined;
  /** Sizes of the file as this process has written it, in bytes; undefined = it has not. */
  #size: { readonly saved: number; readonly now: number } | undefined;

  constructor(options: CheckpointFileOptions) {
    this.#options = options;
    this.#path = join(options.directory, fileNameOf(options.site, options.kind));
  }

  get writtenAtMs(): number | undefined {
    return this.#writtenAtMs;
  }

  async load(): Promise<LoadedCheckpoint | undefined> {
    const file = await readIfThere(this.#path);
    if (file) {
      const sections = await this.#open(this.#path, file);
      return sections && { sections, stale: false };
    }
    const stale = await readIfThere(this.#stalePath);
    if (stale) {
      const sections = await this.#open(this.#stalePath, stale);
      return sections && { sections, stale: true };
    }
    const sections = await this.#restoreNewer();
    return sections && { sections, stale: false };
  }

  save(sections: Sections): Promise<void> {
    const sealed = sealEnvelope(this.#options, sections);
    const saved = this.#last.then(async () => await this.#write(await sealed));
    this.#last = saved.catch(() => {});
    return saved;
  }

  get appendable(): boolean {
    return this.#size !== undefined &&
      this.#size.now - this.#size.saved < Math.max(this.#size.saved, MIN_APPENDABLE);
  }

  append(changed: Sections): Promise<boolean> {
    const sealed = sealChanges(changed);
    const appended = this.#last.then(async () => await this.#append(await sealed));
    this.#last = appended.then(() => {}, () => {});
    return appended;
  }

  async #write(parts: readonly Uint8Array[]): Promise<void> {
    this.#size = undefined;
    try {
      await writeAtomically(this.#path, parts);
    } catch (error) {
      throw new CheckpointNotWrittenError(this.#path, await this.#setStale(), error);
    }
    const saved = sizeOf(parts);
    this.#size = { saved, now: saved };
    await removeIfThere(this.#stalePath);
  }

  async #append(parts: readonly Uint8Array[]): Promise<boolean> {
    const size = this.#size;
    this.#size = undefined;
    if (!size) return false;
    try {
      if (!await appendDurably(this.#path, size.now, parts)) return false;
    } catch (error) {
      // What was written of it will be found torn, and left out.
      throw new CheckpointNotWrittenError(this.#path, await this.#setStale(), error);
    }
    this.#size = { ...size, now: size.now + sizeOf(parts) };
    return true;
  }

  /** Whether a restart will not find the last checkpoint where it was. */
  async #setStale(): Promise<boolean> {
    try {
      await Deno.rename(this.#path, this.#stalePath);
      return true;
    } catch (error) {
      return error instanceof Deno.errors.NotFound; // It is done, or there is none.
    }
  }

  async #open(path: string, file: Uint8Array): Promise<Sections | undefined> {
    const opened = await openEnvelope(this.#options, file);
    if ("sections" in opened) {
      this.#writtenAtMs = (await Deno.stat(path)).mtime?.getTime();
      const { logger, site } = this.#options;
      if (opened.torn) {
        logger.info("checkpoint is truncated: ignoring the incomplete tail", {
          site,
          file: path,
        });
      }
      return opened.sections;
    }
    const movedTo = this.#asidePath(opened.refusal);
    await Deno.rename(path, movedTo);
    this.#report(`cannot use the checkpoint: ${LOSSES[this.#options.kind]}`, {
      reason: opened.refusal,
      detail: opened.detail,
      moved_to: movedTo,
    });
    return undefined;
  }

  /** A file that an earlier version put aside as too new for it, and which replaced it by none. */
  async #restoreNewer(): Promise<Sections | undefined> {
    const { directory, logger, site, kind } = this.#options;
    const prefix = `${fileNameOf(site, kind)}.newer-`;
    const names = await Array.fromAsync(Deno.readDir(directory), ({ name }) => name);
    for (const name of names.filter((name) => name.startsWith(prefix)).sort().reverse()) {
      const path = join(directory, name);
      const file = await readIfThere(path);
      const opened = file && await openEnvelope(this.#options, file);
      if (!opened || !("sections" in opened)) continue;
      await Deno.rename(path, this.#path);
      logger.info("restored the checkpoint set aside by an older version", { site, file: path });
      return opened.sections;
    }
    return undefined;
  }

  async copyAside(reason: Refusal, detail: string): Promise<void> {
    const copiedTo = this.#asidePath(reason);
    await Deno.copyFile(this.#path, copiedTo);
    this.#report("cannot restore a checkpoint section: its counters reset", {
      reason,
      detail,
      copied_to: copiedTo,
    });
  }

  get #stalePath(): string {
    return `${this.#path}.stale`;
  }

  #asidePath(reason: Refusal): string {
    const time = new Date(this.#options.clock.now()).toISOString().replaceAll(/[:.]/g, "-");
    return `${this.#path}.${reason}-${time}`;
  }

  #report(message: string, fields: LogFields): void {
    const { logger, site } = this.#options;
    logger.error(message, { site, file: this.#path, ...fields });
  }
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
