/**
 * The schema: the only list of configuration keys, their types, defaults and descriptions.
 * It validates the tree of texts that YAML gave; defaults are texts too.
 *
 * @module
 */
import * as v from "valibot";
import { anyOf, emptyIs, leadingZero, shortInterval } from "./advice.ts";
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
  otlpHeadersText,
  port,
  wholeNumber,
} from "./leaves.ts";
import { singleSiteSchema, siteSchema } from "./site_schema.ts";

const MAPPING = "a mapping";
const DEFAULT_INTERVAL = "5m";

const serverSchema = v.object({
  host: v.optional(key(listenHost(), "Address to listen on; 0.0.0.0 for all of IPv4."), "0.0.0.0"),
  port: v.optional(key(port(), "Port to listen on.", { advise: leadingZero }), "9440"),
  uri: v.optional(key(metricsPath(), "Path of the metrics page."), "/metrics"),
  scrapingInterval: v.optional(
    key(duration({ min: "positive" }), "Look-back window of the windowed job metrics."),
    "1h",
  ),
  collectionInterval: v.optional(
    key(
      duration({ min: "interval", whenEmpty: DEFAULT_INTERVAL }),
      "How often each primary is polled.",
      { advise: anyOf(emptyIs(DEFAULT_INTERVAL), shortInterval) },
    ),
    DEFAULT_INTERVAL,
  ),
  cacheTTL: v.optional(
    key(
      duration({ min: "not-negative", whenEmpty: DEFAULT_INTERVAL }),
      "How long storage metrics are reused.",
      { advise: emptyIs(DEFAULT_INTERVAL) },
    ),
    DEFAULT_INTERVAL,
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
  format: v.optional(
    key(oneOf("text", "json"), "text for logfmt, or json for one object per line."),
    "text",
  ),
}, MAPPING);

const openTelemetrySchema = v.pipe(
  v.object({
    enabled: v.optional(key(bool(), "true exports traces."), "false"),
    endpoint: v.optional(
      key(optionalText("host:port"), "host:port of an OTLP receiver; required when enabled."),
    ),
    protocol: v.optional(
      key(oneOf("grpc", "http/protobuf"), "grpc, or http/protobuf, which is sent to /v1/traces."),
      "grpc",
    ),
    headers: v.optional(
      key(
        otlpHeadersText(),
        "Headers of each export, `name=value` with commas in between and percent-encoding in values.",
      ),
      "",
    ),
    caFile: v.optional(
      key(
        optionalText("a file name"),
        "PEM file of the CA that signed the receiver's certificate.",
        {
          file: "ca",
        },
      ),
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
      optionalText("a directory"),
      "Directory for state kept across restarts; $STATE_DIRECTORY of systemd unless given, " +
        "or else /var/lib/nbu_exporter where that exists.",
    ),
  ),
}, MAPPING);

/** What a collector adds to the configuration: a section of its own below `collectors`. */
export interface CollectorSection {
  /** Key of the section. */
  readonly name: string;
  /** What it collects, as one sentence. */
  readonly summary: string;
  readonly enabledByDefault: boolean;
  /** It reads the jobs. @default {false} */
  readonly readsJobs?: boolean;
  /** It is of no use while the collector that reads the jobs is off. @default {false} */
  readonly needsJobs?: boolean;
  /** Schemas of the keys that only this collector has; each takes the text of the file. */
  readonly options: v.ObjectEntries;
}

/** Keys that every collector has. */
export const COMMON_COLLECTOR_KEYS: readonly string[] = [
  "enabled",
  "interval",
  "timeout",
  "maxSeries",
];

// deno-lint-ignore explicit-function-return-type -- valibot infers it; written out it is a page.
function collectorSchema({ summary, enabledByDefault, options }: CollectorSection) {
  const keys = {
    ...options,
    enabled: v.optional(key(bool(), "true turns the collector on."), String(enabledByDefault)),
    interval: v.optional(
      key(
        duration({ min: "interval" }),
        "How often it runs; what suits the collector unless given.",
        { advise: shortInterval },
      ),
    ),
    timeout: v.optional(
      key(
        duration({ min: "positive", atMostOneDay: true }),
        "Time limit of one run; its interval unless given, and at least 5m.",
      ),
    ),
    maxSeries: v.optional(
      key(wholeNumber(1, 1_000_000), "Series that one metric of it may have for each site."),
    ),
  };
  return v.optional(key(v.object(keys, MAPPING), summary), {});
}

/**
 * The whole configuration.
 *
 * @param sections What the collectors add to it.
 */
// deno-lint-ignore explicit-module-boundary-types -- valibot infers it; written out it is a page.
export function makeConfigSchema(sections: readonly CollectorSection[]) {
  const collectors = Object.fromEntries(
    sections.map((section) => [section.name, collectorSchema(section)]),
  );
  return v.object({
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
    state: v.optional(key(stateSchema, "State kept across restarts."), {}),
    collectors: v.optional(
      key(v.object(collectors, MAPPING), "What is collected, a section for each collector."),
      {},
    ),
    opentelemetry: v.optional(key(openTelemetrySchema, "Export of traces."), {}),
  }, MAPPING);
}

/** The configuration as the schema gives it, before files are joined to it. */
export type ValidConfig = v.InferOutput<ReturnType<typeof makeConfigSchema>>;
