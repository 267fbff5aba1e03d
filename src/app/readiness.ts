/**
 * What the health routes say of all sites together.
 *
 * @module
 */
import type { Readiness } from "../server/state.ts";
import type { SiteSummary } from "../site/summary.ts";

/** The exporter is ready after this time, whatever sites it still waits for, in milliseconds. */
const READY_WITHIN_MS = 15_000;

/** Whether any site is reachable; one that was not asked yet counts as reachable. */
export function healthOf(
  sites: readonly Pick<SiteSummary, "up">[],
): "ok" | "unreachable" {
  return sites.some(({ up }) => up !== false) ? "ok" : "unreachable";
}

/**
 * Whether the exporter has collected from every site once.
 *
 * @param runningMs How long it has been running, in milliseconds.
 */
export function readinessOf(
  sites: readonly Pick<SiteSummary, "site" | "firstCycleEnded">[],
  runningMs: number,
): Readiness {
  const waitingFor = sites.filter(({ firstCycleEnded }) => !firstCycleEnded)
    .map(({ site }) => site);
  // A primary that does not answer takes minutes to fail, and must not hold up all the others.
  const waited = runningMs >= READY_WITHIN_MS;
  return { ready: waited || waitingFor.length === 0, waitingFor };
}
