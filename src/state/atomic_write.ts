/**
 * Replacing a file as a whole, and adding to its end.
 *
 * @module
 */
import { dirname } from "node:path";
import { openIfThere } from "./read_file.ts";

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
    await writeAll(file, parts);
    await file.sync();
  } finally {
    file.close();
  }
  await Deno.rename(temporary, path);
  await syncDirectory(dirname(path));
}

/**
 * Adds to the end of a file; it is on disk when this settles. After a loss of power there may be a part
 * of it.
 *
 * @param size The size that the file must have.
 * @returns False when it has another one, or is not there: nothing was added.
 * @throws Deno.errors What the file system says; there may be a part of it.
 */
export async function appendDurably(
  path: string,
  size: number,
  parts: readonly Uint8Array[],
): Promise<boolean> {
  const file = await openIfThere(path, { append: true });
  if (!file) return false;
  try {
    if ((await file.stat()).size !== size) return false;
    await writeAll(file, parts);
    await file.sync();
    return true;
  } finally {
    file.close();
  }
}

async function writeAll(file: Deno.FsFile, parts: readonly Uint8Array[]): Promise<void> {
  for (const part of parts) {
    for (let written = 0; written < part.length;) {
      written += await file.write(part.subarray(written));
    }
  }
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
