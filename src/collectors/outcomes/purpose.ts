/**
 * What a job is for: jobs of one purpose can be compared.
 *
 * @module
 */
import type { Completion } from "../../ledger/completions.ts";

/** What tells purposes apart. */
export interface Purpose {
  readonly client: string;
  readonly policy: string;
  /** Empty where the job belongs to no schedule. */
  readonly schedule: string;
  readonly action: string;
}

/** What a job that has ended was for. */
export function purposeOf({ client, policy, scheduleName, action }: Completion): Purpose {
  return { client, policy, schedule: scheduleName, action };
}

/** A text for each purpose. */
export function purposeKey({ client, policy, schedule, action }: Purpose): string {
  // Each job is asked for it: JSON would take most of the time that a job takes here.
  return `${client}\0${policy}\0${schedule}\0${action}`;
}
