/**
 * All jobs of a simulated primary: the generated ones, and those a test added or took over.
 *
 * @module
 */
import { createGeneratedJobs, type GeneratedJobs, type WorldSettings } from "../world/generated.ts";
import {
  changedJob,
  createInjectedJobs,
  type InjectedJobs,
  type JobInput,
  newJob,
} from "./injected.ts";
import type { JobRow, JobSource } from "./source.ts";

/** Jobs, and the ways to change them. */
export interface JobStore {
  readonly generated: GeneratedJobs;
  readonly injected: InjectedJobs;
  /** The sources, moved to the present time. */
  sources(): readonly JobSource[];
  /** The job as it is now. */
  row(jobId: number): JobRow | undefined;
  /** @returns Its job id: the one asked for, or a new one. */
  add(input: JobInput): number;
  /** @throws RangeError When there is no such job. */
  update(jobId: number, input: JobInput): void;
  /** @throws RangeError When there is no such job. */
  remove(jobId: number): void;
  /** Takes all jobs away and ends the generation of new ones. */
  clear(): void;
}

/** Ids of added jobs beside generated ones, which lie below. */
const FIRST_ADDED = 2_000_000_001;

/** Makes the store. */
export function createJobStore(world: WorldSettings, now: () => number): JobStore {
  const generated = createGeneratedJobs(world);
  const injected = createInjectedJobs(now);
  let nextId = world.jobsPerHour > 0 ? FIRST_ADDED : 1;

  const sources = () => {
    generated.advance(now());
    return [generated, injected];
  };
  const row = (jobId: number) => {
    sources();
    return injected.row(jobId) ?? generated.row(jobId);
  };
  return {
    generated,
    injected,
    sources,
    row,
    add(input) {
      const jobId = input.jobId ?? nextId;
      nextId = Math.max(nextId, jobId + 1);
      sources();
      generated.hide(jobId);
      injected.set(newJob(jobId, input, now()));
      return jobId;
    },
    update(jobId, input) {
      const before = row(jobId);
      if (!before) throw new RangeError(`There is no job ${jobId} to update`);
      generated.hide(jobId);
      injected.set(changedJob(before, input, now()));
    },
    remove(jobId) {
      sources();
      if (!injected.remove(jobId) && !generated.hide(jobId)) {
        throw new RangeError(`There is no job ${jobId} to remove`);
      }
    },
    clear() {
      generated.hideAll();
      injected.clear();
    },
  };
}
