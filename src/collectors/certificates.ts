/**
 * Certificates of hosts and of certificate authorities (the vendor's security.yaml and
 * config_hosts.yaml).
 *
 * @module
 */
import * as v from "valibot";
import { DAY_MS } from "../base/time_units.ts";
import { key } from "../config/schema/keys.ts";
import { bool } from "../config/schema/leaves.ts";
import { gauge } from "../metrics/define.ts";
import { defineCollector } from "./define.ts";
import { certificateLists as lists } from "./certificate_lists.ts";
import { expiry } from "./expiry.ts";

const HOST_TYPE_SERVER = 1;
const STATES: ReadonlyMap<number, string> = new Map([[1, "ACTIVE"], [2, "REVOKED"]]);
/** Each certificate counts in the first range that it fits into. */
const RANGES = [["expired", 0], ["7d", 7], ["30d", 30], ["90d", 90], ["later", Infinity]] as const;

/** External certificates by name: any host may have one, so those that expire first. */
const MAX_NAMED = 1000;

/**
 * Servers and external certificates by name; of all other hosts, of which there are thousands, how
 * many expire when.
 */
export const certificates = defineCollector({
  name: "certificates",
  summary:
    "Certificates of hosts, of certificate authorities and of the web server: expiry and state.",
  interval: "1h",
  resources: lists,
  labels: {
    expires_within: "Range of the time that is left: `expired`, `7d`, `30d`, `90d` or `later`",
    ca: "Subject of the certificate authority",
    serial: "Serial number of the certificate",
  },
  metrics: {
    hosts: gauge(
      "nbu_host_certificates",
      "Hosts by the state of their NetBackup certificate and by when it expires; each in one range",
      ["state", "expires_within"],
      { zeros: { state: ["ACTIVE", "REVOKED"], expires_within: RANGES.map(([range]) => range) } },
    ),
    server: gauge(
      "nbu_host_certificate_not_after_timestamp_seconds",
      "Unix time until which the NetBackup certificate of a server is valid",
      ["host"],
    ),
    authority: gauge(
      "nbu_ca_not_after_timestamp_seconds",
      "Unix time until which a certificate authority of NetBackup is valid",
      ["ca", "serial", "state"],
    ),
    migration: gauge(
      "nbu_ca_migration_info",
      "State of the migration to a new certificate authority; the value is always 1",
      ["state"],
    ),
    external: gauge(
      "nbu_external_certificates",
      "Hosts with a certificate of an external authority by when it expires; each in one range",
      ["expires_within"],
    ),
    pending: gauge(
      "nbu_hosts_pending_certificate_renewal",
      "Hosts that have not renewed their certificate since the certificate authority was changed",
    ),
    web: gauge(
      "nbu_web_certificate_not_after_timestamp_seconds",
      "Unix time until which the certificate of the web server of the primary is valid; absent over" +
        " plain HTTP and behind a proxy",
    ),
    expiry,
  },
  options: {
    pendingRenewals: v.optional(
      key(
        bool(),
        "true counts the hosts that have yet to renew; takes the permission to view a CA migration.",
      ),
      "false",
    ),
  },
  async collect({ read, readIfSupported, now, primary, metrics, options }) {
    const rangeOf = (notAfter: number) => {
      const days = (notAfter - now) / DAY_MS;
      return RANGES.find(([, most]) => days <= most)?.[0] ?? "later";
    };
    for (const { hostName, notAfter, state, hostType, isCertDeleted } of await read(lists.hosts)) {
      if (isCertDeleted || notAfter === undefined) continue;
      const stateName = STATES.get(state) ?? "UNKNOWN";
      metrics.hosts.add({ state: stateName, expires_within: rangeOf(notAfter) }, 1);
      if (hostType !== HOST_TYPE_SERVER || stateName !== "ACTIVE") continue;
      metrics.server.set({ host: hostName }, notAfter / 1000);
      metrics.expiry.set({ kind: "host_certificate", name: hostName }, notAfter / 1000);
    }
    for (const { nbcaCertDetails: ca } of await read(lists.authorities)) {
      if (ca.notAfter === undefined) continue;
      const labels = { ca: ca.subjectName || ca.subjectCN, serial: ca.serialNumber };
      metrics.authority.set({ ...labels, state: ca.state }, ca.notAfter / 1000);
      if (ca.state !== "ACTIVE") continue;
      const name = `${labels.ca} ${labels.serial}`;
      metrics.expiry.set({ kind: "certificate_authority", name }, ca.notAfter / 1000);
    }
    const [migration] = await readIfSupported(lists.migration) ?? [];
    if (migration) metrics.migration.set({ state: migration.migrationState }, 1);
    const mappings = await readIfSupported(lists.mappings);
    if (mappings) {
      for (const [range] of RANGES) metrics.external.add({ expires_within: range }, 0);
    }
    const external = (mappings ?? [])
      .flatMap(({ id, hostName, externalCertNotValidAfter: notAfter }) =>
        notAfter === undefined ? [] : [{ name: hostName || id, notAfter }]
      )
      .sort((a, b) => a.notAfter - b.notAfter);
    for (const { notAfter } of external) {
      metrics.external.add({ expires_within: rangeOf(notAfter) }, 1);
    }
    for (const { name, notAfter } of external.slice(0, MAX_NAMED)) {
      metrics.expiry.set({ kind: "external_certificate", name }, notAfter / 1000);
    }
    const pending = options.pendingRenewals ? await readIfSupported(lists.pending) : undefined;
    if (pending) metrics.pending.set({}, pending.length);
    const web = await primary.webCertificate();
    if (web) {
      metrics.web.set({}, web.notAfterMs / 1000);
      metrics.expiry.set({ kind: "web_certificate", name: web.subject }, web.notAfterMs / 1000);
    }
  },
});
