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
import { constants, crc32, deflateRawSync } from "node:zlib";
import { combineCrc, crcShift } from "./crc.ts";

/** Magic number, deflate, no flags, no time, fastest compression, unknown system. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);

/** An empty final block: what ends a deflate stream. */
const FINAL_BLOCK = Uint8Array.of(3, 0);

const TRAILER_BYTES = 8;

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
  const deflated = deflateRawSync(plain, { level: 1, finishFlush: constants.Z_FULL_FLUSH });
  const { length } = plain;
  // A copy of its own size: the library's buffer is larger, and this one is kept. `slice()` of a
  // `Buffer` would be a view of it.
  const bytes = new Uint8Array(deflated);
  return { bytes, crc: crc32(plain), length, shift: crcShift(length) };
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
