/**
 * `GET /security/serverinfo` and `/security/servertime`: not JSON:API, and no key is needed.
 *
 * @module
 */
import { hostId } from "../world/hosts.ts";
import { simulatedList } from "./define.ts";

/** Which server it is, and of which release. */
export const serverInfo = simulatedList({
  endpoint: "/security/serverinfo",
  document: "security",
  type: "serverInfo",
  open: true,
  paging: { kind: "none" },
  envelope: "body",
  shown(row, { version }) {
    if (version >= 14) return row;
    const { freezeModeEnabled: _later, ...attributes } = row.attributes;
    return { ...row, attributes };
  },
  rows: ({ serverName, release }) => [{
    id: serverName,
    attributes: {
      serverName,
      nbuVersion: release,
      cacpivConnectorPort: 443,
      nbuKeySize: 2048,
      masterHostId: hostId(0),
      externalCaUsage: 0,
      cacpivEnabled: 0,
      ssoEnabled: false,
      domainType: "unixpwd",
      freezeModeEnabled: false,
    },
  }],
});

/** The server's clock. */
export const serverTime = simulatedList({
  endpoint: "/security/servertime",
  document: "security",
  type: "serverTime",
  open: true,
  paging: { kind: "none" },
  envelope: "body",
  rows: ({ nowMs }) => [{
    id: "serverTime",
    attributes: {
      serverTime: nowMs,
      timeZoneName: "Coordinated Universal Time",
      timeZoneId: "UTC",
    },
  }],
});
