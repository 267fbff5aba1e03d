import assert from "node:assert/strict";
import { JobsMissingError } from "../../src/collectors/jobs_missing.ts";
import { perClient } from "../../src/collectors/per_client.ts";
import { createFakeJobs, type FakeJobs } from "./_fake_jobs.ts";
import { createRunner, type Lists, type Runner } from "./_runner.ts";

const IMAGES = "/catalog/images";
const CLIENTS = "/config/unique-policy-clients";
const LAST_BACKUP = "nbu_client_last_successful_backup_timestamp_seconds";
const LAST_SUCCESS = "nbu_client_last_job_success_seconds";
const JOBS = "nbu_client_jobs_count";
const PENDING = "nbu_client_lookups_pending";

/** Begin of the fake clock, in seconds since the epoch. */
const NOW = Date.UTC(2026, 0, 1) / 1000;
const DAY = 86_400;

const NO_IMAGES: Lists = { [IMAGES]: [], [CLIENTS]: [] };

interface Image {
  readonly client: string;
  readonly policy?: string;
  /** Seconds before now. */
  readonly ago: number;
  readonly seconds?: number;
  readonly status?: number;
  readonly type?: string;
}

/** A catalog that understands the two filters. */
function catalogOf(images: readonly Image[]): Lists[string] {
  return ({ query }) => {
    const filter = String(query?.["filter"]);
    const [, client] = /^clientName eq '(.*)' and /.exec(filter) ?? [];
    const [, from] = /backupTime ge (\S+)$/.exec(filter) ?? [];
    assert.ok(client !== undefined && from !== undefined, filter);
    return images
      .filter((image) => image.client === client.replaceAll("''", "'"))
      .filter(({ ago }) => (NOW - ago) * 1000 >= Date.parse(from))
      .map(({ client, policy = "Gold", ago, seconds = 60, status = 0, type = "NORMAL" }) => ({
        id: `${client}_${NOW - ago}`,
        type: "image",
        attributes: {
          clientName: client,
          policyName: policy,
          imageType: type,
          backupTime: new Date((NOW - ago) * 1000).toISOString(),
          backupStatus: status,
          elapsedTimeSeconds: seconds,
        },
      }));
  };
}

async function setUp(allowlist: readonly string[], jobs?: FakeJobs) {
  const source = jobs ?? await createFakeJobs();
  const runner = createRunner(perClient, { allowlist });
  runner.collector.follow?.(source);
  return { jobs: source, runner };
}

/** A restart: what the last run saw is in the checkpoint, and another collector takes it up. */
async function restart(jobs: FakeJobs, allowlist: readonly string[]): Promise<Runner> {
  await jobs.save();
  return (await setUp(allowlist, await createFakeJobs(jobs.checkpoint))).runner;
}

Deno.test("perClient tells when a client was last backed up and how its jobs ended", async () => {
  const { jobs, runner } = await setUp(["db01", "db02"]);
  jobs.end({ jobId: 1, endMs: (NOW - 50) * 1000 });
  jobs.end({ jobId: 2, endMs: (NOW - 40) * 1000, status: 1 });
  jobs.end({ jobId: 3, endMs: (NOW - 30) * 1000, policy: "Silver" });
  jobs.end({ jobId: 4, endMs: (NOW - 20) * 1000, action: "DUPLICATE" });
  jobs.end({ jobId: 5, endMs: (NOW - 10) * 1000, status: 6 });
  jobs.end({ jobId: 6, endMs: (NOW - 60) * 1000, client: "db02", status: 96 });
  jobs.end({ jobId: 7, endMs: (NOW - 61) * 1000, client: "db02", status: 96 });
  jobs.end({ jobId: 8, endMs: (NOW - 10) * 1000, client: "web01" });
  const result = await runner.run(NO_IMAGES);
  assert.deepEqual(result.series(LAST_BACKUP), [`client=db01: ${NOW - 30}`, "client=db02: 0"]);
  assert.deepEqual(result.series(LAST_SUCCESS), [
    `client=db01,policy=Gold,action=BACKUP: ${NOW - 50}`,
    `client=db01,policy=Gold,action=DUPLICATE: ${NOW - 20}`,
    `client=db01,policy=Silver,action=BACKUP: ${NOW - 30}`,
  ]);
  assert.deepEqual(result.series(JOBS), [
    "client=db01,action=BACKUP,status=0: 2",
    "client=db01,action=BACKUP,status=1: 1",
    "client=db01,action=BACKUP,status=6: 1",
    "client=db01,action=DUPLICATE,status=0: 1",
    "client=db02,action=BACKUP,status=96: 1",
  ]);
});

