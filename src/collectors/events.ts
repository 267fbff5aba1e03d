/**
 * Notifications of all parts of NetBackup (the vendor's eventlog.yaml).
 *
 * @module
 */
import { counter } from "../metrics/define.ts";
import { text } from "../netbackup/fields.ts";
import { compare } from "../netbackup/filters.ts";
import { listResource } from "../netbackup/resource.ts";
import { defineCollector, everyPoll } from "./define.ts";
import { withId } from "./rows/identified.ts";
import { createNewRows } from "./rows/new_rows.ts";

const eventList = listResource({
  endpoint: "/eventlog/notifications",
  permission: "|MANAGE|EVENTLOGS|NOTIFICATIONS|",
  since: "10.0",
  row: withId({ severity: text("UNKNOWN"), notificationType: text("UNKNOWN") }),
  key: ({ id }) => id,
});

/** Counts notifications. */
export const events = defineCollector({
  name: "events",
  summary: "Notifications of the event log.",
  interval: everyPoll,
  resources: { eventList },
  memory: createNewRows,
  labels: { notification_type: "Type of the notification as NetBackup names it" },
  metrics: {
    events: counter(
      "nbu_events_total",
      "Notifications written to the event log since the exporter began to read it, by severity",
      ["severity"],
      {
        maxSeries: 50,
        zeros: { severity: ["CRITICAL", "ERROR", "WARNING", "INFO"] },
      },
    ),
    byType: counter(
      "nbu_events_by_type_total",
      "Notifications of severity WARNING, ERROR or CRITICAL written to the event log since the exporter began to read it, by severity and type",
      ["severity", "notification_type"],
      { maxSeries: 1000 },
    ),
  },
  async collect({ read, metrics, memory, primary, now }) {
    const time = primary.timeMs ?? now;
    const since = new Date(memory.since(time));
    const rows = await read(eventList, { filter: compare("createdDateTime", "ge", since) });
    for (const { severity, notificationType } of memory.take(rows, time)) {
      metrics.events.add({ severity }, 1);
      if (["WARNING", "ERROR", "CRITICAL"].includes(severity)) {
        metrics.byType.add({ severity, notification_type: notificationType }, 1);
      }
    }
  },
});
