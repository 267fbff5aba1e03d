/**
 * Chance that can be repeated: every figure of the simulated world is a function of the seed, the
 * number of the thing it belongs to, and a number for the question asked about it.
 *
 * @module
 */

/** 32 well mixed bits. */
export function hash(seed: number, subject: number, question: number): number {
  let bits = seed ^ Math.imul(subject | 0, 0x9e3779b1);
  bits ^= Math.imul(Math.floor(subject / 2 ** 32) | 0, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d) ^ Math.imul(question, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Answers questions about one thing; the same question always has the same answer. */
export interface Dice {
  /** At least 0 and less than 1. */
  unit(question: number): number;
  /** Whole number from 0 to `count` - 1. */
  below(question: number, count: number): number;
  /** One of a list. */
  pick<T>(question: number, list: readonly [T, ...T[]]): T;
  /** Exponentially distributed around the mean, at most `limit` times the mean. */
  wait(question: number, mean: number, limit: number): number;
}

/** The dice of one thing. */
export function diceOf(seed: number, subject: number): Dice {
  const unit = (question: number) => hash(seed, subject, question) / 2 ** 32;
  return {
    unit,
    below: (question, count) => Math.floor(unit(question) * count),
    pick: (question, list) => list[Math.floor(unit(question) * list.length)] ?? list[0],
    wait: (question, mean, limit) => mean * Math.min(limit, -Math.log(1 - unit(question))),
  };
}
