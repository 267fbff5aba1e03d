/**
 * The configuration, from what the schema and the named files gave.
 *
 * @module
 */
import { Secret } from "../../base/secret.ts";
import type { NamedFile, NamedFiles } from "../file/named_files.ts";
import { makeBaseUrl } from "../schema/host.ts";
import { COMMON_COLLECTOR_KEYS, type ValidConfig } from "../schema/schema.ts";
import type { SiteInput } from "../schema/site_schema.ts";
import { isTreeMap, newTreeMap, type Tree, treeAt } from "../tree.ts";
import type { ClientCertificate, Config, SiteConfig } from "../types.ts";
import { deepFreeze } from "./freeze.ts";
import type { OwnPaths } from "./own_paths.ts";

/** The deep-frozen configuration. */
export function buildConfig(
  valid: ValidConfig,
  tree: Tree | undefined,
  files: NamedFiles,
  { logFile, stateDirectory }: OwnPaths,
): Config {
  const { server, nbuserver, nbuservers } = valid;
  const sites = nbuservers.length > 0
    ? nbuservers.map((site, index) => buildSite(site, `nbuservers[${index}]`, files))
    : nbuserver
    ? [buildSite(nbuserver, "nbuserver", files)]
    : [];
  return deepFreeze<Config>({
    server: {
      host: server.host,
      port: server.port,
      uri: server.uri,
      scrapingIntervalMs: server.scrapingInterval,
      collectionIntervalMs: server.collectionInterval,
      cacheTtlMs: server.cacheTTL,
      logFile,
    },
    sites,
    opentelemetry: {
      ...valid.opentelemetry,
      endpoint: valid.opentelemetry.endpoint,
      headers: valid.opentelemetry.headers,
      caFile: files.byKey.get("opentelemetry.caFile")?.path,
      ca: files.byKey.get("opentelemetry.caFile")?.content,
    },
    state: { directory: stateDirectory },
    collectors: buildCollectors(valid.collectors, treeAt(tree, ["collectors"])),
    logging: valid.logging,
  });
}

function buildCollectors(
  valid: ValidConfig["collectors"],
  tree: Tree | undefined,
): Config["collectors"] {
  return Object.fromEntries(
    Object.entries(valid).map(([name, { enabled, interval, timeout, maxSeries }]) => {
      const section = treeAt(tree, [name]);
      const own = Object.entries(isTreeMap(section) ? section : {})
        .filter(([key, value]) => value !== undefined && !COMMON_COLLECTOR_KEYS.includes(key));
      const options = Object.assign(newTreeMap(), Object.fromEntries(own));
      return [name, { enabled, intervalMs: interval, timeoutMs: timeout, maxSeries, options }];
    }),
  );
}

function buildSite(site: SiteInput, key: string, { byKey }: NamedFiles): SiteConfig {
  const file = (name: string) => byKey.get(`${key}.${name}`);
  const apiKeyFile = file("apiKeyFile");
  const apiKey = site.apiKey ?? (apiKeyFile && new Secret(apiKeyFile.content));
  // The schema's rules leave no configuration without a key; this tells the compiler.
  if (!apiKey) throw new TypeError(`${key} has no API key`);
  const ca = file("caFile");
  return {
    site: site.site ?? site.host,
    host: site.host,
    port: site.port,
    scheme: site.scheme,
    uri: site.uri,
    baseUrl: makeBaseUrl(site.scheme, site.host, site.port, site.uri),
    apiKey,
    apiKeyFile: apiKeyFile?.path,
    apiVersion: site.apiVersion,
    insecureSkipVerify: site.insecureSkipVerify,
    caFile: ca?.path,
    ca: ca?.content,
    clientCertificate: clientCertificate(file("clientCertFile"), file("clientKeyFile")),
    proxy: site.proxy,
    timeoutMs: site.timeout,
    maxConcurrentRequests: site.maxConcurrentRequests,
    retry: {
      maxAttempts: site.retry.maxAttempts,
      minWaitMs: site.retry.minWait,
      maxWaitMs: site.retry.maxWait,
    },
  };
}

function clientCertificate(
  cert: NamedFile | undefined,
  key: NamedFile | undefined,
): ClientCertificate | undefined {
  if (!cert || !key) return undefined;
  return {
    certFile: cert.path,
    keyFile: key.path,
    cert: cert.content,
    key: new Secret(key.content),
  };
}
