/**
 * The list of policies and their details.
 *
 * @module
 */
import * as v from "valibot";
import { optionalNumeric, text } from "../../netbackup/fields.ts";
import { listOf } from "../../netbackup/nested_fields.ts";
import { listOrResource } from "../../netbackup/paging/envelope.ts";
import { listResource } from "../../netbackup/resource.ts";
import { row } from "../../netbackup/row.ts";

const PERMISSION = "|PROTECTION|POLICIES|";

/** `GET /config/policies/` (the vendor's config_policies.yaml). The id is the name. */
export const policyList = listResource({
  endpoint: "/config/policies/",
  permission: PERMISSION,
  since: "10.0",
  limit: 500,
  row: row({ active: v.optional(v.nullable(v.boolean()), null) }),
  key: ({ id }) => id,
});

/** `GET /config/policies/{policyName}` in the form that is the same for all types of policies. */
export const policyDetail = listResource({
  endpoint: "/config/policies/{policyName}",
  permission: PERMISSION,
  since: "10.0",
  paging: "none",
  headers: { "X-NetBackup-Policy-Use-Generic-Schema": "true" },
  rowsOf: listOrResource,
  row: row({
    policyGeneric: v.object({
      // Instances of databases are clients without a host name.
      clients: listOf(v.object({ hostName: text() })),
      schedules: listOf(v.object({
        backupType: text(),
        scheduleType: text(),
        frequencySeconds: optionalNumeric(1),
      })),
    }),
  }),
});
