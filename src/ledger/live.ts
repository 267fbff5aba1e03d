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
  const states = new Tally();
  const queueReasons = new Tally();
  const rates = new Map<string, number>();
  const oldestQueued = new Map<string, number>();
  const oldestActive = new Map<string, number>();
  for (const job of unfinished) {
    const action = bounds.action(job.jobType);
    const state = bounds.state(job.state);
    states.count(action, state);
    if (state === "QUEUED") {
      queueReasons.count(action, bounds.reason(job.jobQueueReason));
      setOldest(oldestQueued, action, job);
    } else if (state === "ACTIVE") {
      setOldest(oldestActive, action, job);
      // The rate of a parent is that of its children once more.
      if (job.childCount === 0) {
        const rate = job.transferRate * BYTES_PER_KILOBYTE;
        rates.set(action, (rates.get(action) ?? 0) + rate);
      }
    }
  }
  for (const [action, count] of doneByAction) byState.add({ site, action, state: "DONE" }, count);
  for (const action of actions) {
    for (const state of DOCUMENTED_STATES) current.add({ site, action, state }, 0);
    throughput.add({ site, action }, 0);
  }
  for (const [action, state, count] of states.all()) {
    byState.add({ site, action, state }, count);
    current.add({ site, action, state }, count);
  }
  for (const [action, reason, count] of queueReasons.all()) {
    queued.add({ site, action, reason }, count);
  }
  for (const [action, rate] of rates) throughput.add({ site, action }, rate);
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

/** Counts by two values. A series is looked up once for each pair, not once for each job. */
class Tally {
  readonly #counts = new Map<string, Map<string, number>>();

  count(first: string, second: string): void {
    let counts = this.#counts.get(first);
    if (!counts) this.#counts.set(first, counts = new Map());
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }

  *all(): Generator<[string, string, number]> {
    for (const [first, counts] of this.#counts) {
      for (const [second, count] of counts) yield [first, second, count];
    }
  }
}

function setOldest(oldest: Map<string, number>, action: string, { startTimeMs }: LiveJob): void {
  if (startTimeMs === undefined) return;
  oldest.set(action, Math.min(startTimeMs, oldest.get(action) ?? Infinity));
}
