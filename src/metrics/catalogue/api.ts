/**
 * Metrics on the requests to the NetBackup REST API.
 *
 * @module
 */
import { defineMetric } from "../define.ts";

/**
 * Upper bounds, in seconds, of `nbu_api_request_duration_seconds`: a local response takes
 * milliseconds, a full page of jobs many seconds, and the default time limit is 60 s.
 */
export const REQUEST_DURATION_BOUNDS: readonly number[] = Object.freeze(
  [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
);

export const responseTimeMs = defineMetric(
  "nbu_response_time_ms",
  "gauge",
  "Duration in milliseconds of the last request to the NetBackup REST API that received a response",
  ["site"],
);

export const apiRequestsTotal = defineMetric(
  "nbu_api_requests_total",
  "counter",
  "Requests to the NetBackup REST API, retries included, by HTTP status or by what went wrong where" +
    " there was no response",
  ["site", "endpoint", "code"],
);

export const apiRequestDurationSeconds = defineMetric(
  "nbu_api_request_duration_seconds",
  "histogram",
  "Duration of requests to the NetBackup REST API from sending to the end of the body",
  ["site", "endpoint"],
);

export const apiRetriesTotal = defineMetric(
  "nbu_api_retries_total",
  "counter",
  "Requests to the NetBackup REST API that were repeated after a failure",
  ["site", "endpoint"],
);

export const apiRowsRejectedTotal = defineMetric(
  "nbu_api_rows_rejected_total",
  "counter",
  "Rows dropped because they do not match the schema or duplicate another row",
  ["site", "endpoint"],
);
