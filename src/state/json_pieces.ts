/**
 * JSON in pieces: a state of a million records is text of many megabytes, and whoever makes or reads it
 * in one go stops everything else for a second.
 *
 * A long list is broken into lines, each of which begins with a tab and holds a part of the list; all
 * the rest is without line breaks. That is still JSON, and can be read line by line.
 *
 * @module
 */

/** A list of numbers that need not be an array. */
export class NumberList {
  readonly length: number;
  readonly #at: (index: number) => number;

  /** @param at The number at an index. It must not change until the list has been written. */
  constructor(length: number, at: (index: number) => number) {
    this.length = length;
    this.#at = at;
  }

  /** The list of an array, which must not change any more. */
  static of(numbers: readonly number[]): NumberList {
    return new NumberList(numbers.length, (index) => numbers[index] ?? 0);
  }

  /** The number at an index. */
  at(index: number): number {
    return this.#at(index);
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

/** Numbers that are written at once. */
const NUMBERS_AT_ONCE = 2000;

/** Entries of other lists that are written at once: they may be large. */
const ENTRIES_AT_ONCE = 100;

/** What begins a line that is a part of a list. */
const TAB = "\t";

/** Lets others work, when it is time. */
export type Pause = () => Promise<void>;

/** Time after which others are let work, in milliseconds. */
const MAX_BLOCK_MS = 4;

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
    yield* listPieces(value.length, (from, to) => value.slice(from, to), NUMBERS_AT_ONCE, pause);
  } else if (Array.isArray(value)) {
    yield* listPieces(value.length, (from, to) => value.slice(from, to), ENTRIES_AT_ONCE, pause);
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
  atOnce: number,
  pause: Pause,
): AsyncGenerator<string, void> {
  if (length <= atOnce) {
    yield JSON.stringify(slice(0, length));
    await pause();
    return;
  }
  yield "[";
  for (let from = 0; from < length; from += atOnce) {
    const piece = JSON.stringify(slice(from, from + atOnce)).slice(1, -1);
    yield `\n${TAB}${piece}${from + atOnce < length ? "," : "\n"}`;
    await pause();
  }
  yield "]";
}

const NEWLINE_CODE = 10;
const TAB_CODE = 9;

/**
 * Reads what `jsonPieces()` has written, or any other JSON whose lines do not begin with tabs. A list
 * that was broken into lines and holds nothing but numbers becomes a `NumberList`.
 *
 * @param mark A text that is nowhere in it.
 * @throws SyntaxError When it is no JSON.
 * @throws TypeError When it is not UTF-8.
 */
export async function readJson(bytes: Uint8Array, mark: string, pause: Pause): Promise<unknown> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const lists = new Map<string, LongList>();
  let list: LongList | undefined;
  let rest = "";
  for (let at = 0; at < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE_CODE, at);
    const end = newline < 0 ? bytes.length : newline;
    const line = bytes.subarray(at, end);
    at = end + 1;
    if (line[0] !== TAB_CODE) {
      list = undefined;
      rest += decoder.decode(line);
    } else {
      if (!list) {
        list = new LongList();
        const place = `${mark}:${lists.size}`;
        lists.set(place, list);
        rest += JSON.stringify(place);
      }
      list.add(decoder.decode(line));
    }
    await pause();
  }
  return withLists(JSON.parse(rest), lists);
}

/** 2¹³ numbers in each part of a long list: nothing is copied as it grows. */
const BITS = 13;
const MASK = 2 ** BITS - 1;

/** A list that is read line by line. Its numbers are kept where no collection of garbage looks at them. */
class LongList {
  readonly #parts: Float64Array[] = [];
  #length = 0;
  /** All entries, once one was no number. */
  #entries: unknown[] | undefined;

  add(line: string): void {
    const part: unknown = JSON.parse(`[${line.endsWith(",") ? line.slice(0, -1) : line}]`);
    if (!Array.isArray(part)) return;
    for (const entry of part) {
      if (this.#entries) this.#entries.push(entry);
      else if (typeof entry === "number") this.#push(entry);
      else this.#entries = [...this.#numbers.toJSON(), entry];
    }
  }

  get value(): unknown {
    return this.#entries ?? this.#numbers;
  }

  get #numbers(): NumberList {
    const parts = this.#parts;
    return new NumberList(this.#length, (index) => parts[index >>> BITS]?.[index & MASK] ?? 0);
  }

  #push(number: number): void {
    const index = this.#length++;
    const part = this.#parts[index >>> BITS] ??= new Float64Array(MASK + 1);
    part[index & MASK] = number;
  }
}

/** Puts the lists back where they were. */
function withLists(value: unknown, lists: ReadonlyMap<string, LongList>): unknown {
  if (Array.isArray(value)) {
    const [only] = value;
    const list = typeof only === "string" ? lists.get(only) : undefined;
    return list ? list.value : value.map((entry) => withLists(entry, lists));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, withLists(entry, lists)]),
  );
}
