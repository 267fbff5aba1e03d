/**
 * Names as they are kept.
 *
 * @module
 */
import type { Completion } from "../../ledger/completions.ts";
import type { Purpose } from "./purpose.ts";

/** Characters of a name: what NetBackup gives is free text. */
const MAX_NAME = 256;

/** What a job is called by, each name cut to a length that can be kept. */
export function shortNames({ client, policy, scheduleName, action }: Completion): Purpose {
  const cut = (text: string) => text.slice(0, MAX_NAME);
  return {
    client: cut(client),
    policy: cut(policy),
    schedule: cut(scheduleName),
    action: cut(action),
  };
}
