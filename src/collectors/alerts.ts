/**
 * Alerts of the notification service.
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { text } from "../netbackup/fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector, everyPoll } from "./define.ts";

/** `GET /manage/alerts` (the vendor's manage.yaml), which documents no largest page: 10 is its default. */
const alertList = listResource({
  endpoint: "/manage/alerts",
  permission: "|MANAGE|EMAIL-NOTIFICATIONS|",
  since: "10.0",
  limit: 10,
  row: row({ severity: text("UNKNOWN"), category: text("UNKNOWN") }),
  key: ({ id }) => id,
});

/** Counts alerts. */
export const alerts = defineCollector({
  name: "alerts",
  summary: "Alerts.",
  interval: everyPoll,
  resources: { alertList },
  metrics: {
    alerts: gauge("nbu_alerts_count", "Alerts by severity and category", ["severity", "category"], {
      zeros: { severity: ["INFO", "WARNING", "ERROR"], category: ["JOB"] },
    }),
  },
  async collect({ read, metrics }) {
    for (const { severity, category } of await read(alertList)) {
      metrics.alerts.add({ severity, category }, 1);
    }
  },
});
