/**
 * Certificate authorities: `GET /security/certificate-authorities`, `/security/external-cacerts` and
 * `/security/cacert`.
 *
 * @module
 */
import { fields } from "../filter/fields.ts";
import { simulatedList } from "./define.ts";
import type { ListWorld } from "./world.ts";

const CA_STATES = ["ACTIVE", "ABANDONED", "DECOMMISSIONED"] as const;

function authority(world: ListWorld, index: number) {
  return {
    subjectCN: "nbatd",
    serialNumber: index + 1,
    notBefore: world.days(-3000 - index),
    notAfter: world.days(index === 0 ? 650 : 40 * index),
    subjectOU: `root@${world.serverName}`,
    subjectName: `O=vx,OU=root@${world.serverName},CN=nbatd`,
    fingerprint: "00:11:22",
    "sha-256Fingerprint": "00:11:22:33",
  };
}

/** NetBackup's own CAs; no key is needed, and `page[disable]=true` gives all. */
export const authorities = simulatedList({
  endpoint: "/security/certificate-authorities",
  document: "security",
  type: "netbackupCADetails",
  open: true,
  paging: { kind: "offset", limits: { min: 1, max: 100 }, disable: true },
  withoutIds: true,
  selfLinks: true,
  filters: new Map(
    fields("state", "string", "eq", { attribute: "nbcaCertDetails.state" }),
  ),
  sorts: { names: "nbcaCertDetails.notBefore nbcaCertDetails.notAfter", since: "14.0" },
  rows: (world) =>
    world.many(2, (index) => ({
      id: String(index + 1),
      attributes: {
        nbcaCertDetails: {
          ...authority(world, index),
          keySize: 2048,
          state: CA_STATES[index] ?? "DECOMMISSIONED",
        },
      },
    })),
});

/** CAs of smart cards. */
export const externalAuthorities = simulatedList({
  endpoint: "/security/external-cacerts",
  document: "security",
  type: "caCertData",
  permission: "|SECURITY|USERS|CERTIFICATE-MANAGEMENT|",
  paging: { kind: "none" },
  selfLinks: true,
  rows: (world) =>
    world.many(1, (index) => ({
      id: String(index + 1),
      attributes: {
        commonName: `Smart Card CA ${index + 1}`,
        issuerName: "Example Root",
        expiry: world.days(90 + index),
        "sha-1Fingerprint": "00:11",
        "sha-256Fingerprint": "00:11:22",
      },
    })),
});

/** Certificates of the CA and of the web server; no key is needed. */
export const caCertificates = simulatedList({
  endpoint: "/security/cacert",
  document: "security",
  type: "caCertificate",
  open: true,
  paging: { kind: "none" },
  envelope: "body",
  rows(world) {
    const details = {
      ...authority(world, 0),
      ...(world.version >= 14 && { keyStrength: 2048, issuedBy: "O=vx,CN=nbatd" }),
    };
    const caCert = world.caCertificate;
    return [{
      id: "cacert",
      attributes: {
        trustVersion: "1",
        webRootCertificateData: [{ caCertDetails: details, caCert }],
        caCertificateData: [{ caCertAction: "ADD", caCertDetails: details, caCert }],
      },
    }];
  },
});
