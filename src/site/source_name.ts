/**
 * Under which names the sites publish, so that the page of some of them can be made.
 *
 * @module
 */

/** What a collector publishes: gauges that get too old, and counters that stay. */
export const RESULT_KINDS = ["gauges", "totals"] as const;

/** What a site publishes about itself. */
export const SITE_PARTS = ["health", "live", "space"] as const;

/** Name under which a part of a site publishes; names of sites are free text. */
export function sourceName(site: string, ...part: readonly string[]): string {
  return JSON.stringify([site, ...part]);
}

/** All names under which a site publishes about itself and about these collectors. */
export function sourceNames(site: string, collectors: readonly string[]): string[] {
  return [
    ...SITE_PARTS.map((part) => sourceName(site, part)),
    ...collectors.flatMap((name) => RESULT_KINDS.map((kind) => sourceName(site, name, kind))),
  ];
}
