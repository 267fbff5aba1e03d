/**
 * SLOs, which the web UI calls protection plans (the vendor's servicecatalog.yaml).
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";

/** No `meta`, and no more than 50 rows at once, whatever is asked for. */
const sloList = listResource({
  endpoint: "/servicecatalog/slos",
  permission: "|PROTECTION|PROTECTION_PLAN|",
  since: "10.0",
  limit: 50,
  query: { sort: "name" },
  row: row({}),
  key: ({ id }) => id,
});

/** Counts SLOs. Those that the role may not view are not in the list. */
export const slo = defineCollector({
  name: "slo",
  summary: "SLOs (protection plans).",
  interval: "1h",
  resources: { sloList },
  metrics: { slos: gauge("nbu_slo_count", "SLOs (protection plans)") },
  async collect({ read, metrics }) {
    metrics.slos.set({}, (await read(sloList)).length);
  },
});
