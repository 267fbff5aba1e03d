import assert from "node:assert/strict";
import { jobQueue } from "../../src/ledger/job_queue.ts";
import type { Job } from "../../src/netbackup/resources/job.ts";
import { jobOf } from "../testing/job.ts";

const START = Date.UTC(2026, 0, 1);

function queuedJob(fields: Partial<Job>): Job {
  return jobOf({
    policyName: "p",
    clientName: "c",
    state: "QUEUED",
    startTimeMs: START,
    lastUpdateTimeMs: START,
    ...fields,
  });
}

Deno.test("jobQueue() counts active and queued jobs, and finds what is queued longest", () => {
  assert.deepEqual(jobQueue([]), { active: 0, queued: 0, oldest: undefined, longest: [] });
  const { active, queued, oldest } = jobQueue([
    queuedJob({ jobId: 1, state: "ACTIVE", startTimeMs: START - 99_000 }),
    queuedJob({ jobId: 2, startTimeMs: START - 1000 }),
    queuedJob({ jobId: 3, startTimeMs: START - 5000, jobQueueReason: 8 }),
    queuedJob({ jobId: 4, startTimeMs: undefined }),
    queuedJob({ jobId: 5, state: "SUSPENDED", startTimeMs: 0 }),
  ]);
  assert.deepEqual([active, queued], [1, 3]);
  assert.deepEqual(oldest, { jobId: 3, sinceMs: START - 5000, reason: "media in drive in use" });
});

Deno.test("jobQueue() names the active jobs that began first, without those that wait for others", () => {
  const jobs = Array.from(
    { length: 60 },
    (_, index) =>
      queuedJob({
        jobId: index + 1,
        state: "ACTIVE",
        startTimeMs: START - index,
        scheduleName: "Full",
      }),
  );
  const { longest } = jobQueue([
    queuedJob({ jobId: 98, state: "ACTIVE", startTimeMs: 0, childCount: 3 }),
    queuedJob({ jobId: 99, state: "ACTIVE", startTimeMs: undefined }),
    ...jobs,
  ]);
  assert.equal(longest.length, 50);
  assert.deepEqual(longest[0], {
    ...{ jobId: 60, client: "c", policy: "p", schedule: "Full", action: "BACKUP" },
    sinceMs: START - 59,
  });
});

Deno.test("jobQueue() has words for reasons that are none, or not known", () => {
  const reasonOf = (jobQueueReason: number) =>
    jobQueue([queuedJob({ jobQueueReason })]).oldest?.reason;
  assert.equal(reasonOf(0), "no reason given");
  assert.equal(reasonOf(999), "reason 999");
});
