import assert from "node:assert/strict";
import type { CollectContext } from "../../src/collectors/collector.ts";
import { createJobsCollector } from "../../src/collectors/jobs/collector.ts";
import type { JsonRequest } from "../../src/netbackup/api.ts";
import {
  createFakeClient,
  cursorPage,
  type FakeClient,
  unlimited,
} from "../testing/fake_client.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { seriesCount, valueOf } from "../testing/samples.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const HOUR = 3_600_000;

function row(jobId: number, attributes: Record<string, unknown> = {}): unknown {
  return {
    type: "job",
    id: String(jobId),
    attributes: {
      jobId,
      jobType: "BACKUP",
      policyType: "STANDARD",
      state: "DONE",
      status: 0,
      startTime: new Date(NOW - 1_800_000).toISOString(),
      endTime: new Date(NOW - 600_000).toISOString(),
      kilobytesTransferred: 10,
      numberOfFiles: 3,
      childCount: 0,
      ...attributes,
    },
  };
}

function unfinished(jobId: number, attributes: Record<string, unknown>): unknown {
  return row(jobId, { endTime: "1970-01-01T00:00:00.000Z", ...attributes });
}

/** Answers the two queries of the jobs collector. */
function answerWith(client: FakeClient, finished: unknown[], open: unknown[]): void {
  client.answer = ({ query }: JsonRequest) =>
    String(query?.["filter"]).includes("state ne 'DONE'") ? cursorPage(open) : cursorPage(finished);
}

function contextOf(client: FakeClient): CollectContext {
  return {
    site: "a",
    session: { client, version: "14.0" },
    request: unlimited(),
    clock: createFakeClock(NOW),
    logger: createRecordingLogger().logger,
    windowMs: HOUR,
  };
}

Deno.test("jobs collector sums up what ended within the window under the old names", async () => {
  const client = createFakeClient();
  answerWith(client, [
    row(1, { dedupRatio: 80 }),
    row(2, { dedupRatio: 90, kilobytesTransferred: 5 }),
    row(3, { status: 96, dedupRatio: 0, policyType: "VMWARE" }),
    row(4, { jobType: "DUPLICATE", status: 1 }),
  ], []);
  const { families, rows } = await createJobsCollector("a").collect(contextOf(client));
  const labels = { site: "a", action: "BACKUP", policy_type: "STANDARD" };
  assert.equal(rows, 4);
  assert.equal(valueOf(families, "nbu_jobs_bytes", { ...labels, status: "0" }), 15 * 1024);
  assert.equal(valueOf(families, "nbu_jobs_count", { ...labels, status: "0" }), 2);
  assert.equal(valueOf(families, "nbu_status_count", { action: "BACKUP", status: "96" }), 1);
  assert.equal(valueOf(families, "nbu_status_count", { action: "BACKUP", status: "0" }), 2);
  assert.equal(valueOf(families, "nbu_jobs_files_count", labels), 6);
  assert.equal(valueOf(families, "nbu_jobs_dedup_ratio", labels), 85);
  assert.equal(seriesCount(families, "nbu_jobs_dedup_ratio"), 1, "a ratio of 0 is none");
  assert.equal(valueOf(families, "nbu_jobs_state_count", { action: "BACKUP", state: "DONE" }), 3);
});

Deno.test("jobs collector sees unfinished jobs by state and queue reason only", async () => {
  const client = createFakeClient();
  answerWith(client, [row(1)], [
    unfinished(2, { state: "ACTIVE", kilobytesTransferred: 99 }),
    unfinished(3, { state: "QUEUED", jobQueueReason: 2 }),
    unfinished(4, { state: "QUEUED", jobQueueReason: 2 }),
    unfinished(5, { state: "SUSPENDED" }),
    unfinished(6, { state: "" }),
  ]);
  const { families } = await createJobsCollector("a").collect(contextOf(client));
  const state = (name: string) =>
    valueOf(families, "nbu_jobs_state_count", { action: "BACKUP", state: name });
  assert.deepEqual(
    ["DONE", "ACTIVE", "QUEUED", "SUSPENDED", "UNKNOWN"].map(state),
    [1, 1, 2, 1, 1],
  );
  assert.equal(valueOf(families, "nbu_jobs_queued_count", { action: "BACKUP", reason: "2" }), 2);
  assert.equal(valueOf(families, "nbu_jobs_count"), 1);
  assert.equal(valueOf(families, "nbu_jobs_bytes"), 10 * 1024);
});

Deno.test("jobs collector counts a job once that is on two pages or ends between the queries", async () => {
  const client = createFakeClient();
  client.answer = ({ query }) => {
    if (String(query?.["filter"]).includes("ne 'DONE'")) {
      return cursorPage([unfinished(2, { state: "ACTIVE" })]);
    }
    return query?.["page[after]"] === "p2"
      ? cursorPage([row(1), row(2)])
      : cursorPage([row(1), row(3)], "p2");
  };
  const { families } = await createJobsCollector("a").collect(contextOf(client));
  assert.equal(valueOf(families, "nbu_jobs_count"), 3);
  assert.equal(seriesCount(families, "nbu_jobs_state_count"), 1);
});

Deno.test("jobs collector asks for the window by end time and for all that is not done", async () => {
  const client = createFakeClient();
  const filters: unknown[] = [];
  client.answer = ({ query }) => {
    filters.push(query?.["filter"]);
    return cursorPage([]);
  };
  await createJobsCollector("a").collect(contextOf(client));
  assert.deepEqual(filters.sort(), [
    "state eq 'DONE' and endTime ge 2026-01-01T11:00:00.000Z",
    "state ne 'DONE'",
  ]);
});

Deno.test("jobs collector's duration histogram is cumulative: each completion of a leaf counts once", async () => {
  const client = createFakeClient();
  const collector = createJobsCollector("a");
  const context = contextOf(client);
  const count = async () => {
    const { cumulative } = await collector.collect(context);
    return [
      valueOf(cumulative, "nbu_job_duration_seconds", { action: "BACKUP" }, "_count"),
      valueOf(cumulative, "nbu_job_duration_seconds", { action: "BACKUP" }, "_sum"),
    ];
  };
  const first = row(1);
  const parent = row(2, { childCount: 2 });
  answerWith(client, [first, parent], []);
  assert.deepEqual(await count(), [1, 1200]);
  assert.deepEqual(await count(), [1, 1200], "read again");
  answerWith(client, [], []);
  assert.deepEqual(await count(), [1, 1200], "gone from NetBackup");
  const resumed = row(1, { endTime: new Date(NOW - 300_000).toISOString() });
  answerWith(client, [resumed, row(3)], []);
  assert.deepEqual(await count(), [3, 1200 + 1500 + 1200], "a resumed job ends again");
});

Deno.test("jobs collector ends both reads when one of them fails", async () => {
  const client = createFakeClient();
  let otherEnded = false;
  client.answer = async ({ query }, { signal }) => {
    if (String(query?.["filter"]).includes("ne 'DONE'")) throw new Error("no");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    otherEnded = true;
    throw signal.reason;
  };
  await assert.rejects(createJobsCollector("a").collect(contextOf(client)), /^Error: no$/);
  assert.equal(otherEnded, true);
});

Deno.test("jobs collector loses one bad row, not the page", async () => {
  const client = createFakeClient();
  answerWith(client, [row(1), row(2, { jobType: { not: "text" } }), row(3)], []);
  const { families } = await createJobsCollector("a").collect(contextOf(client));
  assert.equal(valueOf(families, "nbu_jobs_count"), 2);
  assert.equal(client.rejected.get("/admin/jobs"), 1);
});
