/**
 * Images in the catalog (the vendor's catalog.yaml). A catalog has millions of them: they are counted
 * by NetBackup, not read.
 *
 * @module
 */
import * as v from "valibot";
import { key } from "../config/schema/keys.ts";
import { duration } from "../config/schema/leaves.ts";
import { gauge } from "../metrics/define.ts";
import { allOf, compare } from "../netbackup/filters.ts";
import { listResource } from "../netbackup/resource.ts";
import { row } from "../netbackup/row.ts";
import { compareVersions } from "../netbackup/version.ts";
import { defineCollector } from "./define.ts";

const imageList = listResource({
  endpoint: "/catalog/images",
  permission: "|MANAGE|IMAGES|",
  since: "10.0",
  row: row({}),
});

/** First version of the API that can filter by the anomaly status. */
const ANOMALIES_SINCE = "12.0";

const MALWARE_STATUSES = ["NOT_SCANNED", "CLEAN", "IMPACTED", "NOT_SUPPORTED"] as const;
const ANOMALY_STATUSES = [
  "NOT_PROCESSED",
  "NOT_ANOMALOUS",
  "ANOMALOUS",
  "NOT_REVIEWED",
  "FALSE_POSITIVE",
  "IGNORED",
] as const;

/** Counts images by what scans have found out about them. */
export const catalog = defineCollector({
  name: "catalog",
  summary: "Images in the catalog.",
  interval: "1h",
  resources: { imageList },
  metrics: {
    images: gauge(
      "nbu_catalog_images_count",
      "Images in the catalog whose backup began within the configured lookBack; all unless configured",
      ["malware_status", "anomaly_status"],
    ),
  },
  options: {
    lookBack: v.optional(
      key(
        duration({ min: "not-negative" }),
        "How far back images are counted, by the time of the backup; 0 for all there are.",
      ),
      "0",
    ),
  },
  async collect({ count, now, primary, metrics, options: { lookBack } }) {
    // Without a bound of its own, NetBackup counts those of the last 24 hours.
    const since = new Date(lookBack === 0 ? 0 : Math.max(0, now - lookBack));
    const images = (...filters: readonly string[]) =>
      count(imageList, { filter: allOf(compare("backupTime", "ge", since), ...filters) });
    const anomalies = compareVersions(primary.version, ANOMALIES_SINCE) < 0 ? [] : ANOMALY_STATUSES;
    const set = (malware_status: string, anomaly_status: string, value: number) =>
      metrics.images.set({ malware_status, anomaly_status }, value);
    let unknown = await images();
    for (const malware of MALWARE_STATUSES) {
      const byMalware = compare("malwareScanResult", "eq", malware);
      let left = await images(byMalware);
      unknown -= left;
      for (const anomaly of anomalies) {
        const found = left > 0
          ? await images(byMalware, compare("anomalyStatus", "eq", anomaly))
          : 0;
        left -= found;
        set(malware, anomaly, found);
      }
      // What new backups add while others are counted belongs to the next run.
      if (left > 0 || anomalies.length === 0) set(malware, "UNKNOWN", Math.max(0, left));
    }
    if (unknown > 0) set("UNKNOWN", "UNKNOWN", unknown);
  },
});
