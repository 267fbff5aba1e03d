/**
 * Restores what was kept across restarts, before the first poll.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { startDeadline } from "../base/deadline.ts";
import { abortable } from "../base/signals.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { CollectorTask } from "./collector_task.ts";
import type { RunTimes } from "./run_times.ts";

/** Polling begins after this time, whatever the state directory is up to, in milliseconds. */
const MAX_RESTORE_MS = 15_000;

/** What restoring needs. */
export interface RestoreOptions {
  readonly runTimes: Pick<RunTimes, "load" | "of">;
  /** The collectors of the site, in the order in which they run first. */
  readonly tasks: Iterable<CollectorTask>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** Restores when the collectors of a site last succeeded, and their counters. Never throws. */
export async function restoreSite(
  { runTimes, tasks, clock, logger, signal }: RestoreOptions,
): Promise<void> {
  const restoreAll = async () => {
    await runTimes.load();
    for (const task of tasks) await task.restore(runTimes.of(task.collector.name));
  };
  using limit = startDeadline({
    clock,
    milliseconds: MAX_RESTORE_MS,
    reason: () => "restore timeout",
    signals: [signal],
  });
  try {
    await abortable(restoreAll(), limit.signal);
  } catch (error) {
    if (!limit.signal.aborted) throw error;
    if (!limit.expired) return; // The site is closed.
    logger.warn("reading the state directory timed out: polling without saved state");
  }
}
