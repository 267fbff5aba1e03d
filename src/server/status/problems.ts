/**
 * What is wrong with a site. A primary that is down fails all collectors for one reason: that is one
 * problem.
 *
 * @module
 */
import type { CollectorSummary } from "../../site/summary.ts";

/** Something that is wrong. */
export interface SiteProblem {
  /** Value of the label `reason`, or `stale`. */
  readonly reason: string;
  /** What happened, in full. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly remedy: string;
  /** Names of the collectors that have it. */
  readonly collectors: readonly string[];
  /** Since when, in milliseconds since the epoch; undefined where that is not known. */
  readonly since: number | undefined;
}

const STALE = {
  reason: "stale",
  message: "series withdrawn: last result is too old",
  remedy: "See how long the collector takes; lengthen its interval.",
};

/** The problems of a site, one for each reason, in the order of the collectors. */
export function problemsOf(collectors: readonly CollectorSummary[]): SiteProblem[] {
  const byReason = new Map<string, SiteProblem>();
  for (const { name, failure, failingSince, stale } of collectors) {
    const found = failure ?? (stale ? STALE : undefined);
    if (!found) continue;
    const known = byReason.get(found.reason);
    byReason.set(found.reason, {
      ...(known ?? found),
      collectors: [...known?.collectors ?? [], name],
      since: earliest(known?.since, failingSince),
    });
  }
  return [...byReason.values()];
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? a ?? b : Math.min(a, b);
}
