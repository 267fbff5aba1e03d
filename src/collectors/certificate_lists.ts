/**
 * The lists that the collector `certificates` reads.
 *
 * @module
 */
import * as v from "valibot";
import { flag, instant, numeric, text } from "../netbackup/fields.ts";
import { nested } from "../netbackup/nested_fields.ts";
import { plainListNamed } from "../netbackup/paging/envelope.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";

const CERTIFICATES = "|SECURITY|CERTIFICATE-MANAGEMENT|NETBACKUP-CERTIFICATES|";
const AUTHORITIES = "|SECURITY|CERTIFICATE-MANAGEMENT|CERTIFICATE-AUTHORITIES|";

/** The latest certificate of each host; no JSON:API, and times are milliseconds. */
const hosts = listResource({
  endpoint: "/security/certificates/current",
  permission: CERTIFICATES,
  since: "10.0",
  paging: "none",
  rowsOf: plainListNamed("certificateList"),
  row: row({
    hostId: text(),
    hostName: text(),
    notAfter: instant(),
    state: numeric(0),
    hostType: numeric(0),
    isCertDeleted: flag(),
  }),
  key: ({ hostId }) => hostId,
});

/** Serial numbers are for telling CAs apart: some are larger than a number can be exact. */
const serial = () =>
  v.optional(v.pipe(v.unknown(), v.transform((value) => `${value ?? ""}`)), null);

/** NetBackup's own certificate authorities. Their rows have no id. */
const authorities = listResource({
  endpoint: "/security/certificate-authorities",
  permission: "",
  since: "10.0",
  row: row({
    nbcaCertDetails: nested(v.object({
      subjectName: text(),
      subjectCN: text(),
      serialNumber: serial(),
      notAfter: instant(),
      state: text("UNKNOWN"),
    })),
  }),
});

/** The documents at hand name it, not its fields. */
const migration = listResource({
  endpoint: "/security/certificate-authorities/migration-summary",
  permission: "",
  assumed: true,
  since: "10.0",
  paging: "none",
  row: row({ migrationState: text("UNKNOWN") }),
});

/** Certificates of external authorities, where a host has one. The id is that of the host. */
const mappings = listResource({
  endpoint: "/config/hosts-certificate-mappings",
  permission: CERTIFICATES,
  since: "13.0",
  query: { sort: "hostName" },
  row: row({ hostName: text(), externalCertNotValidAfter: instant() }),
  key: ({ id }) => id,
});

/** Hosts that a change of the CA will cut off. */
const pending = listResource({
  endpoint: "/config/hosts-pending-renewal",
  permission: AUTHORITIES,
  operation:
    "|OPERATIONS|SECURITY|CERTIFICATE-MANAGEMENT|CERTIFICATE-AUTHORITIES|VIEW-HOSTS-MIGRATE-CA|",
  since: "10.0",
  paging: "none",
  row: row({}),
});

/** All of them, by what they hold. */
export const certificateLists = { hosts, authorities, migration, mappings, pending };
