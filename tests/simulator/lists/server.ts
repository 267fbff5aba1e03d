/**
 * `GET /security/serverinfo` and `/security/servertime`: not JSON:API, and no key is needed.
 *
 * @module
 */
import { asApiVersion, releaseOf } from "../protocol/version.ts";
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
  rows({ serverName, version }) {
    const release = asApiVersion(version.toFixed(1));
    return [{
      id: serverName,
      attributes: {
        serverName,
        nbuVersion: release ? releaseOf(release) : "",
        cacpivConnectorPort: 443,
        nbuKeySize: 2048,
        masterHostId: "0b1c2d3e-1111-4222-8333-444455556666",
        externalCaUsage: 0,
        cacpivEnabled: 0,
        ssoEnabled: false,
        domainType: "unixpwd",
        freezeModeEnabled: false,
      },
    }];
  },
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
