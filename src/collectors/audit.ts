/**
 * What users did, as the audit log has it (the vendor's security.yaml).
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

/** It documents no largest page, and before 11.2 no order. */
const auditList = listResource({
  endpoint: "/security/auditlogs",
  permission: "|SECURITY|AUDIT-LOGS|",
  since: "10.0",
  limit: 10,
  row: withId({ category: text("UNKNOWN"), operation: text("UNKNOWN") }),
  key: ({ id }) => id,
});

/**
 * What an attacker does first, and an operator by mistake: from 0 on, so that an alert sees the first
 * one. Changed or deleted policies, retention levels and SLPs, expired images, released holds, and
 * changes of the audit itself.
 */
const WATCHED = ["POLICY", "RETENTION_LEVEL", "SLP", "CATALOG", "HOLD", "AUDITCFG", "SEC_CONFIG"];

/** Counts records of the audit log. */
export const audit = defineCollector({
  name: "audit",
  summary: "Records of the audit log: policies, retention, images, logins.",
  interval: everyPoll,
  resources: { auditList },
  memory: createNewRows,
  labels: { operation: "What was done as NetBackup names it, `CREATE`, `MODIFY`, `DELETE` …" },
  metrics: {
    events: counter(
      "nbu_audit_events_total",
      "Records of the audit log written since the exporter began to read it, by category (POLICY for policies changed or deactivated, RETENTION_LEVEL for retention, CATALOG for images expired by hand) and operation",
      ["category", "operation"],
      {
        maxSeries: 1000,
        zeros: { category: WATCHED, operation: ["MODIFY", "DELETE"] },
      },
    ),
  },
  async collect({ read, metrics, memory, primary, now }) {
    const time = primary.timeMs ?? now;
    // The documents know `gt` and `lt` here, not `ge`.
    const filter = compare("auditDateTime", "gt", new Date(memory.since(time)));
    const rows = await read(auditList, { filter });
    for (const { category, operation } of memory.take(rows, time)) {
      metrics.events.add({ category, operation }, 1);
    }
  },
});
