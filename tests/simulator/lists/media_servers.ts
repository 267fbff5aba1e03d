/**
 * `GET /config/media-servers`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import { hostId, MEDIA_SERVERS, mediaServer } from "../world/hosts.ts";
import { onlyAttributes, simulatedList } from "./define.ts";

/** The media servers. */
export const mediaServers = simulatedList({
  endpoint: "/config/media-servers",
  document: "config",
  type: "mediaServer",
  permission: "|MANAGE|MEDIA-SERVERS|",
  paging: { kind: "offset", limits: { min: 1, max: 500 } },
  filters: new Map([
    ...fields("hostName osType nbuVersion", "string", `${ORDER} contains endswith startswith`),
    ...fields("dteMode fiberTransportState", "string", "eq ne"),
    ...fields("status", "string", "eq ne", { attribute: "status.name" }),
  ]),
  sorts: { names: "hostName nbuVersion osType dteMode fiberTransportEnabled fiberTransportState" },
  shown: (row, { query }) =>
    query.get("fieldset[mediaServer]") === "minimal"
      ? onlyAttributes(row, ["hostName", "osType", "nbuVersion"])
      : row,
  rows: (world) =>
    world.many(MEDIA_SERVERS.length, (index) => {
      const { name, up, status, version, os, osVersion } = mediaServer(index);
      const href = `/config/media-servers/${name}`;
      return {
        id: name,
        attributes: {
          osVersion,
          osReleaseVersion: osVersion,
          osType: os,
          hostName: name,
          nbuVersion: version,
          dteMode: "ON",
          isMachineUp: up,
          supportedStoragesInfo: [],
          uuid: hostId(index + 1),
          ndmpHosts: [],
          fiberTransportEnabled: false,
          fiberTransportState: "DISABLED",
          status: { name: status, resourceBundleKey: status.toLowerCase() },
        },
        links: world.version < 12 ? { self: { href } } : { href },
      };
    }),
});
