import assert from "node:assert/strict";
import { LiveJobs } from "../../src/ledger/live_jobs.ts";
import type { Job } from "../../src/netbackup/resources/job.ts";
import { jobOf } from "../testing/job.ts";

function byId(...jobs: readonly Job[]): Map<number, Job> {
  return new Map(jobs.map((job) => [job.jobId, job]));
}

Deno.test("LiveJobs keeps the jobs of the last poll, without those that have ended since", () => {
  const live = new LiveJobs();
  assert.deepEqual([...live.values()], []);
  live.replace(byId(jobOf({ jobId: 1 }), jobOf({ jobId: 2 })));
  live.delete(1);
  assert.deepEqual([...live.values()].map(({ jobId }) => jobId), [2]);
  live.replace(byId(jobOf({ jobId: 1 }), jobOf({ jobId: 3 })));
  assert.deepEqual([...live.values()].map(({ jobId }) => jobId), [1, 3]);
});

Deno.test("LiveJobs keeps of each job what is shown of it", () => {
  const live = new LiveJobs();
  const job = jobOf({ jobId: 7, clientName: "app01", policyName: "gold", storageUnit: "stu" });
  live.replace(byId(job));
  const [kept] = live.values();
  assert.ok(kept);
  assert.deepEqual({ ...job, ...kept }, job);
  assert.equal(kept.clientName, "app01");
  assert.equal(kept.storageUnit, "stu");
  assert.ok(!("kilobytesTransferred" in kept));
});
