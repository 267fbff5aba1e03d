/**
 * What a finding lacks, by the state of the collectors that it comes from.
 *
 * @module
 */
import type { CollectorSummary } from "../summary.ts";
import type { Finding, Gap, GapProblem } from "./types.ts";

/**
 * Makes a finding from what its collectors have published.
 *
 * @param sources Names of the collectors that it comes from.
 * @param collectors All that are on.
 * @param read Reads it; called only where a source has a result that is not too old.
 */
export function findingOf<T>(
  sources: readonly string[],
  collectors: readonly CollectorSummary[],
  read: () => T,
): Finding<T> {
  const times = collectors
    .filter((collector) => sources.includes(collector.name) && hasResult(collector))
    .map(({ lastSuccessAt }) => lastSuccessAt ?? 0);
  const value = times.length === 0 ? undefined : read();
  const asOf = value === undefined ? undefined : Math.min(...times);
  return { value, asOf, gaps: gapsOf(sources, collectors) };
}

/** What collectors do not give, or nothing new. */
export function gapsOf(sources: readonly string[], collectors: readonly CollectorSummary[]): Gap[] {
  return sources.flatMap((source) => {
    const gap = gapOf(source, collectors.find(({ name }) => name === source));
    return gap ? [gap] : [];
  });
}

function hasResult({ stale, lastSuccessAt, rows }: CollectorSummary): boolean {
  return !stale && lastSuccessAt !== undefined && rows !== undefined;
}

function gapOf(name: string, collector: CollectorSummary | undefined): Gap | undefined {
  const problem = collector === undefined ? "off" : problemOf(collector);
  if (problem === undefined) return undefined;
  return {
    collector: name,
    problem,
    since: collector?.failingSince ?? (problem === "stale" ? collector?.lastSuccessAt : undefined),
    progress: collector?.progress,
  };
}

function problemOf(
  { outcome, stale, everHadRows, progress }: CollectorSummary,
): GapProblem | undefined {
  if (stale) return "stale";
  if (outcome === "waiting") return progress === undefined ? "waiting" : "catching_up";
  if (outcome === "failed" || outcome === "unsupported") return outcome;
  if (progress !== undefined) return "catching_up";
  return everHadRows ? undefined : "empty";
}
