/**
 * The running jobs that people look at first.
 *
 * @module
 */
import type { JobQueue, OutcomesReader } from "../../collectors/collector.ts";
import { overruns } from "../../collectors/outcomes/durations.ts";
import type { RunningJob } from "./types.ts";

/** Jobs that are named. */
const MAX_RUNNING = 5;

/** Those that take much longer than usual first, then those that began first. */
export function runningJobs(
  { longest }: JobQueue,
  outcomes: OutcomesReader | undefined,
  now: number,
): RunningJob[] {
  const running = longest.map((job) => {
    const durationMs = Math.max(0, now - job.sinceMs);
    const usualMs = outcomes?.usualMs(job);
    return { ...job, durationMs, usualMs, overruns: overruns(durationMs, usualMs) };
  });
  return running
    .toSorted((a, b) => Number(b.overruns) - Number(a.overruns) || b.durationMs - a.durationMs)
    .slice(0, MAX_RUNNING);
}
