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
 * Locks a directory. The lock is the operating system's, on open files: it goes with the process,
 * however that ends, so that no stale lock can keep the next one from starting. It is on the directory
 * itself, too, where the system allows that: a lock file can be deleted.
 *
 * @throws StateDirectoryLockedError When another process holds it.
 * @throws StateDirectoryError When the lock file cannot be opened.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const own = await lockItself(directory);
  try {
    const file = await lockFile(directory);
    return {
      release() {
        file.close();
        own?.close();
      },
    };
  } catch (error) {
    own?.close();
    throw error;
  }
}

/** @returns Undefined where a directory cannot be opened or locked. */
async function lockItself(directory: string): Promise<Deno.FsFile | undefined> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(directory, { read: true });
  } catch {
    return undefined; // Windows; the lock file has to do.
  }
  let locked: boolean;
  try {
    locked = await file.tryLock(true);
  } catch {
    file.close();
    return undefined; // A file system without locks on directories.
  }
  if (locked) return file;
  file.close();
  throw new StateDirectoryLockedError(directory);
}

async function lockFile(directory: string): Promise<Deno.FsFile> {
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
  return file;
}
