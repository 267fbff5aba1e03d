/**
 * The jobs that have not ended, as gauges.
 *
 * @module
 */
import { jobsQueuedCount, jobsStateCount } from "./metrics/jobs.ts";
import {
  jobQueueReasonInfo,
  jobsActiveThroughputBytesPerSecond,
  jobsCurrent,
  jobsOldestActiveTimestampSeconds,
  jobsOldestQueuedTimestampSeconds,
} from "./metrics/ledger.ts";
import { familyBuilder } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import { DOCUMENTED_STATES } from "./documented_values.ts";
import type { LabelBounds } from "./label_bounds.ts";
import type { LiveJob } from "./live_jobs.ts";
import { queueReasonName } from "./queue_reasons.ts";

const BYTES_PER_KILOBYTE = 1024;

/** What the live gauges are made from. */
export interface LiveInput {
  readonly site: string;
  readonly unfinished: Iterable<LiveJob>;
  readonly bounds: LabelBounds;
  /** Jobs that ended within the window, by action: they are a state too, under the old name. */
  readonly doneByAction: ReadonlyMap<string, number>;
  /** Every action seen so far: they have zeros where there is nothing to count. */
  readonly actions: ReadonlySet<string>;
  /** Every queue reason seen so far. */
  readonly reasons: ReadonlySet<string>;
}

/** The gauges of the jobs as they are now. */
export function liveFamilies(
  { site, unfinished, bounds, doneByAction, actions, reasons }: LiveInput,
): MetricFamily[] {
  const byState = familyBuilder(jobsStateCount);
  const current = familyBuilder(jobsCurrent);
  const queued = familyBuilder(jobsQueuedCount);
  const throughput = familyBuilder(jobsActiveThroughputBytesPerSecond);
  const info = familyBuilder(jobQueueReasonInfo);
  const oldestQueued = new Map<string, number>();
  const oldestActive = new Map<string, number>();
  for (const [action, count] of doneByAction) byState.add({ site, action, state: "DONE" }, count);
  for (const action of actions) {
    for (const state of DOCUMENTED_STATES) current.add({ site, action, state }, 0);
    throughput.add({ site, action }, 0);
  }
  for (const job of unfinished) {
    const action = bounds.action(job.jobType);
    const state = bounds.state(job.state);
    byState.add({ site, action, state }, 1);
    current.add({ site, action, state }, 1);
    if (state === "QUEUED") {
      queued.add({ site, action, reason: bounds.reason(job.jobQueueReason) }, 1);
      setOldest(oldestQueued, action, job);
    } else if (state === "ACTIVE") {
      setOldest(oldestActive, action, job);
      // The rate of a parent is that of its children once more.
      if (job.childCount === 0) {
        throughput.add({ site, action }, job.transferRate * BYTES_PER_KILOBYTE);
      }
    }
  }
  for (const reason of reasons) {
    info.set({ site, reason, name: queueReasonName(Number(reason)) }, 1);
  }
  const queuedSince = familyBuilder(jobsOldestQueuedTimestampSeconds);
  for (const [action, ms] of oldestQueued) queuedSince.set({ site, action }, ms / 1000);
  const activeSince = familyBuilder(jobsOldestActiveTimestampSeconds);
  for (const [action, ms] of oldestActive) activeSince.set({ site, action }, ms / 1000);
  return [byState, current, queued, queuedSince, activeSince, throughput, info]
    .map((family) => family.build());
}

function setOldest(oldest: Map<string, number>, action: string, { startTimeMs }: LiveJob): void {
  if (startTimeMs === undefined) return;
  oldest.set(action, Math.min(startTimeMs, oldest.get(action) ?? Infinity));
}
