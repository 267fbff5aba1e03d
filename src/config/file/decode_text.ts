/**
 * Bytes to text.
 *
 * @module
 */

/**
 * Decodes UTF-8, or UTF-16 where a byte order mark says so: Windows editors write it, and the Go
 * exporter reads it. The mark is not part of the text.
 */
export function decodeText(bytes: Uint8Array<ArrayBuffer>): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}
