/**
 * Numbers for the combinations of action, policy type and status, of which there are few.
 *
 * @module
 */
import type { CompletionCells } from "./totals.ts";

/** One combination. */
export interface Combo extends CompletionCells {
  readonly index: number;
  readonly action: string;
  readonly policyType: string;
  readonly status: number;
}

/** All combinations seen. */
export class Combos {
  readonly #all: Combo[] = [];
  readonly #byAction = new Map<string, Map<string, Map<number, Combo>>>();

  /** The combination, which gets a number when it is new. */
  intern(action: string, policyType: string, status: number): Combo {
    const byStatus = nested(nested(this.#byAction, action), policyType);
    let combo = byStatus.get(status);
    if (!combo) {
      const index = this.#all.length;
      combo = { index, action, policyType, status, root: undefined, child: undefined };
      this.#all.push(combo);
      byStatus.set(status, combo);
    }
    return combo;
  }

  /** All, by number. */
  get all(): readonly Combo[] {
    return this.#all;
  }
}

function nested<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let inner = map.get(key);
  if (!inner) map.set(key, inner = new Map());
  return inner;
}
