/**
 * A gzip stream of two parts, the first of which is compressed once and used many times.
 *
 * Two gzip members one after the other would be simpler and are valid, but browsers read the first
 * only. So both parts share one member: the first ends in a full flush, which leaves the deflate
 * stream open at a byte boundary and lets nothing after it refer back.
 *
 * @see RFC 1952
 * @module
 */
import { constants, crc32, deflateRawSync } from "node:zlib";

/** Magic number, deflate, no flags, no time, fastest compression, unknown system. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);

const TRAILER_BYTES = 8;

/** The first part, compressed. */
export interface GzipHead {
  /** Deflate blocks, the last of them not marked as final. */
  readonly deflated: Uint8Array;
  /** CRC-32 of the plain bytes. */
  readonly crc: number;
  /** Number of plain bytes. */
  readonly length: number;
}

/** Compresses the first part. */
export function gzipHead(plain: Uint8Array): GzipHead {
  const deflated = deflateRawSync(plain, { level: 1, finishFlush: constants.Z_FULL_FLUSH });
  return { deflated, crc: crc32(plain), length: plain.length };
}

/** Completes a stream: the first part followed by `tail`. */
export function gzipTogether(head: GzipHead, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const deflatedTail = deflateRawSync(tail, { level: 1 });
  const end = HEADER.length + head.deflated.length + deflatedTail.length;
  const bytes = new Uint8Array(end + TRAILER_BYTES);
  bytes.set(HEADER, 0);
  bytes.set(head.deflated, HEADER.length);
  bytes.set(deflatedTail, HEADER.length + head.deflated.length);
  const trailer = new DataView(bytes.buffer, end);
  trailer.setUint32(0, crc32(tail, head.crc), true);
  trailer.setUint32(4, (head.length + tail.length) >>> 0, true);
  return bytes;
}
