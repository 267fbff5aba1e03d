/**
 * When something last happened: the start of a job, by action, and a success, by action and policy
 * type. A scheduler that stopped starting backups, and restores that were never tried, fail nothing.
 *
 * @module
 */
import * as v from "valibot";
import { familyBuilder } from "../metrics/family.ts";
import type { MetricFamily } from "../metrics/types.ts";
import type { Job } from "../netbackup/resources/job.ts";
import type { LabelBounds } from "./label_bounds.ts";
import {
  jobsLastStartedTimestampSeconds,
  jobsLastSuccessTimestampSeconds,
} from "./metrics/ledger.ts";
import { statusClass } from "./status_meanings.ts";

/** Times in milliseconds since the epoch. */
export const latestDocument = v.object({
  started: v.array(v.tuple([v.string(), v.number()])),
  succeeded: v.array(v.tuple([v.string(), v.string(), v.number()])),
});

/** The latest times seen, in whatever jobs were read, counted or not. */
export class Latest {
  readonly #started = new Map<string, number>();
  readonly #succeeded = new Map<string, Map<string, number>>();
  readonly #bounds: LabelBounds;
  #revision = 0;

  constructor(bounds: LabelBounds) {
    this.#bounds = bounds;
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Notes the row of a job.
   *
   * @param nowMs What is dated later is not believed to have happened.
   */
  see({ jobType, startTimeMs }: Job, nowMs: number): void {
    if (startTimeMs !== undefined && startTimeMs <= nowMs) {
      this.#keep(this.#started, this.#bounds.action(jobType), startTimeMs);
    }
  }

  /** Notes the end of a job. */
  end({ jobType, policyType, status }: Job, endMs: number, nowMs: number): void {
    if (statusClass(status) !== "success" || endMs > nowMs) return;
    const action = this.#bounds.action(jobType);
    let types = this.#succeeded.get(action);
    if (!types) this.#succeeded.set(action, types = new Map());
    this.#keep(types, this.#bounds.policyType(policyType), endMs);
  }

  build(site: string): MetricFamily[] {
    const started = familyBuilder(jobsLastStartedTimestampSeconds);
    for (const [action, ms] of this.#started) started.set({ site, action }, ms / 1000);
    const succeeded = familyBuilder(jobsLastSuccessTimestampSeconds);
    for (const [action, policy_type, ms] of this.#successes()) {
      succeeded.set({ site, action, policy_type }, ms / 1000);
    }
    return [started.build(), succeeded.build()];
  }

  serialize(): v.InferOutput<typeof latestDocument> {
    return { started: [...this.#started], succeeded: this.#successes() };
  }

  restore({ started, succeeded }: v.InferOutput<typeof latestDocument>): void {
    for (const [action, ms] of started) this.#keep(this.#started, action, ms);
    for (const [action, policyType, ms] of succeeded) {
      const types = this.#succeeded.get(action) ?? new Map<string, number>();
      this.#succeeded.set(action, types);
      this.#keep(types, policyType, ms);
    }
  }

  #successes(): [string, string, number][] {
    return [...this.#succeeded].flatMap(([action, types]) =>
      [...types].map(([policyType, ms]): [string, string, number] => [action, policyType, ms])
    );
  }

  #keep(times: Map<string, number>, key: string, ms: number): void {
    if (ms <= (times.get(key) ?? -Infinity)) return;
    times.set(key, ms);
    this.#revision++;
  }
}
