/**
 * The configuration as the rest of the program sees it: validated, complete, deep-frozen.
 * Durations are milliseconds, files named by it are already read.
 *
 * @module
 */
import type { LogLevel } from "../base/log_level.ts";
import type { TreeMap } from "./tree.ts";
import type { Secret } from "../base/secret.ts";
import type { TracingSettings } from "../telemetry/tracing/settings.ts";

/** How requests to one primary are retried. */
export interface RetryConfig {
  /** Tries in all, the first included (4 = one try and 3 retries). */
  readonly maxAttempts: number;
  /** Wait before the first retry, in milliseconds; doubles with each further one. */
  readonly minWaitMs: number;
  /** Longest wait, in milliseconds. */
  readonly maxWaitMs: number;
}

/** Client certificate for mutual TLS with a primary. */
export interface ClientCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** The certificates of `certFile` as PEM. */
  readonly cert: string;
  /** PEM text of `keyFile`. */
  readonly key: Secret;
}

/** One NetBackup primary server. */
export interface SiteConfig {
  /** Unique name, the value of the label `site`. */
  readonly site: string;
  readonly host: string;
  readonly port: number;
  readonly scheme: "http" | "https";
  /** Path below which the REST API lives, `/netbackup`; never ends with `/`. */
  readonly uri: string;
  /** `scheme://host:port` and `uri`, checked; never ends with `/`. */
  readonly baseUrl: string;
  readonly apiKey: Secret;
  /** File the key was read from, if any. */
  readonly apiKeyFile: string | undefined;
  /** API version to use, `14.0`; undefined = detect. */
  readonly apiVersion: string | undefined;
  /** True turns off TLS certificate verification. */
  readonly insecureSkipVerify: boolean;
  readonly caFile: string | undefined;
  /** The certificates of `caFile` as PEM. */
  readonly ca: string | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
  /** Proxy URL; may hold credentials, hence a secret. */
  readonly proxy: Secret | undefined;
  /** Time limit of one request, in milliseconds. */
  readonly timeoutMs: number;
  /** Requests in flight to this primary at the same time. */
  readonly maxConcurrentRequests: number;
  readonly retry: RetryConfig;
}

/** The exporter's own HTTP server and schedules. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** Path of the metrics page. */
  readonly uri: string;
  /** Look-back window of the windowed job gauges, in milliseconds. */
  readonly scrapingIntervalMs: number;
  /** How often each site is polled, in milliseconds. */
  readonly collectionIntervalMs: number;
  /** How long storage metrics are reused, in milliseconds. */
  readonly cacheTtlMs: number;
  /** Absolute path of the log file; undefined = standard output only. */
  readonly logFile: string | undefined;
}

/** How the exporter logs. */
export interface LoggingConfig {
  readonly level: LogLevel;
  readonly format: "text" | "json";
}

/** Export of traces. */
export interface OpenTelemetryConfig extends TracingSettings {
  /** File of `ca`, if any; absolute. */
  readonly caFile: string | undefined;
}

/** State kept across restarts. */
export interface StateConfig {
  /** Absolute path; undefined = the one systemd names, or none. */
  readonly directory: string | undefined;
}

/** How one collector is configured. */
export interface CollectorConfig {
  readonly enabled: boolean;
  /** How often it runs, in milliseconds; undefined = what suits the collector. */
  readonly intervalMs: number | undefined;
  /** Time limit of one run, in milliseconds; undefined = derived from the interval. */
  readonly timeoutMs: number | undefined;
  /** Series that one metric of it may have for each site; undefined = what the metric says. */
  readonly maxSeries: number | undefined;
  /**
   * Keys of its own, checked, as the texts of the file: the collector parses them itself and so
   * gets its own types. Equal texts are equal options.
   */
  readonly options: TreeMap;
}

/** The whole configuration. */
export interface Config {
  readonly server: ServerConfig;
  /** In the order of the file; the single-primary block only where there is no list. */
  readonly sites: readonly SiteConfig[];
  readonly opentelemetry: OpenTelemetryConfig;
  readonly state: StateConfig;
  /** By name; every collector there is. */
  readonly collectors: Readonly<Record<string, CollectorConfig>>;
  readonly logging: LoggingConfig;
}

/** Something that does not stop the exporter but that its operator should know. */
export interface ConfigWarning {
  /** What and what to do, ready to log; never a secret. */
  readonly message: string;
  readonly file: string;
  /** 1-based; undefined where no place in the file is meant. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** Key path, `nbuservers[0].apiKeyy`. */
  readonly key: string | undefined;
  /** `unknown-key` warnings are errors under `check --strict`. */
  readonly kind: "unknown-key" | "ignored-key" | "insecure" | "doubtful";
}

/** What loading a configuration file gives. */
export interface LoadedConfig {
  readonly config: Config;
  readonly warnings: readonly ConfigWarning[];
  /**
   * Absolute paths of the files whose content matters: the configuration, all it names, and the
   * `.env` file that was read.
   */
  readonly files: readonly string[];
  /** Digests of those files as they were read, by path. */
  readonly fingerprints: ReadonlyMap<string, string>;
}
