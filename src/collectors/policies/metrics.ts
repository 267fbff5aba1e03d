/**
 * Metrics of policies.
 *
 * @module
 */
import { gauge } from "../../metrics/define.ts";

/** Whether it is active, by policy. */
export const active = gauge("nbu_policy_active", "Whether the policy is active", ["policy"]);

/** By policy and schedule type. */
export const lastRun = gauge(
  "nbu_policy_last_run_timestamp_seconds",
  "End of the last backup job of the policy by schedule type",
  ["policy", "schedule_type"],
);

/** By policy and schedule type. */
export const lastStatus = gauge(
  "nbu_policy_last_run_status",
  "Status code of the last backup job of the policy by schedule type",
  ["policy", "schedule_type"],
);

/** By policy and schedule type. */
export const lastSuccess = gauge(
  "nbu_policy_last_success_timestamp_seconds",
  "End of the last backup job of the policy with status 0 or 1 by schedule type; 0 when the exporter has seen none",
  ["policy", "schedule_type"],
);

/** By policy. */
export const clients = gauge(
  "nbu_policy_clients",
  "Clients of the policy by name; a query that finds clients (VMware intelligent policies) and" +
    " instances of databases are none, and such policies have no overdue clients either",
  ["policy"],
);

/** By policy. */
export const overdue = gauge(
  "nbu_policy_clients_overdue",
  "Clients of the active policy, paused ones apart, that were not backed up as often as its schedules" +
    " demand; absent for a policy without named clients, whose query finds them",
  ["policy"],
);

/** By what paused them. */
export const paused = gauge(
  "nbu_paused_clients",
  "Clients whose backups are paused, by what paused them",
  [
    "trigger",
  ],
  { zeros: { trigger: ["AUTOMATIC", "MANUAL"] } },
);

/** By client, policy and schedule type. */
export const failures = gauge(
  "nbu_client_consecutive_failures",
  "Backups of the client that have failed since the last one with status 0 or 1; absent where it is 0",
  ["client", "policy", "schedule_type"],
);

/** By policy and schedule type, for two of its clients. */
export const deviation = gauge(
  "nbu_policy_size_deviation_ratio",
  "Size of the last backup, divided by the median of those before, of the client of the policy for which that is lowest or highest",
  ["policy", "schedule_type", "extreme"],
);
