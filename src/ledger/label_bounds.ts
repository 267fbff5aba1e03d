/**
 * Bounds on the label values that come from jobs. They are free text: without bounds, a primary with
 * odd values makes any number of series, which are kept for ever.
 *
 * @module
 */

import {
  DOCUMENTED_ACTIONS,
  DOCUMENTED_POLICY_TYPES,
  DOCUMENTED_STATES,
} from "./documented_values.ts";
import { QUEUE_REASONS } from "./queue_reasons.ts";

/** Label value of what is beyond a bound. */
export const OTHER = "other";

/** Labels that are bounded. */
export type BoundedLabel = "action" | "policy_type" | "status" | "state" | "reason";

/** Values of a label beside those that the vendor documents. */
const MAX_ODD = 20;

const MAX_NAMED = {
  actions: DOCUMENTED_ACTIONS.size + MAX_ODD,
  policyTypes: DOCUMENTED_POLICY_TYPES.size + MAX_ODD,
  states: DOCUMENTED_STATES.length + MAX_ODD,
  reasons: QUEUE_REASONS.length + MAX_ODD,
};

/** Documented values keep their names, and so do the first others of each label; the rest is `other`. */
export class LabelBounds {
  readonly #actions = new Set(DOCUMENTED_ACTIONS);
  readonly #policyTypes = new Set(DOCUMENTED_POLICY_TYPES);
  readonly #states = new Set(DOCUMENTED_STATES);
  readonly #reasons = new Set(QUEUE_REASONS);
  readonly #statuses = new Map<string, Set<string>>();
  #maxStatuses: number;
  /** An example of each label that was folded and not yet told. */
  readonly #folded = new Map<BoundedLabel, string>();
  readonly #told = new Set<BoundedLabel>();

  /** @param maxStatuses Distinct status codes per action. */
  constructor(maxStatuses: number) {
    this.#maxStatuses = maxStatuses;
  }

  action(action: string): string {
    return this.#bound("action", this.#actions, action, MAX_NAMED.actions);
  }

  policyType(policyType: string): string {
    return this.#bound("policy_type", this.#policyTypes, policyType, MAX_NAMED.policyTypes);
  }

  state(state: string): string {
    return this.#bound("state", this.#states, state, MAX_NAMED.states);
  }

  reason(reason: number): string {
    return this.#bound("reason", this.#reasons, String(reason), MAX_NAMED.reasons);
  }

  /** @param action The bounded one. */
  status(action: string, status: number): string {
    return this.#bound("status", this.#statusesOf(action), String(status), this.#maxStatuses);
  }

  /** Changes the bound on status codes. Codes that are named stay so, also beyond it. */
  limitStatuses(max: number): void {
    this.#maxStatuses = max;
  }

  /** Takes over values that have series already. */
  adopt(action: string, policyType: string, status: string): void {
    this.#actions.add(action);
    this.#policyTypes.add(policyType);
    this.#statusesOf(action).add(status);
  }

  /** Labels folded for the first time since this was last called, each with an example. */
  takeFolded(): [BoundedLabel, string][] {
    const folded = [...this.#folded];
    for (const [label] of folded) this.#told.add(label);
    this.#folded.clear();
    return folded;
  }

  #statusesOf(action: string): Set<string> {
    let named = this.#statuses.get(action);
    if (!named) this.#statuses.set(action, named = new Set());
    return named;
  }

  #bound(label: BoundedLabel, named: Set<string>, value: string, max: number): string {
    if (named.has(value)) return value;
    if (named.size < max) {
      named.add(value);
      return value;
    }
    if (!this.#told.has(label)) this.#folded.set(label, value.slice(0, 100));
    return OTHER;
  }
}
