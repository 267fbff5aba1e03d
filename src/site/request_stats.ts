/**
 * Counts what one site's client does on the wire.
 *
 * @module
 */
import {
  apiRequestDurationSeconds,
  apiRequestsTotal,
  apiRetriesTotal,
  apiRowsRejectedTotal,
  REQUEST_DURATION_BOUNDS,
  responseTimeMs,
} from "../metrics/catalogue.ts";
import { familyBuilder, singleSample } from "../metrics/family.ts";
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
 * @param monotonic Milliseconds of a clock that never goes backwards.
 */
export function createRequestStats(
  site: string,
  endpoints: readonly string[],
  monotonic: () => number,
): RequestStats {
  const requests = familyBuilder(apiRequestsTotal);
  const retries = familyBuilder(apiRetriesTotal);
  const rejected = familyBuilder(apiRowsRejectedTotal);
  const durations = histogramFamily(apiRequestDurationSeconds, REQUEST_DURATION_BOUNDS);
  const recent = new RecentCount(monotonic);
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
      const families = [requests.build(), durations.build(), retries.build(), rejected.build()];
      if (lastSeconds !== undefined) {
        families.push(singleSample(responseTimeMs, { site }, lastSeconds * 1000));
      }
      return families;
    },
    inLastHour: () => recent.count(),
  };
}
