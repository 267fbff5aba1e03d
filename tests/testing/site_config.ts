/**
 * Configurations for tests.
 *
 * @module
 */
import { Secret } from "../../src/base/secret.ts";
import { newTreeMap } from "../../src/config/tree.ts";
import type { CollectorConfig, Config, SiteConfig } from "../../src/config/types.ts";

/** A site with the defaults of the configuration. */
export function siteConfig(changes: Partial<SiteConfig> = {}): SiteConfig {
  const host = changes.host ?? "nbu.example.com";
  const port = changes.port ?? 1556;
  return {
    site: "a",
    host,
    port,
    scheme: "https",
    uri: "/netbackup",
    baseUrl: `https://${host}:${port}/netbackup`,
    apiKey: new Secret("test-key"),
    apiKeyFile: undefined,
    apiVersion: undefined,
    insecureSkipVerify: false,
    caFile: undefined,
    ca: undefined,
    clientCertificate: undefined,
    proxy: undefined,
    timeoutMs: 60_000,
    maxConcurrentRequests: 4,
    retry: { maxAttempts: 4, minWaitMs: 5000, maxWaitMs: 60_000 },
    ...changes,
  };
}

/** A whole configuration with these sites. */
export function configOf(
  sites: readonly SiteConfig[],
  server: Partial<Config["server"]> = {},
): Config {
  return {
    server: {
      host: "127.0.0.1",
      port: 9440,
      uri: "/metrics",
      scrapingIntervalMs: 3_600_000,
      collectionIntervalMs: 300_000,
      cacheTtlMs: 300_000,
      logFile: undefined,
      ...server,
    },
    sites,
    opentelemetry: {
      enabled: false,
      endpoint: undefined,
      protocol: "grpc",
      insecure: false,
      samplingRate: 1,
      headers: undefined,
      caFile: undefined,
      ca: undefined,
    },
    state: { directory: undefined },
    collectors: { storage: collectorConfig(), jobs: collectorConfig() },
    logging: { level: "info", format: "text" },
  };
}

/** A collector that is on, with every key as the configuration fills it in. */
export function collectorConfig(overrides: Partial<CollectorConfig> = {}): CollectorConfig {
  return {
    enabled: true,
    intervalMs: undefined,
    timeoutMs: undefined,
    maxSeries: undefined,
    options: newTreeMap(),
    ...overrides,
  };
}
