/**
 * The directory in which checkpoints are kept.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type Checkpoint, CheckpointFile } from "./checkpoint.ts";
import type { CheckpointOwner } from "./envelope.ts";
import { StateDirectoryError } from "./errors.ts";
import type { FileKind } from "./file_name.ts";
import { lockDirectory } from "./lock.ts";

/** How a state directory is opened. */
export interface StateDirectoryOptions {
  /** Made when it is missing, with access for its owner only. */
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A state directory that belongs to this process. */
export interface StateDirectory {
  readonly directory: string;
  /**
   * A checkpoint of a site; the same file for the same name of a site and kind, however often asked.
   *
   * @param kind What it is to hold. @default {"state"}
   */
  checkpoint(owner: CheckpointOwner, kind?: FileKind): Checkpoint;
  /** Gives the directory free for another process. */
  close(): void;
}

/**
 * Opens a state directory for this process alone.
 *
 * @throws StateDirectoryLockedError When another process uses it.
 * @throws StateDirectoryError When it cannot be made or written to.
 */
export async function openStateDirectory(
  { directory, clock, logger }: StateDirectoryOptions,
): Promise<StateDirectory> {
  try {
    await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StateDirectoryError(directory, `cannot create it: ${error}`, error);
  }
  const lock = await lockDirectory(directory);
  return {
    directory,
    checkpoint: (owner, kind = "state") =>
      new CheckpointFile({ ...owner, kind, directory, clock, logger }),
    close: () => lock.release(),
  };
}
