/**
 * A gzip stream joined from parts that were compressed at different times.
 *
 * Gzip members one after the other would be simpler and are valid, but browsers read the first only.
 * So all parts share one member: each ends in a full flush, which leaves the deflate stream open at
 * a byte boundary and lets nothing after it refer back; the checksum of the whole is combined from
 * those of the parts, without looking at their bytes again.
 *
 * @see RFC 1952
 * @module
 */
import { constants, crc32, deflateRawSync, gunzipSync } from "node:zlib";
import { release } from "../../base/release.ts";
import { combineCrc, crcShift } from "./crc.ts";

/** Magic number, deflate, no flags, no time, fastest compression, unknown system. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);

/** An empty final block: what ends a deflate stream. */
const FINAL_BLOCK = Uint8Array.of(3, 0);

const TRAILER_BYTES = 8;

/** What a stored block has in front: its type, its length and the complement of that. */
const STORED_HEADER_BYTES = 5;

/**
 * What compressed parts are written to, in bytes: the library takes 16 kB unless told, and most parts
 * are of a few lines. What does not fit gets more.
 */
const MIN_OUTPUT_BYTES = 1024;

/** The compressed size of lines of metrics, to that of the lines, with room to spare. */
const USUAL_RATIO = 0.25;

/** The smallest output buffer that the library takes. */
const MIN_CHUNK_BYTES = 64;

/**
 * A part below this size, in bytes, is not compressed. Setting up the library takes most of the time
 * even of a large part, and a quarter of a site's parts are a line or two.
 */
const MIN_DEFLATED_BYTES = 128;

/** A part, compressed. */
export interface DeflatedPart {
  /** Deflate blocks, the last of them not marked as final. */
  readonly bytes: Uint8Array;
  /** CRC-32 of the plain bytes. */
  readonly crc: number;
  /** Number of plain bytes. */
  readonly length: number;
  /** What combines `crc` with the checksum of what stands before this part. */
  readonly shift: number;
}

/** Compresses a part. */
export function deflatePart(plain: Uint8Array): DeflatedPart {
  const { length } = plain;
  const bytes = length < MIN_DEFLATED_BYTES ? storedBlock(plain) : deflate(plain);
  return { bytes, crc: crc32(plain), length, shift: crcShift(length) };
}

/** A block that is not compressed, and not the final one: RFC 1951, section 3.2.4. */
function storedBlock(plain: Uint8Array): Uint8Array {
  const { length } = plain;
  const block = new Uint8Array(STORED_HEADER_BYTES + length);
  const header = new DataView(block.buffer);
  header.setUint16(1, length, true);
  header.setUint16(3, ~length, true);
  block.set(plain, STORED_HEADER_BYTES);
  return block;
}

function deflate(plain: Uint8Array): Uint8Array {
  const deflated = deflateRawSync(plain, {
    level: 1,
    finishFlush: constants.Z_FULL_FLUSH,
    chunkSize: Math.max(MIN_OUTPUT_BYTES, Math.ceil(plain.length * USUAL_RATIO)),
  });
  // A copy of its own size: what the library gives is a view of more, and this one is kept.
  return new Uint8Array(deflated);
}

/** Joins parts to a gzip stream. */
export function joinGzip(parts: readonly DeflatedPart[]): Uint8Array<ArrayBuffer> {
  const body = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const stream = new Uint8Array(HEADER.length + body + FINAL_BLOCK.length + TRAILER_BYTES);
  stream.set(HEADER);
  let at = HEADER.length;
  let crc = 0;
  let length = 0;
  for (const part of parts) {
    stream.set(part.bytes, at);
    at += part.bytes.length;
    crc = combineCrc(crc, part.crc, part.shift);
    length += part.length;
  }
  stream.set(FINAL_BLOCK, at);
  const trailer = new DataView(stream.buffer, at + FINAL_BLOCK.length);
  trailer.setUint32(0, crc >>> 0, true);
  trailer.setUint32(4, length >>> 0, true);
  return stream;
}

/** Joins parts to the plain bytes that they were compressed from. */
export function joinPlain(parts: readonly DeflatedPart[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  // In one piece: without a size the library collects small ones, and copies them. One byte more than
  // there is: a buffer that is filled to its end makes it take another of the same size.
  const compressed = joinGzip(parts);
  const plain = gunzipSync(compressed, { chunkSize: Math.max(MIN_CHUNK_BYTES, length + 1) });
  release(compressed);
  const { buffer, byteOffset } = plain;
  // A small one is a part of a buffer that Node shares out, and must not be freed: it is copied.
  return buffer instanceof ArrayBuffer && buffer.byteLength <= length + 1
    ? new Uint8Array(buffer, byteOffset, length)
    : new Uint8Array(plain);
}
