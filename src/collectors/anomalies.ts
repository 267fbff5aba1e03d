/**
 * Anomalies that NetBackup has detected (the vendor's security.yaml).
 *
 * @module
 */
import * as v from "valibot";
import { key } from "../config/schema/keys.ts";
import { duration } from "../config/schema/leaves.ts";
import { gauge } from "../metrics/define.ts";
import { text } from "../netbackup/fields.ts";
import { compare } from "../netbackup/filters.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";

/** Backups that are unlike others of their client. */
const backupList = listResource({
  endpoint: "/security/anomalies",
  permission: "|MANAGE|ANOMALIES|",
  since: "10.0",
  query: { sort: "createdDateTime" },
  row: row({ anomalySeverity: text("UNKNOWN"), anomalyStatus: text("UNKNOWN") }),
  key: ({ id }) => id,
});

/** Anomalies of the system, which belong to no job; their rows have no id. */
const systemList = listResource({ ...backupList, endpoint: "/security/anomaly-extension" });

const SOURCES = { backup: backupList, system: systemList } as const;

const lookBack = key(duration({ min: "positive" }), "How old an anomaly may be to be counted.");

/** Counts the anomalies of the last time. */
export const anomalies = defineCollector({
  name: "anomalies",
  summary: "Anomalies of backups and of the system.",
  interval: "15m",
  resources: { backupList, systemList },
  options: { lookBack: v.optional(lookBack, "720h") },
  metrics: {
    anomalies: gauge(
      "nbu_anomalies",
      "Anomalies detected within the look-back time, by what they were detected in, severity and status of the review",
      ["source", "severity", "status"],
      {
        maxSeries: 200,
        zeros: {
          source: Object.keys(SOURCES),
          severity: ["HIGH", "MEDIUM", "LOW"],
          status: ["NOT_REVIEWED"],
        },
      },
    ),
  },
  async collect({ read, metrics, primary, now, options }) {
    const since = new Date((primary.timeMs ?? now) - options.lookBack);
    const filter = compare("createdDateTime", "ge", since);
    for (const [source, list] of Object.entries(SOURCES)) {
      for (
        const { anomalySeverity: severity, anomalyStatus: status } of await read(list, { filter })
      ) {
        metrics.anomalies.add({ source, severity, status }, 1);
      }
    }
  },
});
