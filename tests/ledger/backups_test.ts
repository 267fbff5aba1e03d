import assert from "node:assert/strict";
import { createLedgerCollector } from "../../src/ledger/collector.ts";
import { valueOf } from "../testing/samples.ts";
import { contextOf } from "./_context.ts";
import { createMemoryCheckpoint } from "./_memory_checkpoint.ts";
import { ModelPrimary, type Revision } from "./_model.ts";

const OUTCOMES = ["first_try", "after_retry", "failed"];

function setUp() {
  const primary = new ModelPrimary(Date.UTC(2026, 0, 1, 12));
  const checkpoint = createMemoryCheckpoint();
  const make = () => createLedgerCollector({ site: "a", lookUpStatuses: false, checkpoint });
  const collector = make();
  const counts = async (from = collector) => {
    const { cumulative } = await from.collect(contextOf(primary));
    return OUTCOMES.map((outcome) => valueOf(cumulative, "nbu_backups_total", { outcome }));
  };
  const end = (fields: Partial<Revision>) => {
    primary.now += 1000;
    const jobId = primary.birth();
    primary.finish(jobId, fields);
    return jobId;
  };
  return { primary, make, counts, end };
}

Deno.test("nbu_backups_total is 0 from the start, and counts first tries, retries and failures", async () => {
  const { counts, end } = setUp();
  assert.deepEqual(await counts(), [0, 0, 0]);
  end({ status: 0 });
  end({ status: 1 });
  end({ status: 0, tries: 3 });
  for (const status of [96, 13, 150, 196]) end({ status, tries: 2 });
  assert.deepEqual(await counts(), [2, 1, 4]);
});

Deno.test("nbu_backups_total counts one backup once: children, not parents, and no other action", async () => {
  const { primary, counts, end } = setUp();
  await counts();
  const parentJobId = end({ childCount: 2, status: 1 });
  end({ parentJobId, status: 0 });
  end({ parentJobId, status: 96, tries: 2 });
  end({ parentJobId: 0, status: 156 });
  for (const jobType of ["RESTORE", "DUPLICATE", "DBBACKUP"]) end({ jobType, status: 0 });
  assert.deepEqual(await counts(), [1, 0, 2]);
  primary.now += 60_000;
  assert.deepEqual(await counts(), [1, 0, 2], "seen again, not counted again");
});

Deno.test("nbu_backups_total counts a resumed job by each of its ends", async () => {
  const { primary, counts, end } = setUp();
  await counts();
  const jobId = end({ status: 96 });
  assert.deepEqual(await counts(), [0, 0, 1]);
  primary.now += 60_000;
  primary.finish(jobId, { status: 0, tries: 2 });
  assert.deepEqual(await counts(), [0, 1, 1]);
});

Deno.test("nbu_backups_total continues after a restart", async () => {
  const { counts, make, end } = setUp();
  await counts();
  end({ status: 0 });
  assert.deepEqual(await counts(), [1, 0, 0]);
  end({ status: 96 });
  assert.deepEqual(await counts(make()), [1, 0, 1]);
});
