/**
 * One process per state directory.
 *
 * @module
 */
import { join } from "node:path";
import { StateDirectoryError, StateDirectoryLockedError } from "./errors.ts";

/** Name of the file whose lock stands for the directory; it stays when the process ends. */
const LOCK_FILE = "lock";

/** A lock that is held. */
export interface DirectoryLock {
  /** Gives the directory free. */
  release(): void;
}

/**
 * Locks a directory. The lock is the operating system's, on an open file: it goes with the process,
 * however that ends, so that no stale lock can keep the next one from starting.
 *
 * @throws StateDirectoryLockedError When another process holds it.
 * @throws StateDirectoryError When the lock file cannot be opened.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(join(directory, LOCK_FILE), { create: true, write: true, mode: 0o600 });
  } catch (error) {
    throw new StateDirectoryError(directory, `cannot open its lock file: ${error}`, error);
  }
  let locked = false;
  try {
    locked = await file.tryLock(true);
  } catch (error) {
    throw new StateDirectoryError(directory, `cannot lock its lock file: ${error}`, error);
  } finally {
    if (!locked) file.close();
  }
  if (!locked) throw new StateDirectoryLockedError(directory);
  return { release: () => file.close() };
}
