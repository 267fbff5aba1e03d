/**
 * Digests of file contents, to tell whether a file has changed.
 *
 * @module
 */

/** SHA-256 of a text, as hexadecimal digits. */
export async function fingerprint(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** In place of a digest: the file cannot be read. */
export const ABSENT = "absent";
