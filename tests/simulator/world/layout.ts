/**
 * Which jobs belong together. Jobs are numbered in the order of their birth and dealt with ten at a
 * time; a block of ten holds whole families.
 *
 * @module
 */
import { hash } from "./random.ts";

/** Jobs in a block. */
export const BLOCK = 10;

/** A job's relatives, as differences between their numbers and its own. */
export interface Relatives {
  /** 0 for a root. */
  readonly parent: number;
  readonly children: readonly number[];
}

/** Each digit names the parent of the job in that place; a job that names itself is a root. */
const PATTERNS = [
  ["0123456789", 45],
  ["0000456789", 25],
  ["0000000789", 15],
  // A grandparent, two parents and five children between them.
  ["0011044489", 10],
  ["0023456789", 5],
] as const;

const LAYOUTS: readonly (readonly Relatives[])[] = PATTERNS.map(([pattern]) => {
  const parents = [...pattern].map(Number);
  return parents.map((parent, self) => ({
    parent: parent - self,
    children: parents.flatMap((of, child) => of === self && child !== self ? [child - self] : []),
  }));
});

const SINGLE: Relatives = { parent: 0, children: [] };
const LAYOUT_QUESTION = 1;

/** The relatives of the job of this number. */
export function relativesOf(seed: number, sequence: number): Relatives {
  const block = Math.floor(sequence / BLOCK);
  let chance = hash(seed, block, LAYOUT_QUESTION) % 100;
  for (const [index, [, weight]] of PATTERNS.entries()) {
    if (chance < weight) return LAYOUTS[index]?.[sequence - block * BLOCK] ?? SINGLE;
    chance -= weight;
  }
  return SINGLE;
}
