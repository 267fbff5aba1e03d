/**
 * The checksum of the POSIX program `cksum`.
 *
 * @module
 */

/** The polynomial of ISO/IEC 8802-3, most significant bit first. */
const POLYNOMIAL = 0x04c11db7;

/** What each value of the first byte of a remainder adds. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 0x80000000 ? (remainder << 1) ^ POLYNOMIAL : remainder << 1;
  }
  return remainder;
});

/** What `cksum <FILE` prints: the checksum and the number of bytes. */
export function cksum(content: Uint8Array): string {
  let crc = 0;
  const add = (byte: number) => {
    crc = (crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0);
  };
  for (const byte of content) add(byte);
  // The length follows, least significant byte first, without leading zeros.
  for (let length = content.length; length > 0; length = Math.floor(length / 256)) {
    add(length & 0xff);
  }
  return `${~crc >>> 0} ${content.length}`;
}
