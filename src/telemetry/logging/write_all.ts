/**
 * Writing whole texts.
 *
 * @module
 */

/** What is needed of `Deno.stdout` or of a file. */
export interface AsyncWriter {
  /** Writes some of the bytes, and tells how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Writes all bytes, however many the system takes at a time.
 *
 * @throws What the writer throws.
 */
export async function writeAll(writer: AsyncWriter, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await writer.write(bytes.subarray(written));
  }
}
