/**
 * The clients of all policies.
 *
 * @module
 */
import * as v from "valibot";
import { text } from "../netbackup/fields.ts";
import { listOf } from "../netbackup/nested_fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";

/** `GET /config/unique-policy-clients` (the vendor's config_policies.yaml). The id is the client. */
export const policyClientList = listResource({
  endpoint: "/config/unique-policy-clients",
  permission: "|PROTECTION|POLICIES|",
  since: "10.0",
  limit: 5000,
  row: row({ clientInfoType: text("HOST"), policyNames: listOf(v.string()) }),
  key: ({ id }) => id,
});
