/**
 * What the collector of policies holds: what it has seen of jobs, and what is configured.
 *
 * @module
 */
import * as v from "valibot";
import type { Completion } from "../../ledger/completions.ts";
import type { CompletionState } from "../completion_collector.ts";
import { type HistoryOptions, PolicyHistory, policyHistoryDocument } from "./history.ts";
import { PolicyInventory } from "./inventory.ts";
import { PolicyMembers, policyMembersDocument } from "./members.ts";

/** A `PolicyState` in a checkpoint. */
export const policyStateDocument = v.object({
  history: policyHistoryDocument,
  members: policyMembersDocument,
});

/** See `policyStateDocument`. */
export type PolicyStateDocument = v.InferOutput<typeof policyStateDocument>;

/** State of the collector. */
export class PolicyState implements CompletionState<HistoryOptions, PolicyStateDocument> {
  readonly history = new PolicyHistory();
  readonly members = new PolicyMembers();
  /** Read anew after a restart. */
  readonly inventory = new PolicyInventory();

  observe(completion: Completion, options: HistoryOptions): void {
    this.history.observe(completion, options);
  }

  serialize(): PolicyStateDocument {
    return { history: this.history.serialize(), members: this.members.serialize() };
  }

  restore({ history, members }: PolicyStateDocument): void {
    this.history.restore(history);
    this.members.restore(members);
  }
}