Deno.test("perClient counts a job that is resumed and ends again once, with its last end", async () => {
  const { jobs, runner } = await setUp(["db01"]);
  jobs.end({ jobId: 1, endMs: (NOW - 50) * 1000, status: 13 });
  jobs.end({ jobId: 1, endMs: (NOW - 20) * 1000 });
  const result = await runner.run(NO_IMAGES);
  assert.deepEqual(result.series(JOBS), ["client=db01,action=BACKUP,status=0: 1"]);
  assert.equal(result.value(LAST_BACKUP), NOW - 20);
});

Deno.test("perClient does not go back when an older job becomes visible late", async () => {
  const { jobs, runner } = await setUp(["db01"]);
  jobs.end({ jobId: 2, endMs: (NOW - 20) * 1000 });
  jobs.end({ jobId: 1, endMs: (NOW - 50) * 1000 });
  const result = await runner.run(NO_IMAGES);
  assert.equal(result.value(LAST_BACKUP), NOW - 20);
  assert.equal(result.value(LAST_SUCCESS), NOW - 20);
});

Deno.test("perClient gives no series for an empty allow list, and asks for nothing", async () => {
  const { jobs, runner } = await setUp([]);
  jobs.end({ endMs: NOW * 1000 });
  const result = await runner.run({});
  assert.deepEqual(result.families.flatMap(({ samples }) => samples.map(({ value }) => value)), [
    0,
  ]);
  assert.equal(result.value(PENDING), 0);
  assert.deepEqual(result.requests, []);
});

Deno.test("perClient takes globs, for clients of policies and of jobs", async () => {
  const { jobs, runner } = await setUp(["db*", "web0?.example.com"]);
  const never = { id: "db-new", attributes: { policyNames: ["Gold"] } };
  const other = { id: "mail", attributes: { policyNames: ["Gold"] } };
  jobs.end({ client: "web01.example.com", endMs: (NOW - 5) * 1000 });
  jobs.end({ client: "web010.example.com", endMs: (NOW - 5) * 1000 });
  jobs.end({ client: "DB", endMs: (NOW - 5) * 1000 });
  const result = await runner.run({ [IMAGES]: [], [CLIENTS]: [never, other] });
  assert.deepEqual(result.series(LAST_BACKUP), [
    "client=db-new: 0",
    `client=web01.example.com: ${NOW - 5}`,
  ]);
});

Deno.test("perClient reads the clients of all policies at most once an hour", async () => {
  const { runner } = await setUp(["*"]);
  const asked = async () => {
    const { requests } = await runner.run(NO_IMAGES);
    return requests.filter(({ endpoint }) => endpoint === CLIENTS).length;
  };
  assert.equal(await asked(), 1);
  assert.equal(await asked(), 0);
  await runner.clock.advance(3_600_000);
  assert.equal(await asked(), 1);
});

Deno.test("perClient looks up older backups in the catalog, each client once", async () => {
  const { runner } = await setUp(["db01", "o'hara", "never"]);
  const lists: Lists = {
    [IMAGES]: catalogOf([
      { client: "db01", ago: DAY, seconds: 600 },
      { client: "db01", ago: DAY / 2, status: 1 },
      { client: "db01", ago: DAY / 2 + 1, type: "IMPORTED" },
      { client: "db01", ago: 1.5 * DAY, policy: "Silver" },
      { client: "o'hara", ago: 300 * DAY },
    ]),
  };
  const result = await runner.run(lists);
  assert.deepEqual(result.series(LAST_BACKUP), [
    `client=db01: ${NOW - DAY + 600}`,
    "client=never: 0",
    `client=o'hara: ${NOW - 300 * DAY + 60}`,
  ]);
  assert.deepEqual(result.series(LAST_SUCCESS), [
    `client=db01,policy=Gold,action=BACKUP: ${NOW - DAY + 600}`,
    `client=db01,policy=Silver,action=BACKUP: ${NOW - 1.5 * DAY + 60}`,
    `client=o'hara,policy=Gold,action=BACKUP: ${NOW - 300 * DAY + 60}`,
  ]);
  assert.equal(result.requests.length, 1 + 3 + 3, "two days, then a month, then all");
  const again = await runner.run(lists);
  assert.deepEqual(again.requests, []);
  assert.deepEqual(again.series(LAST_BACKUP), result.series(LAST_BACKUP));
});

Deno.test("perClient looks up a hundred clients per run, and says how many are left", async () => {
  const clients = Array.from({ length: 205 }, (_, index) => `c${index}`);
  const { runner } = await setUp(clients);
  const left: (number | undefined)[] = [];
  const known: number[] = [];
  for (let run = 0; run < 4; run++) {
    const result = await runner.run(NO_IMAGES);
    left.push(result.value(PENDING));
    known.push(result.count(LAST_BACKUP));
  }
  assert.deepEqual(left, [105, 5, 0, 0]);
  assert.deepEqual(known, [100, 200, 205, 205]);
});

