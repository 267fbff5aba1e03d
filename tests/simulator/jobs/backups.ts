/**
 * Finished backups, for the lists that tell of them: images, anomalies, capacity.
 *
 * @module
 */
import type { JobAttributes } from "./attributes.ts";
import type { JobStore } from "./store.ts";

/** What is made of finished jobs is up to date to the minute: going through all jobs is slow. */
const MINUTE_MS = 60_000;

/** Makes a function that finds the successful backups with data of their own. As long as they
 * are the same, so is the array. */
export function createFinishedBackups(
  store: JobStore,
): (nowMs: number) => readonly JobAttributes[] {
  let known: { minute: number; jobs: readonly JobAttributes[] } | undefined;
  const generated = (minute: number): readonly JobAttributes[] => {
    if (known?.minute === minute) return known.jobs;
    const jobs = [...store.generated.jobsAt(minute * MINUTE_MS)].filter(isBackup);
    known = { minute, jobs };
    return jobs;
  };
  return (nowMs) => {
    const fromWorld = generated(Math.floor(nowMs / MINUTE_MS));
    if (store.injected.history.size === 0) return fromWorld;
    const injected = [...store.injected.history.values()].flatMap((revisions) => {
      const row = revisions.findLast(({ atMs }) => atMs <= nowMs)?.row;
      return row && isBackup(row.attributes) ? [row.attributes] : [];
    });
    return [...fromWorld, ...injected];
  };
}

function isBackup({ jobType, state, status, childCount, clientName }: JobAttributes): boolean {
  return (jobType === "BACKUP" || jobType === "DBBACKUP") && state === "DONE" && status <= 1 &&
    childCount === 0 && clientName !== "";
}
