/**
 * The API key that the exporter itself uses (the vendor's security.yaml).
 *
 * @module
 */
import { gauge } from "../metrics/define.ts";
import { instant, text } from "../netbackup/fields.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { defineCollector } from "./define.ts";
import { expiry } from "./expiry.ts";

/** Without the permission to view keys, the list has those of the key's own user. */
const keyList = listResource({
  endpoint: "/security/api-keys",
  permission: "",
  since: "10.0",
  row: row({ userName: text(), expiryDateTime: instant() }),
  key: ({ id }) => id,
});

/** Expiry of the exporter's own key: with it, all monitoring of this primary ends. */
export const apiKey = defineCollector({
  name: "apiKey",
  summary: "Expiry of the API key that the exporter uses.",
  enabledByDefault: true,
  interval: "1h",
  resources: { keyList },
  labels: { user: "Name of the user whom the API key belongs to" },
  metrics: {
    expires: gauge(
      "nbu_api_key_expiry_timestamp_seconds",
      "Unix time at which the API key that the exporter uses expires",
      ["user"],
    ),
    expiry,
  },
  async collect({ read, metrics, primary, logger }) {
    const keys = await read(keyList);
    const own = keys.find(({ id }) => id !== "" && id === primary.apiKeyTag) ??
      (keys.length === 1 ? keys[0] : undefined);
    if (!own) {
      logger.warn("configured API key is not in the list returned by NetBackup", {
        keys: keys.length,
      });
      return;
    }
    const { userName, expiryDateTime } = own;
    if (expiryDateTime === undefined) return;
    metrics.expires.set({ user: userName }, expiryDateTime / 1000);
    metrics.expiry.set({ kind: "api_key", name: userName }, expiryDateTime / 1000);
  },
});