Deno.test("perClient publishes what the jobs say where the catalog is forbidden, and warns once", async () => {
  const { jobs, runner } = await setUp(["db01", "db02"]);
  jobs.end({ endMs: (NOW - 5) * 1000 });
  const first = await runner.run({ [IMAGES]: 403 });
  assert.deepEqual(first.series(LAST_BACKUP), [`client=db01: ${NOW - 5}`]);
  assert.equal(first.value(PENDING), 2);
  const warnings = first.records.filter(({ level }) => level === "warn");
  assert.equal(warnings.length, 1);
  assert.match(String(warnings[0]?.fields["error"]), /\|MANAGE\|IMAGES\|/);
  const second = await runner.run({ [IMAGES]: 403 });
  assert.deepEqual(second.records.filter(({ level }) => level === "warn"), []);
  const third = await runner.run(NO_IMAGES);
  assert.equal(third.value(LAST_BACKUP, { client: "db02" }), 0);
  assert.equal(third.value(PENDING), 0);
});

Deno.test("perClient fails when the catalog does", async () => {
  const { runner } = await setUp(["db01"]);
  await assert.rejects(runner.run({ [IMAGES]: 500 }), /500/);
});

Deno.test("perClient goes on after a restart where it was, with what the catalog has learned since", async () => {
  const { jobs, runner } = await setUp(["db01", "db02", "db03"]);
  jobs.end({ jobId: 1, endMs: (NOW - 50) * 1000 });
  jobs.end({ jobId: 2, endMs: (NOW - 40) * 1000, client: "db02", status: 6 });
  const before = await runner.run(NO_IMAGES);
  const restarted = await restart(jobs, ["db01", "db02", "db03"]);
  const images = catalogOf([{ client: "db03", ago: 3600, seconds: 100 }]);
  const after = await restarted.run({ [IMAGES]: images });
  assert.deepEqual(after.series(JOBS), before.series(JOBS));
  assert.deepEqual(after.series(LAST_BACKUP), [
    `client=db01: ${NOW - 50}`,
    "client=db02: 0",
    `client=db03: ${NOW - 3500}`,
  ]);
  assert.deepEqual(jobs.checkpoint.refused, []);
});

Deno.test("perClient begins anew where its section is damaged or of a newer version", async () => {
  for (const section of [{ version: 1, content: { backups: 5 } }, { version: 99, content: {} }]) {
    const jobs = await createFakeJobs();
    await jobs.checkpoint.save({ perClient: section });
    const runner = await restart(await createFakeJobs(jobs.checkpoint), ["db01"]);
    const result = await runner.run(NO_IMAGES);
    assert.deepEqual(result.series(LAST_BACKUP), ["client=db01: 0"]);
    assert.equal(jobs.checkpoint.refused.length, 1);
  }
});

Deno.test("perClient takes up a changed allow list without losing what it knows", async () => {
  const { jobs, runner } = await setUp(["db01"]);
  jobs.end({ endMs: (NOW - 50) * 1000 });
  await runner.run(NO_IMAGES);
  runner.collector.reconfigure?.(
    Object.assign(Object.create(null), { allowlist: ["db0?", "web"] }),
  );
  const result = await runner.run({
    [IMAGES]: catalogOf([{ client: "web", ago: 100 }]),
    [CLIENTS]: [],
  });
  assert.deepEqual(result.series(LAST_BACKUP), [
    `client=db01: ${NOW - 50}`,
    `client=web: ${NOW - 40}`,
  ]);
});

Deno.test("perClient forgets successes of more than 400 days ago, but no client that is named", async () => {
  const { jobs, runner } = await setUp(["db01", "web*"]);
  const endMs = (NOW - 401 * DAY) * 1000;
  jobs.end({ endMs });
  jobs.end({ endMs, client: "web01" });
  jobs.end({ endMs: endMs + 2 * DAY * 1000, client: "web02" });
  const result = await runner.run(NO_IMAGES);
  assert.deepEqual(result.series(LAST_BACKUP), [
    `client=db01: ${endMs / 1000}`,
    `client=web02: ${endMs / 1000 + 2 * DAY}`,
  ]);
  assert.equal(result.count(LAST_SUCCESS), 1);
});

Deno.test("perClient fails with a reason while there are no up-to-date jobs", async () => {
  const { jobs, runner } = await setUp(["db01"]);
  jobs.current = false;
  const failed = (error: unknown) =>
    error instanceof JobsMissingError && /could not/.test(error.message);
  await assert.rejects(runner.run(NO_IMAGES), failed);
  jobs.current = true;
  await runner.run(NO_IMAGES);
  runner.collector.follow?.(undefined);
  const off = (error: unknown) =>
    error instanceof JobsMissingError && /set "collectors\.jobs\.enabled"/.test(error.message);
  await assert.rejects(runner.run(NO_IMAGES), off);
  assert.equal(jobs.subscribers, 0);
});
