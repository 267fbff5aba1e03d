import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { jobSchema, plainJob } from "../../../src/netbackup/resources/job_schema.ts";

const USUAL: Readonly<Record<string, unknown>> = {
  jobId: 7,
  parentJobId: 0,
  jobType: "BACKUP",
  policyType: "STANDARD",
  policyName: "p",
  clientName: "c",
  scheduleName: "s",
  scheduleType: "FULL_BACKUP",
  state: "DONE",
  status: 0,
  startTime: "2026-01-01T10:00:00.000Z",
  endTime: "2026-01-01T11:00:00.000Z",
  lastUpdateTime: "2026-01-01T11:00:00.123Z",
  activeTryStartTime: "2026-01-01T10:00:01.000Z",
  kilobytesTransferred: 2 ** 40,
  kilobytesDataTransferred: 5,
  numberOfFiles: 3,
  dedupRatio: 93.1,
  transferRate: 10,
  try: 1,
  childCount: 0,
  jobQueueReason: -99,
  destinationStorageUnitName: "stu_msdp_01",
};

const row = (attributes: Record<string, unknown>) => ({ type: "job", id: "7", attributes });

/** What a field of a careless server may hold. */
const oddity = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    "",
    "7",
    "-1",
    -1,
    0,
    1.5,
    1e300,
    true,
    {},
    [],
    "1970-01-01T00:00:00.000Z",
    "2026-13-01T00:00:00.000Z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.000+0100",
    "2026x01x01T00:00:00.000Z",
    1767261600000,
    1767261600,
  ),
  fc.string(),
  fc.double(),
);

Deno.test("plainJob() knows the usual row, with a schedule or without", () => {
  assert.equal(plainJob(row({ ...USUAL }))?.scheduleName, "s");
  const without = plainJob(row({ ...USUAL, scheduleName: undefined, scheduleType: null }));
  assert.deepEqual([without?.scheduleName, without?.scheduleType], ["", ""]);
});

Deno.test("plainJob() and the schema never disagree on a job", () => {
  const changes = fc.dictionary(fc.constantFrom(...Object.keys(USUAL)), oddity, { maxKeys: 3 });
  let quick = 0;
  fc.assert(
    fc.property(changes, (changed) => {
      const odd = row({ ...USUAL, ...changed });
      const job = plainJob(odd);
      if (job === undefined) return;
      quick += 1;
      const parsed = v.safeParse(jobSchema, odd);
      assert.ok(parsed.success);
      assert.deepEqual(job, parsed.output);
    }),
    { numRuns: 5000 },
  );
  assert.ok(quick > 100, "some of them went the quick way");
});

Deno.test("plainJob() leaves what is no row to the schema", () => {
  for (const odd of [null, 5, "x", [], {}, { attributes: [] }, { attributes: null }]) {
    assert.equal(plainJob(odd), undefined);
  }
});
