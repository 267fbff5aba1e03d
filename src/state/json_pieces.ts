/**
 * JSON in pieces: a state of a million records is text of many megabytes, and whoever makes it in one
 * go stops everything else for a second.
 *
 * @module
 */

/** A list of numbers that is made when it is written. */
export class NumberList {
  readonly length: number;
  readonly #at: (index: number) => number;

  /** @param at The number at an index. It must not change until the list has been written. */
  constructor(length: number, at: (index: number) => number) {
    this.length = length;
    this.#at = at;
  }

  /** The numbers from an index on, before another one. */
  slice(from: number, to: number): number[] {
    return Array.from({ length: Math.min(to, this.length) - from }, (_, n) => this.#at(from + n));
  }

  /** All of them, where the list is written in one go. */
  toJSON(): number[] {
    return this.slice(0, this.length);
  }
}

/** Entries of a list that are written at once. */
const ENTRIES_AT_ONCE = 2000;

/** Lets others work, when it is time. */
export type Pause = () => Promise<void>;

/** Time after which others are let work, in milliseconds. */
const MAX_BLOCK_MS = 8;

/** Makes a pause that does nothing unless the last one is a while ago. */
export function createPause(now: () => number = () => performance.now()): Pause {
  let last = now();
  return async () => {
    if (now() - last < MAX_BLOCK_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = now();
  };
}

/** Writes a value as JSON, piece by piece. `undefined` in an object is left out. */
export async function* jsonPieces(value: unknown, pause: Pause): AsyncGenerator<string, void> {
  if (value instanceof NumberList) {
    yield* listPieces(value.length, (from, to) => value.slice(from, to), pause);
  } else if (Array.isArray(value)) {
    yield* listPieces(value.length, (from, to) => value.slice(from, to), pause);
  } else if (typeof value === "object" && value !== null) {
    let separator = "{";
    for (const [name, entry] of Object.entries(value)) {
      if (entry === undefined) continue;
      yield `${separator}${JSON.stringify(name)}:`;
      yield* jsonPieces(entry, pause);
      separator = ",";
    }
    yield separator === "{" ? "{}" : "}";
  } else {
    yield JSON.stringify(value) ?? "null";
  }
}

async function* listPieces(
  length: number,
  slice: (from: number, to: number) => readonly unknown[],
  pause: Pause,
): AsyncGenerator<string, void> {
  yield "[";
  for (let from = 0; from < length; from += ENTRIES_AT_ONCE) {
    const piece = JSON.stringify(slice(from, from + ENTRIES_AT_ONCE)).slice(1, -1);
    yield from === 0 ? piece : `,${piece}`;
    await pause();
  }
  yield "]";
}
