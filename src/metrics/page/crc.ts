/**
 * Combining CRC-32 checksums: the checksum of two texts joined, from the checksum of each.
 *
 * A checksum is a polynomial over GF(2); joining multiplies that of the first text by x to the power
 * of eight times the length of the second, modulo the checksum's own polynomial. zlib does the same
 * in `crc32_combine()`.
 *
 * @module
 */

/** The polynomial of CRC-32 (IEEE 802.3), bits reversed. */
const POLYNOMIAL = 0xedb88320;

/** x to the power 0, bits reversed. */
const ONE = 0x80000000;

/** x to the powers 8, 16, 32 …: a byte, and each time twice as many. */
const POWERS: Int32Array = powersOfByte();

/**
 * The factor that a text of so many bytes puts in front of the checksum before it.
 *
 * @param bytes Length of the later text.
 */
export function crcShift(bytes: number): number {
  let factor = ONE;
  let rest = bytes;
  for (let bit = 0; rest > 0; bit++) {
    if (rest % 2 === 1) factor = multiply(POWERS[bit] ?? 0, factor);
    rest = Math.floor(rest / 2);
  }
  return factor;
}

/**
 * The checksum of two texts joined.
 *
 * @param first Checksum of the first text; 0 for none.
 * @param second Checksum of the second text.
 * @param shift `crcShift()` of the length of the second text.
 */
export function combineCrc(first: number, second: number, shift: number): number {
  return multiply(shift, first) ^ second;
}

/** Multiplies two polynomials modulo that of the checksum. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bits = a | 0; bits !== 0; bits <<= 1) {
    if (bits < 0) product ^= factor;
    factor = factor & 1 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product;
}

function powersOfByte(): Int32Array {
  const powers = new Int32Array(53);
  let power = ONE >>> 8;
  for (let bit = 0; bit < powers.length; bit++) {
    powers[bit] = power;
    power = multiply(power, power);
  }
  return powers;
}
