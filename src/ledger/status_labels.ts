/**
 * A bound on the status codes that get a series of their own.
 *
 * @module
 */

/** Label of the completions whose status is beyond the bound. */
export const OTHER_STATUS = "other";

/** Decides the label `status` of a completion: the first codes of each action are named. */
export class StatusLabels {
  #max: number;
  readonly #named = new Map<string, Set<string>>();

  /** @param max Distinct status codes per action. */
  constructor(max: number) {
    this.#max = max;
  }

  /** The label of a status: its decimal code, or `other`. */
  labelOf(action: string, status: number): string {
    const named = this.#namedOf(action);
    const code = String(status);
    if (named.has(code)) return code;
    if (named.size >= this.#max) return OTHER_STATUS;
    named.add(code);
    return code;
  }

  /** Changes the bound. Codes that are named stay so, also where there are more than `max`. */
  limit(max: number): void {
    this.#max = max;
  }

  /** Takes over a label that has a series already. */
  adopt(action: string, label: string): void {
    if (label !== OTHER_STATUS) this.#namedOf(action).add(label);
  }

  #namedOf(action: string): Set<string> {
    let named = this.#named.get(action);
    if (!named) this.#named.set(action, named = new Set());
    return named;
  }
}
