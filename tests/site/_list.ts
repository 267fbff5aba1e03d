/**
 * A collector that reads one list of its own.
 *
 * @module
 */
import type { CollectorDefinition } from "../../src/collectors/collector.ts";
import { defineCollector, everyPoll } from "../../src/collectors/define.ts";
import { gauge } from "../../src/metrics/define.ts";
import { type Endpoint, listResource } from "../../src/netbackup/resource.ts";
import { row } from "../../src/netbackup/row.ts";

/** Defines a collector that counts the rows of the list `/lists/<name>`. */
export function listCollector(
  name: string,
  changes: Partial<Endpoint> = {},
  interval: string | typeof everyPoll = everyPoll,
): CollectorDefinition {
  const list = listResource({
    endpoint: `/lists/${name}`,
    permission: `|LISTS|${name.toUpperCase()}|`,
    since: "10.0",
    paging: "offset",
    limit: 100,
    row: row({}),
    ...changes,
  });
  return defineCollector({
    name,
    summary: "A list.",
    enabledByDefault: true,
    interval,
    resources: { list },
    metrics: { rows: gauge(`nbu_list_${name}`, "Rows of a list") },
    async collect({ read, metrics }) {
      metrics.rows.set({}, (await read(list)).length);
    },
  });
}
