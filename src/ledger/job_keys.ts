/**
 * Numbers for the combinations of action, policy type and status, of which there are few.
 *
 * @module
 */
import * as v from "valibot";
import type { CompletionCells } from "./totals.ts";

/** One combination. */
export interface JobKey extends CompletionCells {
  readonly index: number;
  readonly action: string;
  readonly policyType: string;
  readonly status: number;
}

/** Action, policy type and status of each key, in the order of their numbers. */
export const jobKeysDocument = v.array(v.tuple([v.string(), v.string(), v.number()]));

/** All combinations seen. */
export class JobKeys {
  readonly #all: JobKey[] = [];
  readonly #byAction = new Map<string, Map<string, Map<number, JobKey>>>();

  /** The key of a combination, which gets a number when it is new. */
  intern(action: string, policyType: string, status: number): JobKey {
    const byStatus = nested(nested(this.#byAction, action), policyType);
    let key = byStatus.get(status);
    if (!key) {
      const index = this.#all.length;
      key = { index, action, policyType, status, root: undefined, child: undefined };
      this.#all.push(key);
      byStatus.set(status, key);
    }
    return key;
  }

  /** All, by number. */
  get all(): readonly JobKey[] {
    return this.#all;
  }

  serialize(): v.InferOutput<typeof jobKeysDocument> {
    return this.#all.map(({ action, policyType, status }) => [action, policyType, status]);
  }

  /** Adds what was serialized, and gives the keys in the order of the document. */
  restore(document: v.InferOutput<typeof jobKeysDocument>): JobKey[] {
    return document.map((key) => this.intern(...key));
  }
}

function nested<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let inner = map.get(key);
  if (!inner) map.set(key, inner = new Map());
  return inner;
}
