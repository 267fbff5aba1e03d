/**
 * What one site keeps over a restart.
 *
 * @module
 */
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../telemetry/logger.ts";
import { writeAtomically } from "./atomic_write.ts";
import { type CheckpointOwner, openEnvelope, type Refusal, sealEnvelope } from "./envelope.ts";
import { fileNameOf } from "./file_name.ts";
import type { Sections } from "./section.ts";

/** A place to keep the sections of a site in. */
export interface Checkpoint {
  /**
   * The sections kept last.
   *
   * @returns Undefined when there are none, or none that can be used: that is logged, and the file
   *   is put aside.
   * @throws Error When the file is there and cannot be read or put aside.
   */
  load(): Promise<Sections | undefined>;
  /**
   * Keeps sections in place of the last ones; they are on disk when this settles.
   *
   * @throws Error When they cannot be written; the last ones remain.
   */
  save(sections: Sections): Promise<void>;
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
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A checkpoint in a file of its own. */
export class CheckpointFile implements Checkpoint {
  readonly #options: CheckpointFileOptions;
  readonly #path: string;
  /** Saves follow one another: two at once would share the temporary file. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: CheckpointFileOptions) {
    this.#options = options;
    this.#path = join(options.directory, fileNameOf(options.site));
  }

  async load(): Promise<Sections | undefined> {
    let file: Uint8Array;
    try {
      file = await Deno.readFile(this.#path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    const opened = openEnvelope(this.#options, file);
    if ("sections" in opened) return opened.sections;
    const movedTo = this.#asidePath(opened.refusal);
    await Deno.rename(this.#path, movedTo);
    this.#report("cannot use the checkpoint: the counters of this site begin anew", {
      reason: opened.refusal,
      detail: opened.detail,
      movedTo,
    });
    return undefined;
  }

  save(sections: Sections): Promise<void> {
    const parts = sealEnvelope(this.#options, sections);
    const saved = this.#last.then(() => writeAtomically(this.#path, parts));
    this.#last = saved.catch(() => {});
    return saved;
  }

  async copyAside(reason: Refusal, detail: string): Promise<void> {
    const copiedTo = this.#asidePath(reason);
    await Deno.copyFile(this.#path, copiedTo);
    this.#report("cannot use a part of the checkpoint: what it counted begins anew", {
      reason,
      detail,
      copiedTo,
    });
  }

  #asidePath(reason: Refusal): string {
    const time = new Date(this.#options.clock.now()).toISOString().replaceAll(/[:.]/g, "-");
    return `${this.#path}.${reason}-${time}`;
  }

  #report(message: string, fields: Readonly<Record<string, string>>): void {
    const { logger, site } = this.#options;
    logger.error(message, { site, file: this.#path, ...fields });
  }
}
