/**
 * Media servers, and hosts by type, release and connection (the vendor's config.yaml,
 * config_hosts.yaml and hostproperties.yaml).
 *
 * @module
 */
import * as v from "valibot";
import { gauge } from "../metrics/define.ts";
import { optionalFlag, text } from "../netbackup/fields.ts";
import { nested, requiredText } from "../netbackup/nested_fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";
import { hostList } from "./rows/host_list.ts";

const mediaServerList = listResource({
  endpoint: "/config/media-servers",
  permission: "|MANAGE|MEDIA-SERVERS|",
  since: "10.0",
  limit: 500,
  query: { sort: "hostName" },
  row: row({
    hostName: requiredText(),
    nbuVersion: text("UNKNOWN"),
    osType: text("UNKNOWN"),
    isMachineUp: optionalFlag(),
    status: nested(v.object({ name: text("UNKNOWN") })),
  }),
  key: ({ hostName }) => hostName,
});

/** Also clients that have no id, and whether the primary reaches them. */
const allHostList = listResource({
  endpoint: "/config/all-hosts",
  permission: "|MANAGE|HOSTS|HOST-PROPERTIES|",
  since: "10.0",
  query: { sort: "hostName" },
  row: row({ hostName: requiredText(), connectionStatus: optionalFlag() }),
  key: ({ id, hostName }) => id || hostName,
});

const CONNECTIONS = ["reachable", "unreachable", "unknown"] as const;

/** Media servers in every release; hosts where the release has them. */
export const hosts = defineCollector({
  name: "hosts",
  summary: "Media servers, and hosts by release and connection.",
  interval: "15m",
  resources: { mediaServerList, hostList, allHostList },
  labels: {
    os: "Operating system as NetBackup names it",
    host_type: "`PRIMARY_SERVER`, `MEDIA_SERVER`, `CLIENT` or `NOT_DEFINED`",
  },
  metrics: {
    up: gauge(
      "nbu_media_server_up",
      "Whether a media server is up: 1, or 0 when it is not; absent where NetBackup does not know",
      ["server"],
    ),
    status: gauge(
      "nbu_media_server_status",
      "Status of a media server, in the labels; the value is always 1",
      ["server", "status"],
    ),
    info: gauge(
      "nbu_media_server_info",
      "Release and operating system of a media server, in the labels; the value is always 1",
      ["server", "version", "os"],
    ),
    hosts: gauge(
      "nbu_hosts",
      "Hosts by type, release of NetBackup and operating system, without the decommissioned ones",
      ["host_type", "version", "os"],
      { maxSeries: 1000 },
    ),
    connections: gauge(
      "nbu_hosts_connection",
      "Hosts, clients without an id included, by whether the primary reaches them; unknown where it has not tried",
      ["status"],
      { zeros: { status: CONNECTIONS } },
    ),
  },
  async collect({ read, readIfSupported, metrics }) {
    for (const media of await read(mediaServerList)) {
      const { hostName: server, nbuVersion: version, osType: os, isMachineUp } = media;
      metrics.up.set({ server }, isMachineUp);
      metrics.status.set({ server, status: media.status.name }, 1);
      metrics.info.set({ server, version, os }, 1);
    }
    for (const host of await readIfSupported(hostList) ?? []) {
      if (host.decommissionedDateTime !== undefined) continue;
      const { nbuHostType: host_type, osType: os } = host;
      const version = host.nbuReleaseVersion || host.nbuVersion;
      metrics.hosts.add({ host_type, version, os }, 1);
    }
    for (const { connectionStatus } of await readIfSupported(allHostList) ?? []) {
      metrics.connections.add({ status: connectionOf(connectionStatus) }, 1);
    }
  },
});

function connectionOf(reached: boolean | undefined): (typeof CONNECTIONS)[number] {
  if (reached === undefined) return "unknown";
  return reached ? "reachable" : "unreachable";
}
