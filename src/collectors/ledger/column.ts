/**
 * A column of numbers that grows without being copied.
 *
 * @module
 */

/** Typed arrays a column can be made of. */
type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array;

const BITS = 13;
const ROWS_PER_CHUNK = 1 << BITS;
const MASK = ROWS_PER_CHUNK - 1;

/** Numbers by row. What was never set is 0. */
export class Column {
  readonly #make: new (length: number) => Numbers;
  readonly #chunks: Numbers[] = [];

  /** @param make The typed array that decides the range and the size of a number. */
  constructor(make: new (length: number) => Numbers) {
    this.#make = make;
  }

  /** The number of a row. */
  get(row: number): number {
    return this.#chunks[row >>> BITS]?.[row & MASK] ?? 0;
  }

  /** Sets the number of a row; rows are added one after the other. */
  set(row: number, value: number): void {
    const index = row >>> BITS;
    let chunk = this.#chunks[index];
    if (!chunk) {
      chunk = new this.#make(ROWS_PER_CHUNK);
      this.#chunks[index] = chunk;
    }
    chunk[row & MASK] = value;
  }

  /** Gives back the memory behind the first `rows` rows. */
  truncate(rows: number): void {
    this.#chunks.length = Math.min(this.#chunks.length, Math.ceil(rows / ROWS_PER_CHUNK));
  }
}
