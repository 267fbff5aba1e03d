import assert from "node:assert/strict";
import { compileFilter } from "./filter/compile.ts";
import { FilterError } from "./filter/error.ts";
import { parseFilter } from "./filter/parser.ts";
import { parseSort } from "./filter/sort.ts";
import { JOB_COUNT_FIELDS, jobFilterFields, jobSortFields } from "./jobs/fields.ts";
import { STORAGE_UNIT_FILTERS } from "./storage/fields.ts";

const JOB = {
  jobId: 7,
  state: "DONE",
  status: 1,
  clientName: 'O\'Brien "x" | y',
  policyName: "prod-gold",
  endTime: "2026-01-02T03:04:05.678Z",
  dedupRatio: 93.5,
  jobQueueReason: 5,
  elapsedTime: "PT1H2M3S",
  offHostType: "NDMP",
};

const holds = (filter: string, row: Record<string, unknown> = JOB, table = jobFilterFields(14)) =>
  compileFilter(parseFilter(filter), table)(row);

Deno.test("filter: comparisons hold for exactly the values they should", () => {
  const expected: Record<string, string[]> = {
    "status eq": ["1"],
    "status ne": ["0", "2"],
    "status lt": ["2"],
    "status le": ["1", "2"],
    "status gt": ["0"],
    "status ge": ["0", "1"],
  };
  for (const [test, trueFor] of Object.entries(expected)) {
    for (const value of ["0", "1", "2"]) {
      assert.equal(holds(`${test} ${value}`), trueFor.includes(value), `${test} ${value}`);
    }
  }
});

Deno.test("filter: date-times compare to the millisecond and with or without fractions", () => {
  assert.equal(holds("endTime ge 2026-01-02T03:04:05.678Z"), true);
  assert.equal(holds("endTime gt 2026-01-02T03:04:05.678Z"), false);
  assert.equal(holds("endTime lt 2026-01-02T03:04:06Z"), true);
  assert.equal(holds("endTime eq 2026-01-02T04:04:05.678+01:00"), true);
});

Deno.test("filter: `and` binds tighter than `or`, parentheses and `not` change that", () => {
  assert.equal(holds("jobId eq 7 or jobId eq 8 and status eq 9"), true);
  assert.equal(holds("(jobId eq 7 or jobId eq 8) and status eq 9"), false);
  assert.equal(holds("not (jobId eq 7 and status eq 9)"), true);
  assert.equal(holds("not jobId eq 7 or status eq 1"), true);
  assert.equal(holds("not not jobId eq 7"), true);
});

Deno.test("filter: quotes inside a string are doubled", () => {
  assert.equal(holds("clientName eq 'O''Brien \"x\" | y'"), true);
  assert.equal(holds("contains(clientName, '''')"), true);
  assert.throws(() => parseFilter("clientName eq 'O'Brien'"), FilterError);
  assert.throws(() => parseFilter("clientName eq 'open"), /no closing quote/);
});

Deno.test("filter: text functions look at the right end", () => {
  assert.equal(holds("startswith(policyName, 'prod')"), true);
  assert.equal(holds("startswith(policyName, 'gold')"), false);
  assert.equal(holds("endswith(policyName, 'gold')"), true);
  assert.equal(holds("contains(policyName, 'd-g')"), true);
});

Deno.test("filter: queue reason, durations, floats and numbered names are understood", () => {
  assert.equal(holds("qReasonCode eq 5"), true);
  assert.equal(holds("elapsedTime gt PT1H"), true);
  assert.equal(holds("elapsedTime gt PT1H2M3S"), false);
  assert.equal(holds("dedupRatio gt 93.4"), true);
  assert.equal(holds("offHostType eq 5"), true);
  assert.equal(holds("offHostType eq 0"), false);
});

Deno.test("filter: an absent attribute equals nothing", () => {
  assert.equal(holds("policyType eq 'STANDARD'"), false);
  assert.equal(holds("policyType ne 'STANDARD'"), true);
});

Deno.test("filter: operators that the documents do not list for a field are refused", () => {
  for (
    const filter of [
      "policyName eq 'x'",
      "state gt 'DONE'",
      "contains(state, 'DO')",
      "contains(jobId, '1')",
      "jobType lt 'BACKUP'",
      "assetID ne 'x'",
      "childCount eq 0",
      "jobQueueReason eq 5",
      "noSuchField eq 1",
      "tolower(clientName) eq 'x'",
    ]
  ) {
    assert.throws(() => holds(filter), FilterError, filter);
  }
});

Deno.test("filter: values of the wrong type are refused", () => {
  for (
    const filter of [
      "jobId eq '7'",
      "jobId eq 7.5",
      "status eq 2026-01-01T00:00:00Z",
      "endTime ge '2026-01-01T00:00:00.000Z'",
      "endTime ge 1767225600000",
      "clientName eq 7",
      "state eq DONE",
      "state eq 'FINISHED'",
      "elapsedTime gt 5",
      "offHostType eq 77",
    ]
  ) {
    assert.throws(() => holds(filter), FilterError, filter);
  }
});

Deno.test("filter: texts that are no filter are refused", () => {
  for (
    const filter of [
      "jobId",
      "jobId eq",
      "eq 7",
      "jobId == 7",
      "jobId eq 7 and",
      "jobId eq 7 jobId eq 8",
      "(jobId eq 7",
      "jobId eq 7)",
      "contains(clientName 'x')",
      "jobId in (7)",
      "endTime ge 2026-01-02",
      "endTime ge 2026-13-02T00:00:00Z",
      "jobId eq P",
      "jobId+eq+7",
    ]
  ) {
    assert.throws(() => holds(filter), FilterError, filter);
  }
});

Deno.test("filter: backupId came with API 12.0, and a job count knows fewer fields", () => {
  assert.equal(jobFilterFields(10).has("backupId"), false);
  assert.equal(jobFilterFields(12).has("backupId"), true);
  assert.equal(JOB_COUNT_FIELDS.has("lastUpdateTime"), false);
  assert.equal(JOB_COUNT_FIELDS.has("endTime"), true);
});

Deno.test("filter: storage units have booleans and letter case functions", () => {
  const unit = { name: "STU_One", isCloudSTU: false, storageType: "DISK", robotNumber: 3 };
  const test = (filter: string) => holds(filter, unit, STORAGE_UNIT_FILTERS);
  assert.equal(test("isCloudSTU eq false"), true);
  assert.equal(test("tolower(name) eq 'stu_one'"), true);
  assert.equal(test("contains(toupper(storageType), 'IS')"), true);
  assert.equal(test("robotNumber ge 4"), false);
  assert.throws(() => test("isCloudSTU ne false"), FilterError);
  assert.throws(() => test("storageType ne 'DISK'"), FilterError);
});

Deno.test("sort: several keys, each with its direction; unknown ones are refused", () => {
  assert.deepEqual(parseSort("-endTime,jobId", jobSortFields(14)), [
    { attribute: "endTime", descending: true },
    { attribute: "jobId", descending: false },
  ]);
  assert.throws(() => parseSort("endTime,,jobId", jobSortFields(14)), FilterError);
  assert.throws(() => parseSort("noSuchField", jobSortFields(14)), FilterError);
});

Deno.test("sort: the number of the try is `tryField` before API 14.0 and `try` from then on", () => {
  assert.equal(jobSortFields(13).get("tryField"), "try");
  assert.equal(jobSortFields(13).has("try"), false);
  assert.equal(jobSortFields(14).get("try"), "try");
  assert.equal(jobSortFields(14).has("tryField"), false);
});
