import assert from "node:assert/strict";
import { MAX_FAILURES } from "../../src/collectors/outcomes/failures.ts";
import { RecentOutcomes, RETENTION_MS } from "../../src/collectors/outcomes/outcomes.ts";
import type { Completion } from "../../src/ledger/completions.ts";
import { statusClass } from "../../src/ledger/status_meanings.ts";
import { createPause } from "../../src/state/json_pieces.ts";
import { createFakeJobs } from "./_fake_jobs.ts";

const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2026, 10, 20);

interface Night {
  readonly outcomes: RecentOutcomes;
  /** A job has ended; a successful backup of db01 at one o'clock unless told otherwise. */
  end(fields?: Partial<Completion>): void;
}

async function startNight(): Promise<Night> {
  const jobs = await createFakeJobs();
  const outcomes = new RecentOutcomes((status) => `meaning of ${status}`);
  jobs.subscribe((completion) => outcomes.observe(completion));
  return {
    outcomes,
    end(fields = {}) {
      const { status = 0 } = fields;
      jobs.end({ endMs: MIDNIGHT + HOUR, class: statusClass(status), ...fields });
    },
  };
}

/** The same after a restart: what was kept, as JSON. */
async function restarted(outcomes: RecentOutcomes): Promise<RecentOutcomes> {
  const kept = JSON.parse(JSON.stringify(await outcomes.section.serialize(createPause())));
  const next = new RecentOutcomes((status) => `meaning of ${status}`);
  assert.equal(await next.section.restore(kept, false, async () => {}), undefined);
  return next;
}

Deno.test("RecentOutcomes counts jobs by action and status, from the full hour on", async () => {
  const { outcomes, end } = await startNight();
  end({ endMs: MIDNIGHT - 1 });
  end({ endMs: MIDNIGHT });
  end();
  end({ status: 58 });
  end({ action: "RESTORE", status: 5 });
  const { fromMs, counts, failureCount } = outcomes.read(MIDNIGHT + 59 * 60_000);
  assert.equal(fromMs, MIDNIGHT);
  assert.deepEqual(counts, [
    { action: "BACKUP", status: 0, class: "success", meaning: "meaning of 0", jobs: 2 },
    { action: "BACKUP", status: 58, class: "failed", meaning: "meaning of 58", jobs: 1 },
    { action: "RESTORE", status: 5, class: "failed", meaning: "meaning of 5", jobs: 1 },
  ]);
  assert.equal(failureCount, 2);
});

Deno.test("RecentOutcomes lists jobs that failed or missed their window, the newest first, in words", async () => {
  const { outcomes, end } = await startNight();
  end({ jobId: 1, status: 58, client: "a", startMs: MIDNIGHT });
  end({ jobId: 2, status: 196, client: "b", endMs: MIDNIGHT + 2 * HOUR });
  end({ jobId: 3, status: 150 });
  end({ jobId: 4, status: 1 });
  end({ jobId: 5, status: 58, endMs: MIDNIGHT - HOUR });
  assert.deepEqual(outcomes.read(MIDNIGHT).failures, [
    {
      ...{ jobId: 2, client: "b", policy: "Gold", action: "BACKUP", status: 196 },
      ...{ meaning: "meaning of 196", class: "missed_window", startMs: undefined },
      ...{ endMs: MIDNIGHT + 2 * HOUR, recoveredMs: undefined },
    },
    {
      ...{ jobId: 1, client: "a", policy: "Gold", action: "BACKUP", status: 58 },
      ...{ meaning: "meaning of 58", class: "failed", startMs: MIDNIGHT },
      ...{ endMs: MIDNIGHT + HOUR, recoveredMs: undefined },
    },
  ]);
});

Deno.test("RecentOutcomes says when a later job for the same purpose succeeded", async () => {
  const { outcomes, end } = await startNight();
  end({ jobId: 1, status: 58 });
  end({ jobId: 2, status: 58, client: "other" });
  end({ endMs: MIDNIGHT });
  const recovered = () => outcomes.read(0).failures.map(({ recoveredMs }) => recoveredMs);
  assert.deepEqual(recovered(), [undefined, undefined], "one that ended before says nothing");
  end({ endMs: MIDNIGHT + 2 * HOUR, scheduleName: "Other" });
  assert.deepEqual(recovered(), [undefined, undefined], "nor does another schedule");
  end({ endMs: MIDNIGHT + 3 * HOUR, status: 1 });
  end({ endMs: MIDNIGHT + 4 * HOUR });
  assert.deepEqual(recovered(), [undefined, MIDNIGHT + 3 * HOUR]);
});

Deno.test("RecentOutcomes counts a job with jobs below it only where it failed by itself", async () => {
  const { outcomes, end } = await startNight();
  end({ jobId: 11, parentJobId: 10, level: "child", status: 58 });
  end({ jobId: 10, childCount: 2, status: 58 });
  assert.equal(outcomes.read(0).failureCount, 1, "the one below says it all");
  end({ jobId: 20, childCount: 2, status: 0 });
  assert.equal(outcomes.read(0).counts.length, 1);
  end({ jobId: 30, childCount: 2, status: 77 });
  assert.deepEqual(outcomes.read(0).failures.map(({ jobId }) => jobId), [30, 11]);
});

