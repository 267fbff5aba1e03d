/**
 * The primary server itself: its release, its clock and its freeze mode (the vendor's security.yaml).
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { optionalFlag, text } from "../netbackup/fields.ts";
import { bodyAsRow } from "../netbackup/paging/envelope.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";

const serverInfo = listResource({
  endpoint: "/security/serverinfo",
  permission: "",
  since: "10.0",
  paging: "none",
  rowsOf: bodyAsRow,
  row: row({
    serverName: text(),
    nbuVersion: text("UNKNOWN"),
    // Since 14.0.
    freezeModeEnabled: optionalFlag(),
  }),
});

/** Release, clock and freeze mode, all from one small response. */
export const server = defineCollector({
  name: "server",
  summary: "The primary server: release, clock and freeze mode.",
  enabledByDefault: true,
  interval: "15m",
  resources: { serverInfo },
  metrics: {
    info: gauge(
      "nbu_server_info",
      "Name and release of the primary server, in the labels; the value is always 1",
      ["server", "version"],
    ),
    clockSkew: gauge(
      "nbu_server_clock_skew_seconds",
      "Difference between the clocks of the primary and the exporter, in whole seconds;" +
        " positive if the primary is ahead",
    ),
    freezeMode: gauge(
      "nbu_server_freeze_mode",
      "Whether the primary is in freeze mode and refuses changes (1) or not (0)",
    ),
  },
  async collect({ read, metrics, primary }) {
    for (const { serverName, nbuVersion, freezeModeEnabled } of await read(serverInfo)) {
      metrics.info.set({ server: serverName, version: nbuVersion }, 1);
      metrics.freezeMode.set({}, freezeModeEnabled);
    }
    const { clockSkewMs } = primary;
    if (clockSkewMs !== undefined) metrics.clockSkew.set({}, clockSkewMs / 1000);
  },
});
