/**
 * Finds the row of a job id: open addressing in one typed array, 4 bytes a slot.
 *
 * @module
 */

const MIN_SLOTS = 1024;
/** Beyond this part of the slots in use, probing gets slow. */
const MAX_LOAD = 0.7;

/** Rows by job id. Single entries are never removed: the index is rebuilt instead. */
export class JobIndex {
  readonly #idOf: (row: number) => number;
  /** Row + 1; 0 is a free slot. */
  #slots = new Uint32Array(MIN_SLOTS);
  #used = 0;

  /** @param idOf The job id of a row, to compare with. */
  constructor(idOf: (row: number) => number) {
    this.#idOf = idOf;
  }

  /** The row of a job; -1 when there is none. */
  find(jobId: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(jobId) & mask;; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0) return -1;
      if (this.#idOf(entry - 1) === jobId) return entry - 1;
    }
  }

  /** Adds a job that is not in the index. */
  add(jobId: number, row: number): void {
    if (this.#used + 1 > this.#slots.length * MAX_LOAD) this.rebuild(row, this.#slots.length * 2);
    this.#put(jobId, row);
  }

  /** Makes room for so many rows, so that adding them does not make the index anew. */
  reserve(rows: number): void {
    if (rows > this.#slots.length * MAX_LOAD) this.rebuild(this.#used, Math.ceil(rows / MAX_LOAD));
  }

  /** Makes the index anew for the rows 0 to `rows` − 1. */
  rebuild(rows: number, slots = MIN_SLOTS): void {
    let length = MIN_SLOTS;
    while (length < slots) length *= 2;
    while (rows > length * MAX_LOAD) length *= 2;
    this.#slots = new Uint32Array(length);
    this.#used = 0;
    for (let row = 0; row < rows; row++) this.#put(this.#idOf(row), row);
  }

  #put(jobId: number, row: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash(jobId) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = row + 1;
    this.#used++;
  }
}

/** Spreads neighbouring ids; ids may be larger than 32 bits. */
function hash(jobId: number): number {
  const mixed = Math.imul((jobId | 0) ^ Math.floor(jobId / 2 ** 32), 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
