/**
 * VMs that run from a backup image. Of their list the vendor's samples show the status, the documents
 * at hand nothing: a row without the time of creation, on which all depends here, is rejected, which
 * shows in `nbu_api_rows_rejected_total`, and when no row has it the collector has failed.
 *
 * @module
 */
import * as v from "valibot";
import { gauge } from "../metrics/define.ts";
import { instant, text } from "../netbackup/fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";

const machineList = listResource({
  endpoint: "/recovery/workloads/vmware/instant-access-vms",
  permission: "|ASSETS|",
  assumed: true,
  since: "10.0",
  row: row({
    status: text("UNKNOWN"),
    createdDateTime: v.pipe(instant(), v.number()),
  }),
  key: ({ id }) => id,
});

/** How many there are, and how old the oldest is: those that were forgotten keep images and space. */
export const instantAccess = defineCollector({
  name: "instantAccess",
  summary:
    "Instant access VMs of VMware; the fields of their list are not documented, and may not be found.",
  interval: "1h",
  resources: { machineList },
  metrics: {
    machines: gauge("nbu_instant_access_vms", "Instant access VMs by status", ["status"]),
    oldest: gauge(
      "nbu_instant_access_oldest_created_timestamp_seconds",
      "When the oldest instant access VM was created; absent where there is none",
    ),
  },
  async collect({ read, metrics }) {
    const machines = await read(machineList);
    for (const { status } of machines) metrics.machines.add({ status }, 1);
    const oldest = machines.reduce(
      (least, { createdDateTime }) => Math.min(least, createdDateTime),
      Infinity,
    );
    if (oldest < Infinity) metrics.oldest.set({}, oldest / 1000);
  },
});
