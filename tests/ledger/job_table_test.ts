import assert from "node:assert/strict";
import fc from "fast-check";
import { type JobRecord, JobTable } from "../../src/ledger/job_table.ts";

function recordOf(jobId: number, value = jobId): JobRecord {
  return {
    jobId,
    endMs: 1.7e12 + value,
    updateMs: 1.7e12 + value + 0.5,
    key: value % 1000,
    kilobytes: 2 ** 40 + value,
    dataKilobytes: value,
    files: value,
    dedupRatio: value / 3,
    tries: value % 7,
    counted: value % 2 === 0,
    assumedEnd: value % 3 === 0,
  };
}

Deno.test("JobTable behaves like a map from job ids, whatever is added, changed and dropped", () => {
  const jobId = fc.oneof(fc.nat(300), fc.integer({ min: 2 ** 33, max: 2 ** 33 + 300 }));
  const step = fc.oneof(
    { weight: 20, arbitrary: fc.tuple(fc.constant("put"), jobId, fc.nat(1e6)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant("drop"), fc.integer({ min: 2, max: 5 }), jobId) },
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
    const table = new JobTable();
    const map = new Map<number, JobRecord>();
    for (const [kind, first, second] of steps) {
      if (kind === "put") {
        const record = recordOf(first, second);
        const row = table.find(first);
        if (row < 0) table.insert(record);
        else table.update(row, record);
        map.set(first, record);
      } else {
        table.retain((row) => table.jobId(row) % first !== 0);
        for (const id of map.keys()) if (id % first === 0) map.delete(id);
      }
    }
    assert.equal(table.size, map.size);
    for (const [id, record] of map) assert.deepEqual(table.record(table.find(id)), record);
    assert.equal(table.find(1e9), -1);
  }));
});

Deno.test("JobTable holds a hundred thousand jobs and forgets half of them", () => {
  const table = new JobTable();
  for (let jobId = 1; jobId <= 100_000; jobId++) {
    const row = table.insert(recordOf(jobId));
    if (jobId % 10 === 0) table.setOpen(row);
    table.setSeen(row, jobId);
  }
  table.retain((row) => table.jobId(row) % 2 === 0);
  assert.equal(table.size, 50_000);
  for (let jobId = 1; jobId <= 100_000; jobId += 7) {
    const row = table.find(jobId);
    assert.equal(row >= 0, jobId % 2 === 0, `${jobId}`);
    if (row < 0) continue;
    assert.deepEqual(table.record(row), recordOf(jobId));
    assert.equal(table.isOpen(row), jobId % 10 === 0);
    assert.equal(table.wasSeen(row, jobId), true);
    assert.equal(table.wasSeen(row, jobId + 1), false);
  }
});

Deno.test("JobTable remembers any number of tries, and takes an update for the end of a run", () => {
  const table = new JobTable();
  const row = table.insert({ ...recordOf(1), tries: 1e6 });
  assert.equal(table.tries(row), 1e6);
  table.setOpen(row);
  table.update(row, recordOf(1));
  assert.equal(table.isOpen(row), false);
});
