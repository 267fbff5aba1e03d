/**
 * What the log says of a configuration that takes effect.
 *
 * @module
 */
import type { ConfigDiff } from "../config/comparison/diff.ts";
import { logConfigWarnings } from "../config/report.ts";
import type { LogFields } from "../telemetry/logger.ts";
import type { LoggingHandle } from "../telemetry/logging.ts";
import { otlpHeaders } from "../telemetry/tracing/headers.ts";
import type { Loaded } from "./load.ts";

/**
 * Says what a start and a reload found, and from then on keeps the secrets of the configuration out
 * of the log.
 *
 * @param webConfigFile Where the web configuration came from; absent or empty = there is none.
 */
export function announce(
  { config, warnings, web }: Loaded,
  logging: LoggingHandle,
  webConfigFile: string | undefined,
): void {
  const { logger } = logging;
  const headers = otlpHeaders(config.opentelemetry.headers).map(([, value]) => value);
  const secrets = config.sites.flatMap(({ apiKey, proxy }) => proxy ? [apiKey, proxy] : [apiKey]);
  logging.registerSecrets([...secrets, ...headers]);
  logConfigWarnings(logger, warnings);
  if (!webConfigFile) return;
  logger.info("applied the web configuration", {
    tls: web.tls !== undefined,
    client_certificate: web.tls?.clientAuth,
    users: web.users.size,
    rate_limited: web.rateLimit !== undefined,
  });
}

/** What a reload has changed, in the words of the configuration: names of keys, never values. */
export function changesOf(diff: ConfigDiff): LogFields {
  return {
    sites_added: diff.sitesAdded,
    sites_removed: diff.sitesRemoved,
    sites_changed: diff.sitesChanged.map(({ site, keys }) => `${site}: ${keys.join(", ")}`),
    sites_unchanged: diff.sitesUnchanged.length,
    collectors_added: diff.collectorsAdded,
    collectors_removed: diff.collectorsRemoved,
    collectors_changed: diff.collectorsChanged,
    listen_changed: diff.listenChanged,
    path_changed: diff.pathChanged,
    logging_changed: diff.loggingChanged,
    tracing_changed: diff.tracingChanged,
  };
}
