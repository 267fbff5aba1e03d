/**
 * How many sites are in which state.
 *
 * @module
 */
import { SITE_STATES, type SiteState, type SiteStatus } from "./site_status.ts";

/** Number of sites by state. */
export type StateCounts = Readonly<Record<SiteState, number>>;

/** Counts sites by state. */
export function countStates(sites: readonly SiteStatus[]): StateCounts {
  const counts = { down: 0, degraded: 0, starting: 0, up: 0 };
  for (const { state } of sites) counts[state]++;
  return counts;
}

/** The counts as a headline: `34 up, 6 down`. A site that is up with failures is up. */
export function headline({ down, degraded, starting, up }: StateCounts): string {
  const parts = [`${up + degraded} up`];
  if (down > 0) parts.push(`${down} down`);
  if (starting > 0) parts.push(`${starting} starting`);
  return parts.join(", ");
}

/** The state that a text names; undefined where it names none. */
export function parseState(text: string | undefined): SiteState | undefined {
  return SITE_STATES.find((state) => state === text);
}
