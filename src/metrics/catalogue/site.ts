/**
 * Metrics on a NetBackup primary as a whole, and on the collectors that read from it.
 *
 * @module
 */
import { defineMetric } from "../define.ts";

export const up = defineMetric(
  "nbu_up",
  "gauge",
  "Whether this primary can be reached and storage or jobs were collected in the last cycle (1) or" +
    " not (0)",
  ["site"],
);

export const lastScrapeTimestampSeconds = defineMetric(
  "nbu_last_scrape_timestamp_seconds",
  "gauge",
  "Unix time of the last successful collection of a source; unchanged on failure, 0 before the" +
    " first success",
  ["site", "source"],
);

export const apiVersion = defineMetric(
  "nbu_api_version",
  "gauge",
  "Version of the NetBackup REST API in use, in the label; the value is always 1",
  ["site", "version"],
);

export const tlsVerificationDisabled = defineMetric(
  "nbu_tls_verification_disabled",
  "gauge",
  "Whether TLS certificate verification is disabled for this primary (1) or not (0)",
  ["site"],
);

export const collectorSuccess = defineMetric(
  "nbu_collector_success",
  "gauge",
  "Whether the last run of a collector succeeded (1) or failed (0); unsupported collectors" +
    " count as succeeded",
  ["site", "collector"],
);

export const collectorDurationSeconds = defineMetric(
  "nbu_collector_duration_seconds",
  "gauge",
  "Duration of the last run of a collector in the background",
  ["site", "collector"],
);

export const collectorLastSuccessTimestampSeconds = defineMetric(
  "nbu_collector_last_success_timestamp_seconds",
  "gauge",
  "Unix time at which a collector last succeeded; unchanged on failure, 0 before the first success",
  ["site", "collector"],
);

export const collectorErrorsTotal = defineMetric(
  "nbu_collector_errors_total",
  "counter",
  "Failed runs of a collector by the class of the failure",
  ["site", "collector", "reason"],
);

export const collectorStale = defineMetric(
  "nbu_collector_stale",
  "gauge",
  "Whether the gauges of a collector are withdrawn (1) because its last result is missing or" +
    " too old",
  ["site", "collector"],
);

export const collectorRows = defineMetric(
  "nbu_collector_rows",
  "gauge",
  "Rows that the last successful run of a collector read from NetBackup; 0 can mean a missing" +
    " permission, for which NetBackup returns an empty list",
  ["site", "collector"],
);

export const collectorUnsupported = defineMetric(
  "nbu_collector_unsupported",
  "gauge",
  "Whether a collector is not supported by this NetBackup release (1)",
  ["site", "collector"],
);

export const collectionIntervalFactor = defineMetric(
  "nbu_collection_interval_factor",
  "gauge",
  "Factor by which the intervals of this primary are longer than configured because it fails:" +
    " 1, 2 or 4",
  ["site"],
);

export const storageFullTimestampSeconds = defineMetric(
  "nbu_storage_full_timestamp_seconds",
  "gauge",
  "Unix time at which a disk pool or a storage unit is full if the bytes in use grow as in the last 7" +
    " days; absent until it was watched for a day, while it does not grow, and where that is more than" +
    " 10 years away",
  ["site", "kind", "name"],
);
