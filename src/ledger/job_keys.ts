/**
 * Numbers for the combinations of action, policy type and status, of which there are few.
 *
 * @module
 */
import * as v from "valibot";
import type { Job } from "../netbackup/resources/job.ts";
import type { LabelBounds } from "./label_bounds.ts";
import type { CounterCell } from "./series.ts";

/** Where the completions of one action, policy type and status are counted. */
export interface CompletionCells {
  root: CounterCell | undefined;
  child: CounterCell | undefined;
}

/** One combination. */
export interface JobKey extends CompletionCells {
  readonly index: number;
  readonly action: string;
  readonly policyType: string;
  /** Its decimal code, or `other`. */
  readonly status: string;
}

/** Action, policy type and status of each key, in the order of their numbers. */
export const jobKeysDocument = v.array(v.tuple([
  v.string(),
  v.string(),
  // Version 1 of the ledger's section has numbers.
  v.pipe(v.union([v.string(), v.number()]), v.transform(String)),
]));

/** All combinations seen, within bounds. */
export class JobKeys {
  readonly bounds: LabelBounds;
  readonly #all: JobKey[] = [];
  readonly #byAction = new Map<string, Map<string, Map<string, JobKey>>>();

  constructor(bounds: LabelBounds) {
    this.bounds = bounds;
  }

  /** The key of a job; what is beyond a bound shares one. */
  keyOf({ jobType, policyType, status }: Job): JobKey {
    const action = this.bounds.action(jobType);
    return this.#intern(
      action,
      this.bounds.policyType(policyType),
      this.bounds.status(action, status),
    );
  }

  #intern(action: string, policyType: string, status: string): JobKey {
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
    return document.map(([action, policyType, status]) => {
      this.bounds.adopt(action, policyType, status);
      return this.#intern(action, policyType, status);
    });
  }
}

function nested<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let inner = map.get(key);
  if (!inner) map.set(key, inner = new Map());
  return inner;
}
