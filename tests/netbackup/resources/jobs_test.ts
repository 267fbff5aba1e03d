import assert from "node:assert/strict";
import type { Job } from "../../../src/netbackup/resources/job.ts";
import { jobPages } from "../../../src/netbackup/resources/jobs.ts";
import { context, fakeSession } from "../testing/fixtures.ts";

/** Parses one row; undefined when it is rejected. */
async function parse(row: unknown): Promise<Job | undefined> {
  const { session } = fakeSession(() => ({ data: [row] }));
  for await (const { rows, rejected } of jobPages(session, { filter: "" }, context())) {
    assert.equal(rows.length + rejected, 1);
    return rows[0];
  }
  return undefined;
}

function job(attributes: Record<string, unknown>): Promise<Job | undefined> {
  return parse({ type: "job", id: "7", attributes: { jobId: 7, ...attributes } });
}

Deno.test("jobPages() asks for full pages of 100 with filter and sort", async () => {
  const { session, requests } = fakeSession(() => ({ data: [] }));
  const query = { filter: "state eq 'DONE'", sort: "lastUpdateTime" };
  for await (const _page of jobPages(session, query, context()));
  for await (const _page of jobPages(session, { filter: "x" }, context()));
  assert.deepEqual(requests, [
    {
      endpoint: "/admin/jobs",
      query: { filter: "state eq 'DONE'", sort: "lastUpdateTime", "page[limit]": 100 },
      version: "14.0",
    },
    { endpoint: "/admin/jobs", query: { filter: "x", "page[limit]": 100 }, version: "14.0" },
  ]);
});

Deno.test("a whole job is read field by field", async () => {
  assert.deepEqual(
    await parse({
      type: "job",
      id: "4101",
      meta: { page: { cursor: "4101" } },
      attributes: {
        jobId: 4101,
        parentJobId: 4100,
        jobType: "BACKUP",
        policyType: "STANDARD",
        policyName: "POL",
        clientName: "app01",
        scheduleName: "Daily-Incr",
        scheduleType: "DIFFERENTIAL_INCREMENTAL_BACKUP",
        state: "DONE",
        status: 1,
        startTime: "2025-10-25T20:00:05.000Z",
        endTime: "2025-10-25T20:09:10.000Z",
        lastUpdateTime: "2025-10-25T20:09:10.407Z",
        activeTryStartTime: "2025-10-25T20:00:09.000Z",
        kilobytesTransferred: 52428800,
        kilobytesDataTransferred: 2621440,
        numberOfFiles: 18233,
        dedupRatio: 95.25,
        transferRate: 97090,
        try: 2,
        childCount: 3,
        jobQueueReason: -99,
        destinationStorageUnitName: "stu_msdp_01",
        unknownField: { anything: [] },
      },
    }),
    {
      jobId: 4101,
      parentJobId: 4100,
      jobType: "BACKUP",
      policyType: "STANDARD",
      policyName: "POL",
      clientName: "app01",
      scheduleName: "Daily-Incr",
      scheduleType: "DIFFERENTIAL_INCREMENTAL_BACKUP",
      state: "DONE",
      status: 1,
      startTimeMs: Date.UTC(2025, 9, 25, 20, 0, 5),
      endTimeMs: Date.UTC(2025, 9, 25, 20, 9, 10),
      lastUpdateTimeMs: Date.UTC(2025, 9, 25, 20, 9, 10, 407),
      activeTryStartTimeMs: Date.UTC(2025, 9, 25, 20, 0, 9),
      kilobytesTransferred: 52428800,
      kilobytesDataTransferred: 2621440,
      numberOfFiles: 18233,
      dedupRatio: 95.25,
      transferRate: 97090,
      tryNumber: 2,
      childCount: 3,
      jobQueueReason: -99,
      storageUnit: "stu_msdp_01",
    },
  );
});

const EMPTY: Job = {
  jobId: 7,
  parentJobId: 0,
  jobType: "",
  policyType: "",
  policyName: "",
  clientName: "",
  scheduleName: "",
  scheduleType: "",
  state: "UNKNOWN",
  status: -1,
  startTimeMs: undefined,
  endTimeMs: undefined,
  lastUpdateTimeMs: undefined,
  activeTryStartTimeMs: undefined,
  kilobytesTransferred: 0,
  kilobytesDataTransferred: 0,
  numberOfFiles: 0,
  dedupRatio: undefined,
  transferRate: 0,
  tryNumber: 1,
  childCount: 0,
  jobQueueReason: 0,
  storageUnit: "",
};

Deno.test("missing fields get defaults; no status is not success", async () => {
  assert.deepEqual(await job({}), EMPTY);
});

