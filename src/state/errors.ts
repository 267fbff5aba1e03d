/**
 * What can go wrong with the state directory.
 *
 * @module
 */

/** The state directory cannot be used. */
export class StateDirectoryError extends Error {
  override readonly name: string = "StateDirectoryError";
  readonly directory: string;

  constructor(directory: string, detail: string, cause?: unknown) {
    super(
      `cannot use the state directory "${directory}": ${detail}`,
      cause === undefined ? undefined : { cause },
    );
    this.directory = directory;
  }
}

/** Another process holds the state directory. */
export class StateDirectoryLockedError extends StateDirectoryError {
  override readonly name = "StateDirectoryLockedError";

  constructor(directory: string) {
    super(
      directory,
      "another process uses it, and two would overwrite each other's counters; " +
        'stop the other one, or give this one another "state.directory"',
    );
  }
}

/** A checkpoint could not be written. */
export class CheckpointNotWrittenError extends Error {
  override readonly name = "CheckpointNotWrittenError";
  /**
   * The last checkpoint is out of the way: after a restart the counters begin at 0. If not, they would
   * go back to what it says.
   */
  readonly setAside: boolean;

  constructor(file: string, setAside: boolean, cause: unknown) {
    super(`cannot write "${file}": ${cause}`, { cause });
    this.setAside = setAside;
  }
}
