/**
 * `GET /config/hosts` (the vendor's config_hosts.yaml): hosts with an id. It is no JSON:API list, and
 * comes all at once.
 *
 * @module
 */
import { instant, text } from "../../netbackup/fields.ts";
import { requiredText } from "../../netbackup/nested_fields.ts";
import { plainListNamed } from "../../netbackup/paging/envelope.ts";
import { listResource } from "../../netbackup/resource.ts";
import { row } from "../../netbackup/row.ts";

/** Hosts with an id. */
export const hostList = listResource({
  endpoint: "/config/hosts",
  permission: "|MANAGE|HOSTS|",
  since: "10.0",
  paging: "none",
  rowsOf: plainListNamed("hosts"),
  row: row({
    uuid: text(),
    hostName: requiredText(),
    nbuHostType: text("NOT_DEFINED"),
    nbuReleaseVersion: text(),
    nbuVersion: text("UNKNOWN"),
    osType: text("UNKNOWN"),
    decommissionedDateTime: instant(),
  }),
  key: ({ uuid }) => uuid,
});
