/**
 * Replacing a file as a whole.
 *
 * @module
 */
import { dirname } from "node:path";

/**
 * Writes a file so that whoever reads it, after a loss of power too, finds the old content or the
 * new, and nothing in between: a temporary file, forced to disk, then renamed.
 *
 * @param parts The content, one part after the other.
 * @throws Deno.errors What the file system says; the old file is untouched then.
 */
export async function writeAtomically(
  path: string,
  parts: readonly Uint8Array[],
): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await Deno.open(temporary, {
    create: true,
    write: true,
    truncate: true,
    mode: 0o600,
  });
  try {
    for (const part of parts) {
      for (let written = 0; written < part.length;) {
        written += await file.write(part.subarray(written));
      }
    }
    await file.sync();
  } finally {
    file.close();
  }
  await Deno.rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** The rename is on disk when the directory is; not every system lets a directory be opened. */
async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await Deno.open(path, { read: true });
    try {
      await directory.sync();
    } finally {
      directory.close();
    }
  } catch {
    // The file itself is safe; at worst the old one is back after a loss of power.
  }
}
