/**
 * How long the jobs of each policy take, and which of those that run now take longer than nearly all
 * before them.
 *
 * Of each action, policy and schedule type the lengths of the newest completions with status 0 or 1
 * are kept: a full backup takes longer than an incremental one, and what failed early says nothing.
 * The length is that of the last try, without the wait in the queue. Parents are left out: they take
 * as long as their children.
 *
 * @module
 */
import * as v from "valibot";
import { setBounded } from "../base/bounded_map.ts";
import { familyBuilder } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { Job } from "../netbackup/resources/job.ts";
import { defineSection } from "../state/section.ts";
import type { LabelBounds } from "./label_bounds.ts";
import type { LiveJob } from "./live_jobs.ts";
import { jobsOverrunning } from "./metrics/ledger.ts";
import { isSuccess, statusClass } from "./status_meanings.ts";

/** Lengths kept of each policy. */
const MAX_LENGTHS = 40;

/** A policy with fewer says nothing yet. */
const MIN_LENGTHS = 10;

/** Policies by action and schedule type; those without a completion for longest give way. */
const MAX_POLICIES = 5000;

/** What nearly all of them do not exceed. */
const QUANTILE = 0.95;

/** Action, policy, schedule type, and the lengths in seconds, the oldest first. */
const document = v.pipe(
  v.array(
    v.tuple([
      v.string(),
      v.string(),
      v.string(),
      v.pipe(v.array(v.pipe(v.number(), v.minValue(0))), v.maxLength(MAX_LENGTHS)),
    ]),
  ),
  v.maxLength(MAX_POLICIES),
);

/** See `document`. */
type Document = v.InferOutput<typeof document>;

type Policy = Pick<Job, "jobType" | "policyName" | "scheduleType">;

/** The newest lengths of one policy's jobs. */
interface Lengths extends Policy {
  /** In seconds, the oldest first. */
  readonly seconds: number[];
  /** Undefined = to be worked out. */
  limitMs: number | undefined;
}

/** What is known of the lengths of one site's jobs. */
export class RunLengths {
  readonly #policies = new Map<string, Lengths>();
  /** Policies that have changed since they were written last; undefined = they were not. */
  #changed: Set<string> | undefined;
  /** Its part of the checkpoint. */
  readonly section = defineSection<Document>({
    name: "runLengths",
    version: 1,
    schemas: { 1: document },
    serialize: () => this.#serialize(() => true),
    serializeChanges: () => {
      const changed = this.#changed;
      return Promise.resolve(changed && this.#serialize((policy) => changed.has(keyOf(policy))));
    },
    written: () => this.#changed = new Set(),
    restore: (content, _stale, changes) => this.#restore([...content, ...changes.flat()]),
  });

  /** Takes in a job that has ended. */
  observe(job: Job, endMs: number): void {
    const beginMs = beginOf(job);
    if (!isSuccess(statusClass(job.status))) return;
    if (!isOfPolicy(job) || beginMs === undefined || endMs < beginMs) return;
    const lengths = this.#lengthsOf(job);
    this.#changed?.add(keyOf(job));
    lengths.seconds.push(Math.round((endMs - beginMs) / 1000));
    if (lengths.seconds.length > MAX_LENGTHS) lengths.seconds.shift();
    lengths.limitMs = undefined;
  }

  /**
   * How many active jobs run longer than the 95th percentile of their own policy.
   *
   * @param unfinished Jobs that have not ended.
   * @param actions Every action seen so far: it has a 0 where there is nothing to count.
   * @param nowMs The primary's present time.
   */
  overrunning(
    site: string,
    unfinished: Iterable<LiveJob>,
    { actions, bounds, nowMs }: {
      readonly actions: Iterable<string>;
      readonly bounds: LabelBounds;
      readonly nowMs: number;
    },
  ): MetricFamily {
    const family = familyBuilder(jobsOverrunning);
    for (const action of actions) family.add({ site, action }, 0);
    for (const job of unfinished) {
      const beginMs = beginOf(job);
      if (job.state !== "ACTIVE" || !isOfPolicy(job) || beginMs === undefined) continue;
      const lengths = this.#policies.get(keyOf(job));
      if (!lengths || nowMs - beginMs <= limitOf(lengths)) continue;
      family.add({ site, action: bounds.action(job.jobType) }, 1);
    }
    return family.build();
  }

  /** The policy, as the newest of all. */
  #lengthsOf({ jobType, policyName, scheduleType }: Policy): Lengths {
    const key = keyOf({ jobType, policyName, scheduleType });
    const lengths = this.#policies.get(key) ??
      { jobType, policyName, scheduleType, seconds: [], limitMs: undefined };
    setBounded(this.#policies, key, lengths, MAX_POLICIES);
    return lengths;
  }

  #serialize(isWanted: (policy: Policy) => boolean): Document {
    return [...this.#policies.values()].filter(isWanted).map((
      { jobType, policyName, scheduleType, seconds },
    ) => [jobType, policyName, scheduleType, [...seconds]]);
  }

  #restore(content: Document): void {
    for (const [jobType, policyName, scheduleType, seconds] of content) {
      const lengths = this.#lengthsOf({ jobType, policyName, scheduleType });
      lengths.seconds.splice(0, Infinity, ...seconds);
    }
  }
}

/** Without a policy there is nothing to compare with. */
function isOfPolicy({ policyName, childCount }: LiveJob): boolean {
  return policyName !== "" && childCount === 0;
}

/** When the last try began to work; jobs that do not tell began with their start. */
function beginOf({ startTimeMs, activeTryStartTimeMs }: LiveJob): number | undefined {
  return activeTryStartTimeMs ?? startTimeMs;
}

/** The 95th percentile by the nearest rank; infinite while there are too few. */
function limitOf(lengths: Lengths): number {
  return lengths.limitMs ??= percentileMs(lengths.seconds);
}

function percentileMs(seconds: readonly number[]): number {
  if (seconds.length < MIN_LENGTHS) return Infinity;
  const sorted = seconds.toSorted((a, b) => a - b);
  return (sorted[Math.ceil(QUANTILE * sorted.length) - 1] ?? Infinity) * 1000;
}

function keyOf({ jobType, policyName, scheduleType }: Policy): string {
  return JSON.stringify([jobType, policyName, scheduleType]);
}