Deno.test("null fields get defaults", async () => {
  const names = [
    ...["parentJobId", "jobType", "policyType", "policyName", "clientName", "state", "status"],
    ...["scheduleName", "scheduleType"],
    ...["startTime", "endTime", "lastUpdateTime", "activeTryStartTime", "kilobytesTransferred"],
    ...["kilobytesDataTransferred", "numberOfFiles", "dedupRatio", "transferRate", "try"],
    ...["childCount", "jobQueueReason", "destinationStorageUnitName"],
  ];
  assert.deepEqual(await job(Object.fromEntries(names.map((name) => [name, null]))), EMPTY);
});

Deno.test("the id may be a number or text, of the attributes or else of the row", async () => {
  assert.equal((await parse({ attributes: { jobId: 5 } }))?.jobId, 5);
  assert.equal((await parse({ id: "9", attributes: { jobId: "5" } }))?.jobId, 5);
  assert.equal((await parse({ id: "9", attributes: {} }))?.jobId, 9);
  assert.equal((await parse({ id: 9, attributes: { jobId: null } }))?.jobId, 9);
});

for (
  const row of [
    { attributes: {} },
    { id: "abc", attributes: {} },
    { id: -1, attributes: {} },
    { id: 1.5, attributes: {} },
    { id: "5", attributes: { jobId: true } },
    { id: "5" },
    { id: "5", attributes: null },
    { id: "5", attributes: [] }["attributes"],
    null,
    "text",
  ]
) {
  Deno.test(`the row ${JSON.stringify(row)} is no job and is rejected`, async () => {
    assert.equal(await parse(row), undefined);
  });
}

Deno.test("a job without an id is named in the log as such", async () => {
  const { session, records } = fakeSession(() => ({ data: [{ attributes: {} }] }));
  for await (const _page of jobPages(session, { filter: "" }, context()));
  assert.equal(records[0]?.fields["first"], "row: expected job id, found object");
});

Deno.test("numbers come as text too, and as floats", async () => {
  const read = await job({
    kilobytesTransferred: " 5000000000 ",
    dedupRatio: "91.5",
    status: "0",
    transferRate: 12.75,
    numberOfFiles: "",
  });
  assert.equal(read?.kilobytesTransferred, 5_000_000_000);
  assert.equal(read?.dedupRatio, 91.5);
  assert.equal(read?.status, 0);
  assert.equal(read?.transferRate, 12.75);
  assert.equal(read?.numberOfFiles, 0);
});

Deno.test("negative amounts, which make no sense, count as none", async () => {
  const read = await job({ kilobytesTransferred: -5, numberOfFiles: -1, status: -1, try: 0 });
  assert.equal(read?.kilobytesTransferred, 0);
  assert.equal(read?.numberOfFiles, 0);
  assert.equal(read?.status, -1);
  assert.equal(read?.tryNumber, 1);
});

for (
  const attributes of [
    { jobType: 5 },
    { policyType: ["STANDARD"] },
    { state: {} },
    { scheduleName: 1 },
    { status: "zero" },
    { status: true },
    { kilobytesTransferred: [1] },
    { kilobytesTransferred: "Infinity" },
    { endTime: "yesterday" },
    { endTime: "2025-99-99T00:00:00Z" },
    { endTime: {} },
    { lastUpdateTime: false },
    { startTime: 1e300 },
  ]
) {
  Deno.test(`a job with ${JSON.stringify(attributes)} is rejected`, async () => {
    assert.equal(await job(attributes), undefined);
  });
}

const TIME = Date.UTC(2025, 9, 25, 20, 0, 5);
for (
  const [text, expected] of [
    ["2025-10-25T20:00:05.000Z", TIME],
    ["2025-10-25T20:00:05Z", TIME],
    ["2025-10-25T22:00:05+02:00", TIME],
    ["2025-10-25T20:00:05", TIME],
    [TIME, TIME],
    [TIME / 1000, TIME],
    [String(TIME), TIME],
    [String(TIME / 1000), TIME],
    ["1970-01-01T00:00:00.000Z", undefined],
    ["1969-12-31T18:00:00-06:00", undefined],
    [0, undefined],
    [-1, undefined],
    ["", undefined],
  ] as const
) {
  Deno.test(`the time ${JSON.stringify(text)} is read as ${expected}`, async () => {
    assert.equal((await job({ lastUpdateTime: text }))?.lastUpdateTimeMs, expected);
  });
}

for (const state of ["ACTIVE", "QUEUED", "REQUEUED", "SUSPENDED", "INCOMPLETE", ""]) {
  Deno.test(`an end before the start is no end in state "${state}"`, async () => {
    const read = await job({ state, startTime: TIME, endTime: TIME - 1 });
    assert.equal(read?.endTimeMs, undefined);
    assert.equal(read?.startTimeMs, TIME);
  });
}

Deno.test("a finished job keeps its end even if clocks disagree", async () => {
  const read = await job({ state: "DONE", startTime: TIME, endTime: TIME - 60_000 });
  assert.equal(read?.endTimeMs, TIME - 60_000);
});

Deno.test("the state is kept verbatim", async () => {
  assert.equal((await job({ state: "Some_New State" }))?.state, "Some_New State");
});