Deno.test("RecentOutcomes knows the jobs that took longest in any number of hours", async () => {
  const { outcomes, end } = await startNight();
  for (let minutes = 1; minutes <= 20; minutes++) {
    const endMs = MIDNIGHT + HOUR;
    end({ jobId: minutes, endMs, startMs: endMs - minutes * 60_000 });
  }
  end({ jobId: 99, endMs: MIDNIGHT - 1, startMs: MIDNIGHT - 9 * HOUR });
  end({ jobId: 98, startMs: undefined });
  const longest = (from: number) => outcomes.read(from).longest.map(({ jobId }) => jobId);
  assert.deepEqual(longest(MIDNIGHT), [20, 19, 18, 17, 16]);
  assert.deepEqual(longest(0), [99, 20, 19, 18, 17]);
  assert.equal(longest(0).length, 5);
});

Deno.test("RecentOutcomes names jobs that took much longer than those of their kind before", async () => {
  const { outcomes, end } = await startNight();
  const purpose = { client: "db01", policy: "Gold", schedule: "Full", action: "BACKUP" };
  let jobId = 0;
  const took = (minutes: number, fields: Partial<Completion> = {}) => {
    const endMs = MIDNIGHT + ++jobId * HOUR;
    end({ jobId, endMs, startMs: endMs - minutes * 60_000, ...fields });
  };
  took(20);
  took(500, { status: 58 });
  took(22);
  assert.equal(outcomes.usualMs(purpose), undefined, "two are too few, and failures do not count");
  took(60);
  assert.equal(outcomes.usualMs(purpose), 22 * 60_000, "the median");
  took(43);
  took(45);
  took(300);
  took(300, { client: "other" });
  const { overran } = outcomes.read(0);
  assert.deepEqual(overran.map(({ jobId }) => jobId), [7]);
  assert.deepEqual([overran[0]?.durationMs, overran[0]?.usualMs], [300 * 60_000, 43 * 60_000]);
  for (let runs = 0; runs < 7; runs++) took(1);
  took(9);
  assert.equal(outcomes.usualMs(purpose), 60_000, "the last seven count");
  assert.deepEqual(outcomes.read(0).overran.length, 1, "nine minutes more are no trouble");
  assert.deepEqual(outcomes.read(MIDNIGHT + 8 * HOUR).overran, []);
  const next = await restarted(outcomes);
  assert.equal(next.usualMs(purpose), 60_000);
  assert.deepEqual(next.read(0).overran, outcomes.read(0).overran);
});

Deno.test("RecentOutcomes keeps the newest failures, counts all, and forgets what is old", async () => {
  const { outcomes, end } = await startNight();
  for (let job = 1; job <= 2 * MAX_FAILURES; job++) {
    end({ jobId: job, status: 58, endMs: MIDNIGHT + job });
  }
  const { failures, failureCount } = outcomes.read(MIDNIGHT);
  assert.equal(failures.length, MAX_FAILURES);
  assert.equal(failures[0]?.jobId, 2 * MAX_FAILURES);
  assert.equal(failures.at(-1)?.jobId, MAX_FAILURES + 1);
  assert.equal(failureCount, 2 * MAX_FAILURES);
  const later = MIDNIGHT + RETENTION_MS + HOUR;
  outcomes.noteReading(later, later);
  const { counts, failures: left, longest } = outcomes.read(0);
  assert.deepEqual([counts, left, longest], [[], [], []]);
});

Deno.test("RecentOutcomes adds up what has too many statuses in one hour, and loses no job", async () => {
  const { outcomes, end } = await startNight();
  for (let status = 300; status < 700; status++) end({ status });
  const { counts, failureCount } = outcomes.read(0);
  assert.equal(counts.length, 201);
  assert.deepEqual(counts[0], {
    ...{ action: "other", status: undefined, class: "failed", meaning: "", jobs: 200 },
  });
  assert.equal(failureCount, 400);
});

Deno.test("RecentOutcomes says since when all jobs are known, and when they were last read", async () => {
  const { outcomes } = await startNight();
  assert.deepEqual([outcomes.read(0).sinceMs, outcomes.read(0).upToMs], [undefined, undefined]);
  outcomes.noteReading(MIDNIGHT, MIDNIGHT + 5);
  outcomes.noteReading(MIDNIGHT + HOUR, MIDNIGHT + HOUR + 5);
  const { sinceMs, upToMs } = outcomes.read(0);
  assert.deepEqual([sinceMs, upToMs], [MIDNIGHT + 5, MIDNIGHT + HOUR]);
});

Deno.test("RecentOutcomes is the same after a restart, and goes on from there", async () => {
  const { outcomes, end } = await startNight();
  end({ jobId: 1, status: 58, startMs: MIDNIGHT });
  end({ jobId: 2, status: 999, startMs: MIDNIGHT, client: "b" });
  end({ status: 58, client: "c", endMs: MIDNIGHT + 5 * HOUR });
  end({ client: "c", endMs: MIDNIGHT + 6 * HOUR });
  outcomes.noteReading(MIDNIGHT + 7 * HOUR, MIDNIGHT + 7 * HOUR);
  const next = await restarted(outcomes);
  assert.deepEqual(next.read(0), outcomes.read(0));
  const jobs = await createFakeJobs();
  jobs.subscribe((completion) => next.observe(completion));
  jobs.end({ endMs: MIDNIGHT + 8 * HOUR });
  assert.equal(
    next.read(0).failures.find(({ jobId }) => jobId === 1)?.recoveredMs,
    MIDNIGHT + 8 * HOUR,
  );
});
