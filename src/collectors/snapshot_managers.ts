/**
 * Snapshot managers. The vendor's documents at hand name the endpoint and its states, not its
 * fields: a row without the one field that is read is rejected, which shows in
 * `nbu_api_rows_rejected_total`, and when no row has it the collector has failed.
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { requiredText } from "../netbackup/nested_fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { withId } from "./rows/identified.ts";
import { defineCollector } from "./define.ts";

const managerList = listResource({
  endpoint: "/config/servers/snapshot-mgmt-servers",
  permission: "|MANAGE|SNAPSHOT-MGMT-SERVER|",
  assumed: true,
  since: "10.0",
  paging: "none",
  row: withId({ status: requiredText() }),
  key: ({ id }) => id,
});

/** State of each snapshot manager. */
export const snapshotManagers = defineCollector({
  name: "snapshotManagers",
  summary: "Snapshot managers; the fields of their list are not documented, and may not be found.",
  interval: "15m",
  resources: { managerList },
  metrics: {
    status: gauge(
      "nbu_snapshot_manager_status",
      "Status of a snapshot manager, in the labels; the value is always 1",
      ["server", "status"],
    ),
  },
  async collect({ read, metrics }) {
    for (const { id: server, status } of await read(managerList)) {
      metrics.status.set({ server, status }, 1);
    }
  },
});
