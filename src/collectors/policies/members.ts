/**
 * Since when clients are known to be in a policy: one that was never backed up is late some time after.
 *
 * @module
 */
import * as v from "valibot";
import { setBounded } from "../../base/bounded_map.ts";

/** Clients by policy that are remembered; those that are in none any more give way. */
const MAX_MEMBERS = 20_000;

/** `PolicyMembers` in a checkpoint: policy, client, and since when in milliseconds since the epoch. */
export const policyMembersDocument = v.pipe(
  v.array(v.tuple([v.string(), v.string(), v.pipe(v.number(), v.minValue(0))])),
  v.maxLength(MAX_MEMBERS),
);

/** See `policyMembersDocument`. */
export type PolicyMembersDocument = v.InferOutput<typeof policyMembersDocument>;

/** The clients of policies. */
export class PolicyMembers {
  readonly #since = new Map<string, PolicyMembersDocument[number]>();

  /**
   * Notes that a client is in a policy.
   *
   * @returns Since when that is known, in milliseconds since the epoch.
   */
  note(policy: string, client: string, nowMs: number): number {
    const key = JSON.stringify([policy, client]);
    const [, , sinceMs] = this.#since.get(key) ?? [policy, client, nowMs];
    setBounded(this.#since, key, [policy, client, sinceMs], MAX_MEMBERS);
    return sinceMs;
  }

  /** The members as a value for JSON. */
  serialize(): PolicyMembersDocument {
    return [...this.#since.values()];
  }

  /** Restores what was serialized. */
  restore(document: PolicyMembersDocument): void {
    for (const [policy, client, sinceMs] of document) this.note(policy, client, sinceMs);
  }
}
