/**
 * Discovery of assets on the servers of the workloads (the vendor's admin.yaml).
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { instant, text } from "../netbackup/fields.ts";
import { listResource, resourceAt } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";
import { labelFilter } from "./options/label_filter.ts";
import { workloadList } from "./rows/workload_list.ts";

/** The name of the server is required, and the vendor's example lacks it: the id is the same. */
const statusList = listResource({
  endpoint: "/admin/discovery/workloads/{workloadType}/status",
  permission: "|ASSETS|",
  since: "10.0",
  limit: 10,
  row: row({
    serverName: text(),
    workloadSubType: text(),
    discoveryStatus: text("UNKNOWN"),
    discoveryFinishTime: instant(),
  }),
});

/** The workloads that the documents name for this path; others have no discovery. */
const DISCOVERED = new Set(
  ("vmware rhv cloud ahv kubernetes saas cloud-object-store postgresql mysql storagearray " +
    "cassandra mongodb-ops-manager kvm").split(" "),
);

/** How discovery went last on each server. */
export const discovery = defineCollector({
  name: "discovery",
  summary: "Discovery of assets: how it went last on each server.",
  interval: "30m",
  resources: { workloadList, statusList },
  options: { workloads: labelFilter("workloads") },
  metrics: {
    status: gauge(
      "nbu_discovery_status",
      "Status of the last discovery on a server, in the labels; the value is always 1",
      ["workload", "server", "subtype", "status"],
      { maxSeries: 2000 },
    ),
    finished: gauge(
      "nbu_discovery_finish_timestamp_seconds",
      "When the last discovery on a server finished",
      ["workload", "server", "subtype"],
      { maxSeries: 2000 },
    ),
  },
  async collect({ read, readIfSupported, metrics, options }) {
    for (const { id: workload } of await read(workloadList)) {
      if (!DISCOVERED.has(workload) || !options.workloads.allows(workload)) continue;
      const at = resourceAt(statusList, { workloadType: workload });
      for (const found of await readIfSupported(at) ?? []) {
        const server = found.serverName || found.id;
        const labels = { workload, server, subtype: found.workloadSubType };
        metrics.status.set({ ...labels, status: found.discoveryStatus }, 1);
        const { discoveryFinishTime } = found;
        if (discoveryFinishTime !== undefined) {
          metrics.finished.set(labels, discoveryFinishTime / 1000);
        }
      }
    }
  },
});
