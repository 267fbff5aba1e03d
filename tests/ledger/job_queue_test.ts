import assert from "node:assert/strict";
import { jobQueue } from "../../src/ledger/job_queue.ts";
import type { Job } from "../../src/netbackup/resources/job.ts";

const START = Date.UTC(2026, 0, 1);

function jobOf(fields: Partial<Job>): Job {
  return {
    ...{ jobId: 1, parentJobId: 0, jobType: "BACKUP", policyType: "STANDARD", policyName: "p" },
    ...{ clientName: "c", scheduleName: "", scheduleType: "", state: "QUEUED", status: 0 },
    ...{ startTimeMs: START, endTimeMs: undefined, lastUpdateTimeMs: START },
    ...{ activeTryStartTimeMs: undefined, kilobytesTransferred: 0, kilobytesDataTransferred: 0 },
    ...{ numberOfFiles: 0, dedupRatio: undefined, transferRate: 0, tryNumber: 1, childCount: 0 },
    ...{ jobQueueReason: 0, storageUnit: "", ...fields },
  };
}

Deno.test("jobQueue() counts active and queued jobs, and finds what is queued longest", () => {
  assert.deepEqual(jobQueue([]), { active: 0, queued: 0, oldest: undefined, longest: [] });
  const { active, queued, oldest } = jobQueue([
    jobOf({ jobId: 1, state: "ACTIVE", startTimeMs: START - 99_000 }),
    jobOf({ jobId: 2, startTimeMs: START - 1000 }),
    jobOf({ jobId: 3, startTimeMs: START - 5000, jobQueueReason: 8 }),
    jobOf({ jobId: 4, startTimeMs: undefined }),
    jobOf({ jobId: 5, state: "SUSPENDED", startTimeMs: 0 }),
  ]);
  assert.deepEqual([active, queued], [1, 3]);
  assert.deepEqual(oldest, { jobId: 3, sinceMs: START - 5000, reason: "media in drive in use" });
});

Deno.test("jobQueue() names the active jobs that began first, without those that wait for others", () => {
  const jobs = Array.from(
    { length: 60 },
    (_, index) =>
      jobOf({
        jobId: index + 1,
        state: "ACTIVE",
        startTimeMs: START - index,
        scheduleName: "Full",
      }),
  );
  const { longest } = jobQueue([
    jobOf({ jobId: 98, state: "ACTIVE", startTimeMs: 0, childCount: 3 }),
    jobOf({ jobId: 99, state: "ACTIVE", startTimeMs: undefined }),
    ...jobs,
  ]);
  assert.equal(longest.length, 50);
  assert.deepEqual(longest[0], {
    ...{ jobId: 60, client: "c", policy: "p", schedule: "Full", action: "BACKUP" },
    sinceMs: START - 59,
  });
});

Deno.test("jobQueue() has words for reasons that are none, or not known", () => {
  const reasonOf = (jobQueueReason: number) => jobQueue([jobOf({ jobQueueReason })]).oldest?.reason;
  assert.equal(reasonOf(0), "no reason given");
  assert.equal(reasonOf(999), "reason 999");
});
