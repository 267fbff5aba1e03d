/**
 * What changed between two configurations, so that a reload restarts only that.
 *
 * @module
 */
import { Secret } from "../base/secret.ts";
import type { Config } from "./types.ts";

/** Differences of two configurations. Sites are named by their `site`. */
export interface ConfigDiff {
  /** In the new configuration only, in its order. */
  readonly sitesAdded: readonly string[];
  /** In the old configuration only, in its order. */
  readonly sitesRemoved: readonly string[];
  /** In both, with other settings or other contents of the files they name. */
  readonly sitesChanged: readonly string[];
  /** In both and the same in everything. */
  readonly sitesUnchanged: readonly string[];
  /** Address or port to listen on. */
  readonly listenChanged: boolean;
  /** Path of the metrics page. */
  readonly pathChanged: boolean;
  /** Level, format or log file. */
  readonly loggingChanged: boolean;
  /** Schedules (`scrapingInterval`, `collectionInterval`, `cacheTTL`) or the collectors' settings. */
  readonly collectionChanged: boolean;
  /** Export of traces. */
  readonly tracingChanged: boolean;
  /** Anything at all; the order of the sites alone is nothing. */
  readonly anythingChanged: boolean;
}

/** Compares two configurations by value. */
export function diffConfig(old: Config, next: Config): ConfigDiff {
  const before = new Map(old.sites.map((site) => [site.site, site]));
  const after = new Map(next.sites.map((site) => [site.site, site]));
  const kept = [...after.keys()].filter((site) => before.has(site));
  const isSame = (site: string) => sameValue(before.get(site), after.get(site));

  const changes = {
    sitesAdded: [...after.keys()].filter((site) => !before.has(site)),
    sitesRemoved: [...before.keys()].filter((site) => !after.has(site)),
    sitesChanged: kept.filter((site) => !isSame(site)),
    listenChanged: !sameValue(
      [old.server.host, old.server.port],
      [next.server.host, next.server.port],
    ),
    pathChanged: old.server.uri !== next.server.uri,
    loggingChanged: !sameValue(
      [old.logging, old.server.logFile],
      [next.logging, next.server.logFile],
    ),
    collectionChanged: !sameValue(
      [schedules(old), old.collectors],
      [schedules(next), next.collectors],
    ),
    tracingChanged: !sameValue(old.opentelemetry, next.opentelemetry),
  };
  return {
    ...changes,
    sitesUnchanged: kept.filter(isSame),
    anythingChanged: Object.values(changes).some((change) =>
      typeof change === "boolean" ? change : change.length > 0
    ),
  };
}

function schedules({ server }: Config): readonly number[] {
  return [server.scrapingIntervalMs, server.collectionIntervalMs, server.cacheTtlMs];
}

/**
 * Equality of plain data and secrets. General deep equality would look at a secret from outside
 * and find all of them equal.
 */
function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Secret || b instanceof Secret) {
    return a instanceof Secret && b instanceof Secret && a.equals(b);
  }
  if (Array.isArray(a) !== Array.isArray(b) || !isObject(a) || !isObject(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameValue(a[key], b[key]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
