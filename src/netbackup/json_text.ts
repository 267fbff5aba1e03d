/**
 * Bytes of JSON as text.
 *
 * @module
 */
import { isAscii } from "node:buffer";
import type { BodyBuffers } from "./body_buffers.ts";

const BACKSLASH = 0x5c;
/** The highest bit of each of four bytes: that of a byte which is no ASCII character. */
const NOT_ASCII = 0x80808080;
/** Characters of an escape, as in `\u00fc`. */
const ESCAPE_LENGTH = 6;

/**
 * Decodes JSON. What is not ASCII comes as an escape, which means the same to whoever parses it: one
 * client with a name in Greek, and V8 keeps the whole page at two bytes a character, for which it
 * takes several times as long to decode and longer to parse.
 *
 * @param buffers Where to take a buffer for the escaped text.
 */
export function decodeJson(bytes: Uint8Array<ArrayBuffer>, buffers: BodyBuffers): string {
  const decoder = new TextDecoder();
  // The usual page has nothing to escape, and need not be copied.
  if (isAscii(bytes)) return decoder.decode(bytes);
  const escaped = buffers.take();
  const length = escape(bytes, escaped);
  const text = decoder.decode(length === undefined ? bytes : escaped.subarray(0, length));
  buffers.give(escaped);
  return text;
}

/**
 * Writes the escaped text.
 *
 * @returns Its length; undefined where it does not fit, or escapes would mean something else.
 */
function escape(from: Uint8Array<ArrayBuffer>, to: Uint8Array): number | undefined {
  if (from.byteOffset % 4 !== 0) return undefined;
  const words = new Uint32Array(from.buffer, from.byteOffset, from.length >>> 2);
  // A byte order mark means nothing at the beginning only.
  const atStart = new TextDecoder();
  const elsewhere = new TextDecoder("utf-8", { ignoreBOM: true });
  let copied = 0;
  let written = 0;
  while (true) {
    const start = endOfAscii(from, words, copied);
    if (written + start - copied > to.length) return undefined;
    to.set(from.subarray(copied, start), written);
    written += start - copied;
    if (start === from.length) return written;
    // After a backslash, that of the escape would be taken for an escaped one.
    if (from[start - 1] === BACKSLASH) return undefined;
    copied = start;
    while (copied < from.length && (from[copied] ?? 0) > 0x7f) copied++;
    const text = (start === 0 ? atStart : elsewhere).decode(from.subarray(start, copied));
    if (written + ESCAPE_LENGTH * text.length > to.length) return undefined;
    for (let index = 0; index < text.length; index++) {
      writeEscape(text.charCodeAt(index), to, written);
      written += ESCAPE_LENGTH;
    }
  }
}

/**
 * Where the next byte is that is no ASCII character, or the end.
 *
 * @param words The same bytes, four at a time.
 */
function endOfAscii(bytes: Uint8Array, words: Uint32Array, from: number): number {
  let at = from;
  while (at % 4 !== 0 && (bytes[at] ?? NOT_ASCII) <= 0x7f) at++;
  if (at % 4 === 0) {
    let word = at >>> 2;
    while (word < words.length && ((words[word] ?? 0) & NOT_ASCII) === 0) word++;
    at = word << 2;
  }
  while ((bytes[at] ?? NOT_ASCII) <= 0x7f) at++;
  return at;
}

function writeEscape(codeUnit: number, to: Uint8Array, at: number): void {
  const text = `\\u${codeUnit.toString(16).padStart(4, "0")}`;
  for (let index = 0; index < ESCAPE_LENGTH; index++) to[at + index] = text.charCodeAt(index);
}
