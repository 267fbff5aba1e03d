/**
 * What changed between two configurations, so that a reload restarts only that.
 *
 * @module
 */
import type { CollectorConfig, Config, SiteConfig } from "../types.ts";
import { sameValue } from "./same_value.ts";

/** A site that is in both configurations, with other settings. */
export interface SiteChange {
  readonly site: string;
  /** Keys as they are named in the file, `retry.minWait`; never values. */
  readonly keys: readonly string[];
}

/** Differences of two configurations. Sites are named by their `site`, collectors by their name. */
export interface ConfigDiff {
  /** In the new configuration only, in its order. */
  readonly sitesAdded: readonly string[];
  /** In the old configuration only, in its order. */
  readonly sitesRemoved: readonly string[];
  /** In both, with other settings or other contents of the files they name. */
  readonly sitesChanged: readonly SiteChange[];
  /** In both and the same in everything. */
  readonly sitesUnchanged: readonly string[];
  /** Enabled now, not before. */
  readonly collectorsAdded: readonly string[];
  /** Enabled before, not now. */
  readonly collectorsRemoved: readonly string[];
  /** Enabled in both, with another interval, timeout, `maxSeries` or other options. */
  readonly collectorsChanged: readonly string[];
  /** Address or port to listen on. */
  readonly listenChanged: boolean;
  /** Path of the metrics page. */
  readonly pathChanged: boolean;
  /** Level, format or log file. */
  readonly loggingChanged: boolean;
  /** Export of traces. */
  readonly tracingChanged: boolean;
}

/** Compares two configurations by value. The order of the sites is nothing. */
export function diffConfig(old: Config, next: Config): ConfigDiff {
  const sites = compare(
    new Map(old.sites.map((site) => [site.site, site])),
    new Map(next.sites.map((site) => [site.site, site])),
  );
  const collectors = compare(enabledOf(old), enabledOf(next));
  return {
    sitesAdded: sites.added,
    sitesRemoved: sites.removed,
    sitesChanged: sites.changed.map(([site, before, after]) => ({
      site,
      keys: changedKeys(before, after),
    })),
    sitesUnchanged: sites.unchanged,
    collectorsAdded: collectors.added,
    collectorsRemoved: collectors.removed,
    collectorsChanged: collectors.changed.map(([name]) => name),
    listenChanged: old.server.host !== next.server.host || old.server.port !== next.server.port,
    pathChanged: old.server.uri !== next.server.uri,
    loggingChanged: !sameValue(
      [old.logging, old.server.logFile],
      [next.logging, next.server.logFile],
    ),
    tracingChanged: !sameValue(old.opentelemetry, next.opentelemetry),
  };
}

function enabledOf({ collectors }: Config): ReadonlyMap<string, CollectorConfig> {
  return new Map(Object.entries(collectors).filter(([, { enabled }]) => enabled));
}

interface Comparison<T> {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly (readonly [name: string, before: T, after: T])[];
  readonly unchanged: readonly string[];
}

function compare<T>(old: ReadonlyMap<string, T>, next: ReadonlyMap<string, T>): Comparison<T> {
  const added: string[] = [];
  const changed: [string, T, T][] = [];
  const unchanged: string[] = [];
  for (const [name, after] of next) {
    const before = old.get(name);
    if (before === undefined) added.push(name);
    else if (sameValue(before, after)) unchanged.push(name);
    else changed.push([name, before, after]);
  }
  return { added, removed: [...old.keys()].filter((name) => !next.has(name)), changed, unchanged };
}

/**
 * What stands behind each key of a site; the content of a file that a key names counts as well. A
 * site cannot change its name: that is one site less and another one more.
 */
export const SITE_KEYS: Readonly<Record<string, (site: SiteConfig) => unknown>> = {
  host: ({ host }) => host,
  port: ({ port }) => port,
  scheme: ({ scheme }) => scheme,
  uri: ({ uri }) => uri,
  apiKey: ({ apiKey, apiKeyFile }) => apiKeyFile === undefined ? apiKey : undefined,
  apiKeyFile: ({ apiKey, apiKeyFile }) =>
    apiKeyFile === undefined ? undefined : [apiKeyFile, apiKey],
  apiVersion: ({ apiVersion }) => apiVersion,
  insecureSkipVerify: ({ insecureSkipVerify }) => insecureSkipVerify,
  caFile: ({ caFile, ca }) => [caFile, ca],
  clientCertFile: ({ clientCertificate }) => [clientCertificate?.certFile, clientCertificate?.cert],
  clientKeyFile: ({ clientCertificate }) => [clientCertificate?.keyFile, clientCertificate?.key],
  proxy: ({ proxy }) => proxy,
  timeout: ({ timeoutMs }) => timeoutMs,
  maxConcurrentRequests: ({ maxConcurrentRequests }) => maxConcurrentRequests,
  "retry.maxAttempts": ({ retry }) => retry.maxAttempts,
  "retry.minWait": ({ retry }) => retry.minWaitMs,
  "retry.maxWait": ({ retry }) => retry.maxWaitMs,
};

function changedKeys(before: SiteConfig, after: SiteConfig): readonly string[] {
  return Object.entries(SITE_KEYS)
    .filter(([, valueOf]) => !sameValue(valueOf(before), valueOf(after)))
    .map(([key]) => key);
}
