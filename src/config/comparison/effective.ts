/**
 * The configuration in effect, as a file that would give it: with all defaults, without secrets.
 *
 * @module
 */
import { stringify } from "yaml";
import { Secret } from "../../base/secret.ts";
import { formatDuration } from "../schema/duration.ts";
import type { ClientCertificate, CollectorConfig, Config, SiteConfig } from "../types.ts";

/** Keys of the file that are not those of `Config` less their unit. */
const FILE_KEYS: ReadonlyMap<string, string> = new Map([["cacheTtlMs", "cacheTTL"]]);

/**
 * Writes the configuration as YAML. A secret is written as `[redacted]`: it is known by its type, so
 * that a key that is added later cannot be forgotten here.
 */
export function effectiveConfig({ server, sites, collectors, ...rest }: Config): string {
  const { logFile, ...listening } = server;
  return stringify({
    server: { ...mapping(listening), logName: logFile ?? "stdout" },
    nbuservers: sites.map(site),
    ...mapping(rest),
    collectors: Object.fromEntries(
      Object.entries(collectors).map(([name, config]) => [name, collector(config)]),
    ),
  });
}

function site({ baseUrl: _, clientCertificate, ...config }: SiteConfig): unknown {
  const { apiKey, uri, ...rest } = config;
  return {
    ...mapping({ ...rest, uri: uri === "" ? "/" : uri }),
    ...(config.apiKeyFile === undefined ? mapping({ apiKey }) : {}),
    ...(clientCertificate ? certificateFiles(clientCertificate) : {}),
  };
}

function certificateFiles({ certFile, keyFile }: ClientCertificate): Record<string, string> {
  return { clientCertFile: certFile, clientKeyFile: keyFile };
}

function collector({ options, ...common }: CollectorConfig): unknown {
  return { ...mapping(common), ...options };
}

/**
 * A mapping with the keys and the values of the file. What is not set is left out, and so are
 * certificates: the file that they came from is there.
 */
function mapping(values: object): Record<string, unknown> {
  const entries: [string, unknown][] = Object.entries(values);
  const set = entries.filter(([, value]) => value !== undefined && !isPem(value));
  return Object.fromEntries(set.map(([key, value]) => {
    if (typeof value === "number" && key.endsWith("Ms")) {
      return [FILE_KEYS.get(key) ?? key.slice(0, -2), formatDuration(value)];
    }
    return [key, written(value)];
  }));
}

function isPem(value: unknown): boolean {
  return typeof value === "string" && value.includes("-----BEGIN ");
}

function written(value: unknown): unknown {
  if (value instanceof Secret) return String(value);
  if (Array.isArray(value)) return value.map(written);
  return typeof value === "object" && value !== null ? mapping(value) : value;
}
