/**
 * Key management services and their keys (the vendor's security.yaml).
 *
 * @module
 */
import * as v from "valibot";
import { gauge } from "../metrics/define.ts";
import { optionalFlag, text } from "../netbackup/fields.ts";
import { nested, requiredText } from "../netbackup/nested_fields.ts";
import { listResource, resourceAt } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";
import { withId } from "./rows/identified.ts";

/** The documents name 10 as the default of a page and no largest one. */
const serviceList = listResource({
  endpoint: "/security/key-management-services",
  permission: "|SECURITY|KMS|",
  since: "10.0",
  limit: 10,
  row: withId({
    name: requiredText(),
    kmsType: text("UNKNOWN"),
    enabledForBackup: optionalFlag(),
  }),
  key: ({ id }) => id,
});

const keyList = listResource({
  endpoint: "/security/key-management-services/{kmsId}/key-details",
  permission: "|SECURITY|KMS|",
  operation: "|OPERATIONS|SECURITY|KMS|SERVICES|VIEW|",
  since: "10.0",
  limit: 10,
  row: row({ keyAttributes: nested(v.object({ keyId: text(), keyState: text("UNKNOWN") })) }),
  key: ({ keyAttributes: { keyId } }) => keyId,
});

/** Which services there are, and in which state their keys. */
export const kms = defineCollector({
  name: "kms",
  summary: "Key management services and their keys.",
  interval: "1h",
  resources: { serviceList, keyList },
  labels: {
    kms: "Name of the key management service",
    kms_type: "Type of the key management service, `NBKMS`, `KMIP` …",
  },
  metrics: {
    enabled: gauge(
      "nbu_kms_enabled_for_backup",
      "Whether a key management service encrypts backups: 1, or 0 when it does not",
      ["kms", "kms_type"],
    ),
    keys: gauge(
      "nbu_kms_keys",
      "Keys of a key management service by state",
      ["kms", "state"],
    ),
  },
  async collect({ read, readIfSupported, metrics }) {
    for (const { id: kmsId, name, kmsType, enabledForBackup } of await read(serviceList)) {
      metrics.enabled.set({ kms: name, kms_type: kmsType }, enabledForBackup);
      // A service that has gone meanwhile is answered with 404.
      const keys = await readIfSupported(resourceAt(keyList, { kmsId }));
      if (!keys) continue;
      metrics.keys.add({ kms: name, state: "ACTIVE" }, 0);
      for (const { keyAttributes: { keyState: state } } of keys) {
        metrics.keys.add({ kms: name, state }, 1);
      }
    }
  },
});
