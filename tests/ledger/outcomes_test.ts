import assert from "node:assert/strict";
import { createLedgerCollector } from "../../src/ledger/collector.ts";
import { valueOf } from "../testing/samples.ts";
import { contextOf } from "./_context.ts";
import { ModelPrimary } from "./_model.ts";

function setUp() {
  const primary = new ModelPrimary(Date.UTC(2026, 0, 1, 12));
  const context = contextOf(primary, { primaryTime: () => undefined });
  const collector = createLedgerCollector({ site: "a", lookUpStatuses: false });
  return { primary, collect: () => collector.collect(context) };
}

const outcome = (action: string, name: string) =>
  [
    "nbu_jobs_outcome_total",
    { action, class: name },
  ] as const;

Deno.test("ledger shows every class of outcome as 0 before anything has ended, so that increase() sees the first", async () => {
  const { primary, collect } = setUp();
  primary.birth({ jobType: "INDEXING" });
  const before = (await collect()).cumulative;
  for (const action of ["BACKUP", "RESTORE", "INDEXING"]) {
    for (const name of ["success", "partial", "failed", "cancelled", "missed_window"]) {
      assert.equal(valueOf(before, ...outcome(action, name)), 0, `${action} ${name}`);
    }
  }
  for (const status of [0, 0, 1, 96, 13, 150, 196]) {
    primary.now += 1000;
    primary.finish(primary.birth({ jobType: "RESTORE" }), { status });
  }
  const after = (await collect()).cumulative;
  const counts = ["success", "partial", "failed", "cancelled", "missed_window"].map((name) =>
    valueOf(after, ...outcome("RESTORE", name))
  );
  assert.deepEqual(counts, [2, 1, 2, 1, 1]);
});

Deno.test("ledger publishes every new counter as 0 once before its value", async () => {
  const { primary, collect } = setUp();
  await collect();
  const completed = (status: string) =>
    ["nbu_jobs_completed_total", { status, action: "BACKUP" }] as const;
  const jobId = primary.birth();
  primary.now += 60_000;
  primary.finish(jobId, { status: 96, kilobytes: 3 });
  const first = (await collect()).cumulative;
  assert.equal(valueOf(first, ...completed("96")), 0);
  assert.equal(valueOf(first, "nbu_jobs_protected_bytes_total"), 0);
  assert.equal(valueOf(first, "nbu_job_duration_seconds", {}, "_count"), 0);
  const second = (await collect()).cumulative;
  assert.equal(valueOf(second, ...completed("96")), 1);
  assert.equal(valueOf(second, "nbu_jobs_protected_bytes_total"), 3072);
  assert.equal(valueOf(second, "nbu_job_duration_seconds", {}, "_count"), 1);
  primary.now += 5000;
  primary.finish(primary.birth(), { status: 96 });
  assert.equal(valueOf((await collect()).cumulative, ...completed("96")), 2, "known by now");
});
