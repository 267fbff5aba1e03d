/**
 * The schema: the only list of configuration keys, their types, defaults and descriptions.
 * It validates the tree of texts that YAML gave; defaults are texts too.
 *
 * @module
 */
import * as v from "valibot";
import { endpointFault } from "./host.ts";
import { key } from "./keys.ts";
import {
  bool,
  decimal,
  duration,
  listenHost,
  logName,
  metricsPath,
  oneOf,
  optionalText,
  visibleText,
  wholeNumber,
} from "./leaves.ts";
import { singleSiteSchema, siteSchema } from "./site_schema.ts";

const MAPPING = "a mapping";

const serverSchema = v.object({
  host: v.optional(key(listenHost(), "Address to listen on; 0.0.0.0 for all of IPv4."), "0.0.0.0"),
  port: v.optional(key(wholeNumber(1, 65535), "Port to listen on."), "9440"),
  uri: v.optional(key(metricsPath(), "Path of the metrics page."), "/metrics"),
  scrapingInterval: v.optional(
    key(duration({ least: "positive" }), "Look-back window of the windowed job metrics."),
    "1h",
  ),
  collectionInterval: v.optional(
    key(duration({ least: "positive" }), "How often each primary is polled."),
    "5m",
  ),
  cacheTTL: v.optional(
    key(duration({ least: "not-negative" }), "How long storage metrics are reused."),
    "5m",
  ),
  logName: v.optional(
    key(logName(), "Log file, written beside standard output; stdout for standard output only."),
    "stdout",
  ),
}, MAPPING);

const loggingSchema = v.object({
  level: v.optional(
    key(oneOf("debug", "info", "warning", "error"), "debug, info, warning or error."),
    "info",
  ),
  format: v.optional(key(oneOf("text", "json"), "text, or json for one object per line."), "text"),
}, MAPPING);

const openTelemetrySchema = v.pipe(
  v.object({
    enabled: v.optional(key(bool(), "true exports traces."), "false"),
    endpoint: v.optional(
      key(optionalText(), "host:port of an OTLP/gRPC receiver; required when enabled."),
    ),
    insecure: v.optional(key(bool(), "true sends traces without TLS."), "false"),
    samplingRate: v.optional(key(decimal(), "Share of the traces that is kept, 0 to 1."), "1"),
  }, MAPPING),
  // Checked only when they are used: the Go exporter starts with anything here as long as it is off.
  v.forward(
    v.partialCheck(
      [["enabled"], ["endpoint"]],
      ({ enabled, endpoint }) => !enabled || endpointFault(endpoint ?? "") === undefined,
      "host:port of a receiver of traces, as opentelemetry.enabled is set",
    ),
    ["endpoint"],
  ),
  v.forward(
    v.partialCheck(
      [["enabled"], ["samplingRate"]],
      ({ enabled, samplingRate }) => !enabled || (samplingRate >= 0 && samplingRate <= 1),
      "a number from 0 to 1",
    ),
    ["samplingRate"],
  ),
);

const stateSchema = v.object({
  directory: v.optional(
    key(
      optionalText(),
      "Directory for the counters over a restart; $STATE_DIRECTORY of systemd unless given.",
    ),
  ),
}, MAPPING);

const collectorsSchema = v.object({
  jobs: v.optional(
    v.object({
      maxStatusCodes: v.optional(
        key(
          wholeNumber(1, 10_000),
          "Status codes per action with a series each; others are `other`.",
        ),
        "200",
      ),
    }, MAPPING),
    {},
  ),
  alerts: collector("Alerts."),
  malware: collector("Malware scan results."),
  catalog: collector("Images in the catalog."),
  slo: collector("SLOs (protection plans)."),
  tape: collector("Tape drives, media, pools and robots."),
  perClient: v.optional(
    v.object({
      enabled: v.optional(key(bool(), "Metrics per client."), "false"),
      allowlist: v.optional(
        key(
          v.array(visibleText("the exact name of a client"), "a list of client names"),
          "Exact names of the clients; an empty list gives no series.",
        ),
        [],
      ),
    }, MAPPING),
    {},
  ),
}, MAPPING);

function collector(what: string) {
  return v.optional(
    v.object({ enabled: v.optional(key(bool(), what), "false") }, MAPPING),
    {},
  );
}

/** The whole configuration. */
export const configSchema = v.object({
  server: v.optional(
    key(serverSchema, "The exporter's own HTTP server, and its schedules."),
    {},
  ),
  nbuservers: v.optional(
    key(v.array(siteSchema, "a list"), "NetBackup primary servers, one entry each."),
    [],
  ),
  nbuserver: v.optional(
    key(singleSiteSchema, "The only primary server: the old form of nbuservers."),
  ),
  logging: v.optional(key(loggingSchema, "How the exporter logs."), {}),
  state: v.optional(key(stateSchema, "What is kept over a restart."), {}),
  collectors: v.optional(
    key(collectorsSchema, "What is collected; all but jobs and storage is off unless asked for."),
    {},
  ),
  opentelemetry: v.optional(key(openTelemetrySchema, "Export of traces."), {}),
}, MAPPING);

/** The configuration as the schema gives it, before files are joined to it. */
export type ValidConfig = v.InferOutput<typeof configSchema>;
