/**
 * What one site keeps over a restart.
 *
 * @module
 */
import { join } from "node:path";
import * as v from "valibot";
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../telemetry/logger.ts";
import { writeAtomically } from "./atomic_write.ts";
import { type CheckpointOwner, openEnvelope, type Refusal, sealEnvelope } from "./envelope.ts";
import { fileNameOf } from "./file_name.ts";

/** A place to keep a value in. */
export interface Checkpoint<T> {
  /**
   * The value kept last.
   *
   * @returns Undefined when there is none, or none that can be used: that is logged, and the file
   *   is put aside.
   * @throws Error When the file is there and cannot be read or put aside.
   */
  load(): Promise<T | undefined>;
  /**
   * Keeps a value in place of the last one; it is on disk when this settles.
   *
   * @throws Error When it cannot be written; the last one remains.
   */
  save(value: T): Promise<void>;
}

/** What a checkpoint file is made with. */
export interface CheckpointFileOptions<T> extends CheckpointOwner {
  readonly directory: string;
  readonly schema: v.GenericSchema<unknown, T>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A checkpoint in a file of its own. */
export class CheckpointFile<T> implements Checkpoint<T> {
  readonly #options: CheckpointFileOptions<T>;
  readonly #path: string;
  /** Saves follow one another: two at once would share the temporary file. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: CheckpointFileOptions<T>) {
    this.#options = options;
    this.#path = join(options.directory, fileNameOf(options.site));
  }

  async load(): Promise<T | undefined> {
    let file: Uint8Array;
    try {
      file = await Deno.readFile(this.#path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    const opened = openEnvelope(this.#options, file);
    if ("refusal" in opened) return await this.#setAside(opened.refusal, opened.detail);
    const parsed = v.safeParse(this.#options.schema, opened.content, { abortEarly: true });
    if (parsed.success) return parsed.output;
    const issue = parsed.issues[0];
    const detail = `${v.getDotPath(issue) ?? "content"}: expected ${issue.expected ?? "another"}`;
    return await this.#setAside("damaged", detail);
  }

  save(value: T): Promise<void> {
    const parts = sealEnvelope(this.#options, value);
    const saved = this.#last.then(() => writeAtomically(this.#path, parts));
    this.#last = saved.catch(() => {});
    return saved;
  }

  async #setAside(reason: Refusal, detail: string): Promise<undefined> {
    const { clock, logger, site } = this.#options;
    const time = new Date(clock.now()).toISOString().replaceAll(/[:.]/g, "-");
    const aside = `${this.#path}.${reason}-${time}`;
    await Deno.rename(this.#path, aside);
    logger.error("a checkpoint cannot be used: the counters of this site begin anew", {
      site,
      file: this.#path,
      reason,
      detail,
      movedTo: aside,
    });
  }
}
