/**
 * What is still to be read of a list, as ranges of a place: a time or an id.
 *
 * @module
 */
import * as v from "valibot";

/**
 * The jobs whose place is at or after `from` and before `to`; without `to`, all that are and will be.
 * Only `RangeCursors` changes it: `from` is the range cursor, which advances while the range is read,
 * and `to` comes closer when the later part is split off.
 */
export interface ReadRange {
  readonly from: number;
  readonly to: number | undefined;
}

/** `from` and `to` of every range; null = no end. */
export const rangesDocument = v.array(v.tuple([v.number(), v.nullable(v.number())]));

/** Ranges that together are, at any moment, what is left to read. */
export class RangeCursors {
  readonly #ranges: { from: number; to: number | undefined }[] = [];

  /** @param ranges What is to be read at first. */
  constructor(...ranges: readonly ReadRange[]) {
    for (const range of ranges) this.add(range);
  }

  /** The ranges, in the order in which they came. */
  get all(): readonly ReadRange[] {
    return this.#ranges;
  }

  /** The earliest place left to read; Infinity when there is none. */
  get earliest(): number {
    return Math.min(...this.#ranges.map(({ from }) => from));
  }

  /** Whether a place is left to read. */
  covers(place: number): boolean {
    for (const { from, to } of this.#ranges) {
      if (place >= from && (to === undefined || place < to)) return true;
    }
    return false;
  }

  /** Whether all that is left to read was left to read when these were serialized. */
  isWithin(document: v.InferOutput<typeof rangesDocument>): boolean {
    return this.#ranges.every(({ from, to = Infinity }) =>
      document.some(([outerFrom, outerTo]) => outerFrom <= from && to <= (outerTo ?? Infinity))
    );
  }

  /** Adds a range. */
  add({ from, to }: ReadRange): ReadRange {
    const range = { from, to };
    this.#ranges.push(range);
    return range;
  }

  /** Everything before a place has been read. A cursor does not go back, nor beyond its range. */
  advance(range: ReadRange, place: number): void {
    const own = this.#own(range);
    own.from = Math.max(own.from, Math.min(place, own.to ?? Infinity));
  }

  /** Sets every cursor back. */
  setBack(distance: number): void {
    for (const range of this.#ranges) range.from = Math.max(0, range.from - distance);
  }

  /** Everything from a place on is to be read again. */
  rewind(place: number): void {
    for (const range of this.#ranges) {
      if (range.to === undefined) range.from = Math.min(range.from, Math.max(0, place));
    }
  }

  /** Splits off the part of a range from a place on, and gives that part. */
  split(range: ReadRange, place: number): ReadRange {
    const own = this.#own(range);
    const later = this.add({ from: place, to: own.to });
    own.to = place;
    return later;
  }

  /** Makes one range of all, which begins where the earliest begins, and has no end. */
  merge(): ReadRange {
    const from = this.earliest;
    this.#ranges.length = 0;
    return this.add({ from, to: undefined });
  }

  /** The range has been read to its end. */
  close(range: ReadRange): void {
    this.#ranges.splice(this.#ranges.indexOf(this.#own(range)), 1);
  }

  /** Nothing before a place is wanted any more. */
  drop(before: number): void {
    const left = this.#ranges.filter(({ to }) => (to ?? Infinity) > before);
    for (const range of left) range.from = Math.max(range.from, before);
    this.#ranges.splice(0, this.#ranges.length, ...left);
  }

  serialize(): v.InferOutput<typeof rangesDocument> {
    return this.#ranges.map(({ from, to }) => [from, to ?? null]);
  }

  /** Replaces all ranges by what was serialized. */
  restore(document: v.InferOutput<typeof rangesDocument>): void {
    this.#ranges.length = 0;
    for (const [from, to] of document) this.add({ from, to: to ?? undefined });
  }

  #own(range: ReadRange): { from: number; to: number | undefined } {
    const own = this.#ranges.find((other) => other === range);
    if (!own) throw new RangeError("the range is not one of these");
    return own;
  }
}
