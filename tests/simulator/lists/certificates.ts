/**
 * Certificates of hosts: `GET /security/certificates/current`, `/security/certificates`,
 * `/config/hosts-certificate-mappings` and `/config/hosts-pending-renewal`.
 *
 * @module
 */
import { fields, ORDER } from "../filter/fields.ts";
import type { Host } from "../world/hosts.ts";
import { type ListRow, simulatedList } from "./define.ts";
import { hostCount, hostOf, hostsOf } from "./hosts.ts";
import type { ListWorld } from "./world.ts";

const PERMISSION = "|SECURITY|CERTIFICATE-MANAGEMENT|NETBACKUP-CERTIFICATES|";

/** Days until the certificate of the host of a number ends: some soon, some long ago. */
const daysLeft = (index: number): number => index % 12 === 11 ? -5 : 3 + (index * 37) % 360;

function certificate(world: ListWorld, host: Host, index: number, deleted = false): ListRow {
  const key = deleted ? 100_000 + index : index;
  return {
    id: String(key),
    attributes: {
      certificateKey: key,
      hostId: host.uuid ?? "",
      hostName: host.name,
      serialNumber: 7_230_000_000_000_000 + key,
      notBefore: world.daysMs(daysLeft(index) - 365),
      notAfter: world.daysMs(daysLeft(index)),
      tokenType: 0,
      // 1 active, 2 revoked.
      state: deleted || index % 20 === 19 ? 2 : 1,
      publicKey: "",
      keySize: 2048,
      revocationReason: 0,
      // 0 unknown, 1 server, 2 client.
      hostType: host.kind === "client" ? index % 15 === 14 ? 0 : 2 : 1,
      createOn: world.daysMs(-365),
      updatedOn: world.daysMs(-365),
      ...(world.version >= 13 && { isCertDeleted: deleted }),
    },
  };
}

/** The latest certificate of each host: not JSON:API, times in milliseconds. */
export const currentCertificates = simulatedList({
  endpoint: "/security/certificates/current",
  document: "security",
  type: "certificate",
  permission: PERMISSION,
  paging: { kind: "none" },
  envelope: { name: "certificateList" },
  rows: (world) => hostsOf(world).map((host, index) => certificate(world, host, index)),
});

const DELETED = 12;

/** All certificates, those of some hosts that were deleted too. */
export const certificates = simulatedList({
  endpoint: "/security/certificates",
  document: "security",
  type: "certificate",
  permission: PERMISSION,
  since: "13.0",
  paging: { kind: "none" },
  envelope: { name: "certificateList" },
  filters: new Map([
    ...fields("hostId", "string", "eq ne"),
    ...fields("isCertDeleted", "boolean", "eq ne"),
  ]),
  rows(world) {
    const hosts = hostCount(world);
    return world.many(hosts + DELETED, (index) => {
      const deleted = index >= hosts;
      const host = deleted ? index - hosts : index;
      return certificate(world, hostOf(world, host), host, deleted);
    });
  },
});

/** External certificates of hosts; the first hosts have none. */
export const certificateMappings = simulatedList({
  endpoint: "/config/hosts-certificate-mappings",
  document: "config_hosts",
  type: "hostCertificateDetails",
  permission: PERMISSION,
  since: "13.0",
  paging: { kind: "offset", limits: { min: 1 } },
  selfLinks: true,
  filters: new Map([
    ...fields("hostName nbuCertificateState renewalStatus", "string", "eq ne"),
    ...fields("nbuVersion", "integer", ORDER),
    ...fields("externalCertNotValidBefore externalCertNotValidAfter", "date", "gt lt"),
  ]),
  sorts: { names: "hostName nbuVersion nbuCertificateState externalCertNotValidAfter" },
  beyondSchema: { externalCertNotValidAfter: [null], externalCertNotValidBefore: [null] },
  rows: (world) =>
    hostsOf(world).map((host, index) => {
      const external = index % 3 === 0;
      return {
        id: host.uuid ?? host.name,
        attributes: {
          hostName: host.name,
          nbuVersion: Number(host.version.split(".")[0]) * 100_000,
          nbuVersionDisplayString: `NetBackup_${host.version}`,
          nbuCertificateState: daysLeft(index) < 0 ? "EXPIRED" : external ? "N/A" : "ACTIVE",
          externalCertCommonName: external ? host.name : "",
          externalCertNotValidBefore: external ? world.days(daysLeft(index) - 365) : null,
          externalCertNotValidAfter: external ? world.days(daysLeft(index)) : null,
          hostCreatedDateTime: world.days(-500),
          ...(world.version >= 14 && external && { renewalStatus: "VALIDATION_PASSED" }),
        },
      };
    }),
});

/** Hosts that have not renewed their certificate after a change of the CA. */
export const pendingRenewals = simulatedList({
  endpoint: "/config/hosts-pending-renewal",
  document: "config_hosts",
  type: "hostPendingRenewal",
  permission: "|SECURITY|CERTIFICATE-MANAGEMENT|CERTIFICATE-AUTHORITIES|",
  paging: { kind: "none" },
  selfLinks: true,
  rows: (world) =>
    world.many(2, (index) => ({
      id: `renew${index + 1}`,
      attributes: { hostName: `host0${index + 1}.example.com`, nbuVersion: "9.1" },
    })),
});
