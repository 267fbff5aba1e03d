/**
 * Counts what one site's client does on the wire.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import {
  apiRequestDurationSeconds,
  apiRequestsTotal,
  apiRetriesTotal,
  apiRowsRejectedTotal,
  REQUEST_DURATION_BOUNDS,
  responseTimeMs,
} from "../metrics/catalogue.ts";
import { createdAt, familyBuilder, singleSample } from "../metrics/family.ts";
import { histogramFamily } from "../metrics/histogram.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { RequestObserver } from "../netbackup/api.ts";
import { RecentCount } from "./recent_count.ts";

/** The figures of one site. They outlive its client, so that a reload does not reset counters. */
export interface RequestStats extends RequestObserver {
  /** Grows with each change. */
  readonly revision: number;
  /** The families as they stand. */
  families(): MetricFamily[];
  /** Requests in the last hour, each try for itself. */
  inLastHour(): number;
}

/**
 * Starts the figures of one site at 0.
 *
 * @param site Value of the label `site`.
 * @param endpoints Endpoints whose counters of retries and rejected rows exist from the start.
 * @param clock Its time now is that of the begin of all counters.
 */
export function createRequestStats(
  site: string,
  endpoints: readonly string[],
  clock: Pick<Clock, "now" | "monotonic">,
): RequestStats {
  const requests = familyBuilder(apiRequestsTotal);
  const retries = familyBuilder(apiRetriesTotal);
  const rejected = familyBuilder(apiRowsRejectedTotal);
  const durations = histogramFamily(apiRequestDurationSeconds, REQUEST_DURATION_BOUNDS);
  const recent = new RecentCount(() => clock.monotonic());
  const createdSeconds = clock.now() / 1000;
  let lastSeconds: number | undefined;
  let revision = 0;
  for (const endpoint of endpoints) {
    retries.add({ site, endpoint }, 0);
    rejected.add({ site, endpoint }, 0);
  }
  return {
    get revision() {
      return revision;
    },
    request(endpoint, code, durationSeconds, responded) {
      revision++;
      recent.add();
      requests.add({ site, endpoint, code }, 1);
      durations.observe({ site, endpoint }, durationSeconds);
      // A refused connection takes no time, which says nothing about the primary.
      if (responded) lastSeconds = durationSeconds;
    },
    retry(endpoint) {
      revision++;
      retries.add({ site, endpoint }, 1);
    },
    rowsRejected(endpoint, count) {
      revision++;
      rejected.add({ site, endpoint }, count);
    },
    families() {
      const families = [requests, durations, retries, rejected]
        .map((family) => createdAt(family.build(), createdSeconds));
      if (lastSeconds !== undefined) {
        families.push(singleSample(responseTimeMs, { site }, lastSeconds * 1000));
      }
      return families;
    },
    inLastHour: () => recent.count(),
  };
}
