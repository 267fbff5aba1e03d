/**
 * Columns of numbers that grow without being copied.
 *
 * @module
 */

/** 1024 rows: what a site of few jobs needs, while those of a million make no more than 1000 chunks. */
const BITS = 10;
const ROWS_PER_CHUNK = 1 << BITS;
const MASK = ROWS_PER_CHUNK - 1;

/** Numbers by row. Rows are added one after the other; what was never set means nothing. */
export interface Column {
  /** The number of a row. */
  get(row: number): number;
  /** Sets the number of a row. */
  set(row: number, value: number): void;
  /** Keeps these rows only, in this order, and gives back the memory of the others. */
  select(rows: Uint32Array): void;
}

/** Typed arrays for numbers of a known range. */
type Integers = Uint32Array | Uint16Array | Uint8Array;

/** A column of integers that all fit into one kind of typed array. */
export class IntegerColumn implements Column {
  readonly #make: new (length: number) => Integers;
  #chunks: Integers[] = [];

  /** @param make The typed array that decides the range and the size of a number. */
  constructor(make: new (length: number) => Integers) {
    this.#make = make;
  }

  get(row: number): number {
    return this.#chunks[row >>> BITS]?.[row & MASK] ?? 0;
  }

  set(row: number, value: number): void {
    const index = row >>> BITS;
    let chunk = this.#chunks[index];
    if (!chunk) {
      chunk = new this.#make(ROWS_PER_CHUNK);
      this.#chunks[index] = chunk;
    }
    chunk[row & MASK] = value;
  }

  select(rows: Uint32Array): void {
    const selected = new IntegerColumn(this.#make);
    rows.forEach((row, index) => selected.set(index, this.get(row)));
    this.#chunks = selected.#chunks;
  }
}

const SPAN = 2 ** 32;

/** Numbers near one another are kept as distances from a base in half the space. */
interface Chunk {
  readonly base: number;
  numbers: Uint32Array | Float64Array;
}

/**
 * A column of any numbers: 4 bytes each where those next to one another are integers that differ by
 * less than 2³² (ids, kilobytes, times within 24 days), 8 bytes elsewhere. Nothing is rounded.
 */
export class NumberColumn implements Column {
  #chunks: Chunk[] = [];

  get(row: number): number {
    const chunk = this.#chunks[row >>> BITS];
    return chunk === undefined ? 0 : chunk.base + (chunk.numbers[row & MASK] ?? 0);
  }

  set(row: number, value: number): void {
    const index = row >>> BITS;
    let chunk = this.#chunks[index];
    if (!chunk || !fits(chunk, value)) {
      chunk = chunk ? widened(chunk) : fresh(value);
      this.#chunks[index] = chunk;
    }
    chunk.numbers[row & MASK] = value - chunk.base;
  }

  /** Bases are chosen anew, as times move on. */
  select(rows: Uint32Array): void {
    const selected = new NumberColumn();
    rows.forEach((row, index) => selected.set(index, this.get(row)));
    this.#chunks = selected.#chunks;
  }
}

function fresh(first: number): Chunk {
  const narrow = { base: 0, numbers: new Uint32Array(ROWS_PER_CHUNK) };
  if (fits(narrow, first)) return narrow;
  // The first number in the middle: the others lie on both sides of it.
  const around = { ...narrow, base: first - SPAN / 2 };
  return Number.isSafeInteger(first) && fits(around, first) ? around : widened(narrow);
}

function fits({ base, numbers }: Chunk, value: number): boolean {
  if (numbers instanceof Float64Array) return true;
  const distance = value - base;
  // Doubles are exact in this range, so that a distance is one if and only if it is an integer.
  return distance >= 0 && distance < SPAN && Number.isInteger(distance);
}

/** The same numbers as doubles, which hold any. */
function widened({ base, numbers }: Chunk): Chunk {
  return { base: 0, numbers: Float64Array.from(numbers, (distance) => base + distance) };
}
