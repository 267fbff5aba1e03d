/**
 * Decides which faults meet a request.
 *
 * @module
 */
import { hash } from "../world/random.ts";
import type { Fault, FaultRule } from "./types.ts";

/** Control of the faults. */
export interface FaultControl {
  /**
   * Adds a fault.
   *
   * @returns Takes it away again.
   */
  add(rule: FaultRule): () => void;
  /** Takes all faults away. */
  clear(): void;
  /** The faults that are not used up. */
  list(): readonly FaultRule[];
  /** The faults that meet this request; counts it. */
  meet(endpoint: string): readonly Fault[];
}

interface Entry {
  readonly rule: FaultRule;
  skip: number;
  left: number;
}

/** Starts without faults; chance is repeatable by the seed. */
export function createFaultControl(seed: number): FaultControl {
  const entries = new Set<Entry>();
  let rolls = 0;

  const meets = (entry: Entry, endpoint: string): boolean => {
    if (entry.rule.endpoint !== undefined && entry.rule.endpoint !== endpoint) return false;
    const { probability = 1 } = entry.rule;
    if (probability < 1 && hash(seed, rolls++, 0) / 2 ** 32 >= probability) return false;
    if (entry.skip > 0) {
      entry.skip -= 1;
      return false;
    }
    entry.left -= 1;
    if (entry.left <= 0) entries.delete(entry);
    return true;
  };

  return {
    add(rule) {
      const entry = { rule, skip: rule.skip ?? 0, left: rule.count ?? Infinity };
      if (entry.left > 0) entries.add(entry);
      return () => entries.delete(entry);
    },
    clear: () => entries.clear(),
    list: () => [...entries].map((entry) => entry.rule),
    meet: (endpoint) =>
      [...entries].filter((entry) => meets(entry, endpoint)).map((entry) => entry.rule),
  };
}
