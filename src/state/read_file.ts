/**
 * Reading a large file without stopping others: read in one go, its bytes are copied in one go, too.
 *
 * @module
 */

/** Opens a file; undefined = it is not there. @throws Deno.errors What else the file system says. */
export async function openIfThere(
  path: string,
  options: Deno.OpenOptions,
): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path, options);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Bytes that are read at once. */
const READ_AT_ONCE = 1024 * 1024;

/**
 * Reads a file.
 *
 * @returns Undefined when it is not there.
 * @throws Deno.errors What the file system says.
 */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  const file = await openIfThere(path, { read: true });
  if (!file) return undefined;
  try {
    const bytes = new Uint8Array((await file.stat()).size);
    let length = 0;
    while (length < bytes.length) {
      const read = await file.read(bytes.subarray(length, length + READ_AT_ONCE));
      if (read === null) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    file.close();
  }
}
