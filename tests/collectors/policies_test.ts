import assert from "node:assert/strict";
import { policies } from "../../src/collectors/policies.ts";
import { createFakeJobs, type FakeJobs } from "./_fake_jobs.ts";
import { createRunner, type Lists } from "./_runner.ts";

const LIST = "/config/policies/";
const DETAIL = "/config/policies/{policyName}";
const PAUSED = "/config/paused-clients";

/** Begin of the fake clock, in seconds since the epoch. */
const NOW = Date.UTC(2026, 0, 1) / 1000;
const HOUR = 3600;
const DAY = 24 * HOUR;

interface Policy {
  readonly active?: boolean | null;
  readonly clients?: readonly unknown[];
  readonly schedules?: readonly unknown[];
}

const FULL = { backupType: "Full Backup", scheduleType: "Frequency", frequencySeconds: 7 * DAY };
const DAILY = {
  backupType: "Differential Incremental Backup",
  scheduleType: "Frequency",
  frequencySeconds: DAY,
};
const CALENDAR = { backupType: "Full Backup", scheduleType: "Calendar" };
const USER = { backupType: "User Backup", scheduleType: "Frequency", frequencySeconds: HOUR };

function listsOf(given: Readonly<Record<string, Policy>>, paused: readonly unknown[] = []): Lists {
  return {
    [PAUSED]: paused,
    [LIST]: Object.entries(given).map(([id, { active = true }]) => ({
      type: "Standard",
      id,
      attributes: { active },
    })),
    [DETAIL]: ({ path = "", headers }) => {
      assert.equal(headers?.["X-NetBackup-Policy-Use-Generic-Schema"], "true");
      const name = decodeURIComponent(path.replace("/config/policies/", ""));
      const policy = given[name];
      if (!policy) return 404;
      const { clients = [], schedules = [] } = policy;
      return [{
        type: "policy",
        id: name,
        attributes: {
          policyGeneric: {
            policyName: name,
            clients: clients.map((client) =>
              typeof client === "string" ? { hostName: client, OS: "RedHat" } : client
            ),
            schedules,
          },
        },
      }];
    },
  };
}

const NOTHING = listsOf({});

async function setUp(options: Readonly<Record<string, unknown>> = {}, jobs?: FakeJobs) {
  const source = jobs ?? await createFakeJobs();
  const runner = createRunner(policies, options);
  runner.collector.follow?.(source);
  return { jobs: source, runner };
}

async function restart(jobs: FakeJobs, options: Readonly<Record<string, unknown>> = {}) {
  await jobs.save();
  return await setUp(options, await createFakeJobs(jobs.checkpoint));
}

const ago = (seconds: number) => (NOW - seconds) * 1000;

Deno.test("policies tells of each policy and schedule type how and when it last ran", async () => {
  const { jobs, runner } = await setUp();
  jobs.end({ endMs: ago(500) });
  jobs.end({ endMs: ago(400), status: 1 });
  jobs.end({ endMs: ago(300), status: 96 });
  jobs.end({ endMs: ago(200), scheduleType: "USER_BACKUP", status: 6 });
  jobs.end({ endMs: ago(100), policy: "Silver" });
  jobs.end({ endMs: ago(90), policy: "Silver", action: "RESTORE", status: 5 });
  jobs.end({ endMs: ago(80), policy: "Silver", scheduleType: "" });
  jobs.end({ endMs: ago(70), policy: "" });
  const result = await runner.run(NOTHING);
  assert.deepEqual(result.series("nbu_policy_last_run_timestamp_seconds"), [
    `policy=Gold,schedule_type=FULL_BACKUP: ${NOW - 300}`,
    `policy=Gold,schedule_type=USER_BACKUP: ${NOW - 200}`,
    `policy=Silver,schedule_type=FULL_BACKUP: ${NOW - 100}`,
  ]);
  assert.deepEqual(result.series("nbu_policy_last_run_status"), [
    "policy=Gold,schedule_type=FULL_BACKUP: 96",
    "policy=Gold,schedule_type=USER_BACKUP: 6",
    "policy=Silver,schedule_type=FULL_BACKUP: 0",
  ]);
  assert.deepEqual(result.series("nbu_policy_last_success_timestamp_seconds"), [
    `policy=Gold,schedule_type=FULL_BACKUP: ${NOW - 400}`,
    "policy=Gold,schedule_type=USER_BACKUP: 0",
    `policy=Silver,schedule_type=FULL_BACKUP: ${NOW - 100}`,
  ]);
});

Deno.test("policies takes the status of the parent where it ends with its last job, whichever comes first", async () => {
  for (const parentFirst of [true, false]) {
    const { jobs, runner } = await setUp();
    const endMs = ago(10);
    const parent = () => jobs.end({ jobId: 100, childCount: 2, status: 1, endMs });
    const child = () => jobs.end({ jobId: 101, parentJobId: 100, level: "child", endMs });
    if (parentFirst) parent();
    child();
    if (!parentFirst) parent();
    const result = await runner.run(NOTHING);
    assert.equal(result.value("nbu_policy_last_run_status"), 1, `parent first: ${parentFirst}`);
  }
});

Deno.test("policies counts failures in a row by client, policy and schedule type, none where there are none", async () => {
  const { jobs, runner } = await setUp();
  const failures = async () =>
    (await runner.run(NOTHING)).series("nbu_client_consecutive_failures");
  jobs.end({ endMs: ago(500), status: 6 });
  jobs.end({ endMs: ago(400), status: 13 });
  jobs.end({ endMs: ago(400), status: 13, client: "db02", scheduleType: "USER_BACKUP" });
  jobs.end({ endMs: ago(400), client: "db03" });
  assert.deepEqual(await failures(), [
    "client=db01,policy=Gold,schedule_type=FULL_BACKUP: 2",
    "client=db02,policy=Gold,schedule_type=USER_BACKUP: 1",
  ]);
  jobs.end({ endMs: ago(300), status: 1 });
  jobs.end({ endMs: ago(300), status: 13, client: "db03" });
  assert.deepEqual(await failures(), [
    "client=db02,policy=Gold,schedule_type=USER_BACKUP: 1",
    "client=db03,policy=Gold,schedule_type=FULL_BACKUP: 1",
  ]);
});

Deno.test("policies takes streams below one parent for one run, which fails with any of them", async () => {
  const { jobs, runner } = await setUp();
  const failures = async () => (await runner.run(NOTHING)).value("nbu_client_consecutive_failures");
  const stream = (jobId: number, parentJobId: number, status: number) =>
    jobs.end({ jobId, parentJobId, level: "child", status, endMs: ago(1000 - jobId) });
  for (const [parent, statuses] of [[100, [0, 6, 0]], [200, [6, 6, 6]]] as const) {
    statuses.forEach((status, index) => stream(parent + 1 + index, parent, status));
    const before = await failures();
    assert.equal(before, parent === 100 ? undefined : 1, "not before the parent has ended");
    jobs.end({ jobId: parent, childCount: 3, status: 1, endMs: ago(990 - parent) });
  }
  assert.equal(await failures(), 2);
  for (const jobId of [301, 302]) stream(jobId, 300, 0);
  assert.equal(await failures(), 2);
  jobs.end({ jobId: 300, childCount: 2, endMs: ago(600) });
  assert.equal(await failures(), undefined);
});

Deno.test("policies takes a run for over when its parent was seen before its last job", async () => {
  const { jobs, runner } = await setUp();
  jobs.end({ jobId: 100, childCount: 1, status: 6, endMs: ago(100) });
  jobs.end({ jobId: 101, parentJobId: 100, level: "child", status: 6, endMs: ago(100) });
  const result = await runner.run(NOTHING);
  assert.equal(result.value("nbu_client_consecutive_failures"), 1);
});

Deno.test("policies takes a parent that is resumed and succeeds for no failure any more", async () => {
  const { jobs, runner } = await setUp();
  const failures = async () => (await runner.run(NOTHING)).value("nbu_client_consecutive_failures");
  jobs.end({ jobId: 101, parentJobId: 100, level: "child", endMs: ago(100) });
  jobs.end({ jobId: 100, childCount: 1, status: 41, endMs: ago(90) });
  assert.equal(await failures(), 1);
  jobs.end({ jobId: 100, childCount: 1, endMs: ago(50) });
  assert.equal(await failures(), undefined);
});

Deno.test("policies lets each client below a parent of many succeed or fail for itself", async () => {
  const { jobs, runner } = await setUp();
  jobs.end({ jobId: 101, parentJobId: 100, level: "child", client: "vm1", endMs: ago(100) });
  jobs.end({
    jobId: 102,
    parentJobId: 100,
    level: "child",
    client: "vm2",
    status: 6,
    endMs: ago(90),
  });
  jobs.end({ jobId: 100, childCount: 2, client: "host", status: 6, endMs: ago(80) });
  const result = await runner.run(NOTHING);
  assert.deepEqual(result.series("nbu_client_consecutive_failures"), [
    "client=vm2,policy=Gold,schedule_type=FULL_BACKUP: 1",
  ]);
});

Deno.test("policies counts a job that is resumed and succeeds as that, and one of an earlier run as nothing", async () => {
  const { jobs, runner } = await setUp();
  const failures = async () => (await runner.run(NOTHING)).value("nbu_client_consecutive_failures");
  jobs.end({ jobId: 1, startMs: ago(600), endMs: ago(500), status: 6 });
  jobs.end({ jobId: 2, startMs: ago(450), endMs: ago(400), status: 6 });
  assert.equal(await failures(), 2);
  jobs.end({ jobId: 1, startMs: ago(600), endMs: ago(350) });
  assert.equal(await failures(), 2, "the run after it has failed all the same");
  jobs.end({ jobId: 2, startMs: ago(450), endMs: ago(300) });
  assert.equal(await failures(), undefined);
});

Deno.test("policies compares the last backup of each client with the median of those before", async () => {
  const { jobs, runner } = await setUp();
  const deviation = async () =>
    (await runner.run(NOTHING)).series("nbu_policy_size_deviation_ratio");
  let time = 10_000;
  const backup = (client: string, bytes: number, status = 0) =>
    jobs.end({ client, bytes, status, endMs: ago(time--) });
  for (const bytes of [100, 300, 200]) backup("db01", bytes);
  assert.deepEqual(await deviation(), [], "three are too few");
  for (const bytes of [1000, 1000, 1000, 1000, 1500]) backup("db02", bytes);
  backup("db01", 400, 6);
  backup("db01", 2);
  assert.deepEqual(await deviation(), [
    "policy=Gold,schedule_type=FULL_BACKUP,extreme=highest: 1.5",
    "policy=Gold,schedule_type=FULL_BACKUP,extreme=lowest: 0.01",
  ]);
  for (let run = 0; run < 3; run++) backup("empty", 0);
  backup("empty", 5);
  assert.equal((await deviation()).length, 2, "of nothing there is no ratio");
});

Deno.test("policies takes the streams of a run together for its size", async () => {
  const { jobs, runner } = await setUp();
  [[10, 20], [15, 15], [30, 0], [30, 30]].forEach((sizes, index) => {
    const parent = 100 * (index + 1);
    sizes.forEach((bytes, stream) =>
      jobs.end({
        jobId: parent + 1 + stream,
        parentJobId: parent,
        level: "child",
        bytes,
        endMs: ago(5000 - parent),
      })
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    jobs.end({ jobId: parent, childCount: 2, bytes, endMs: ago(5000 - parent) });
  });
  const result = await runner.run(NOTHING);
  assert.equal(result.value("nbu_policy_size_deviation_ratio", { extreme: "lowest" }), 2);
});

Deno.test("policies counts clients that were not backed up as often as a schedule demands", async () => {
  const { jobs, runner } = await setUp();
  const lists = listsOf({
    Gold: { clients: ["ok", "late", "never", "full"], schedules: [FULL, DAILY, USER] },
    Off: { active: false, clients: ["never"], schedules: [DAILY] },
    Unknown: { active: null, clients: [], schedules: [DAILY] },
    Calendar: { clients: ["never"], schedules: [CALENDAR] },
    Queries: {
      clients: ["MEDIA_SERVER", "vmware:/?filter=Displayname", { instanceName: "PROD" }, {
        hostName: null,
      }],
      schedules: [FULL],
    },
  });
  const type = "DIFFERENTIAL_INCREMENTAL_BACKUP";
  await runner.run(lists);
  await runner.clock.advance(2 * DAY * 1000);
  jobs.end({ client: "ok", scheduleType: type, endMs: ago(-1.5 * DAY) });
  jobs.end({ client: "late", scheduleType: type, endMs: ago(-0.4 * DAY) });
  jobs.end({ client: "full", endMs: ago(-DAY) });
  jobs.end({ client: "never", scheduleType: type, status: 6, endMs: ago(-DAY) });
  const result = await runner.run(lists);
  assert.deepEqual(result.series("nbu_policy_active"), [
    "policy=Calendar: 1",
    "policy=Gold: 1",
    "policy=Off: 0",
    "policy=Queries: 1",
  ]);
  assert.deepEqual(result.series("nbu_policy_clients"), [
    "policy=Calendar: 1",
    "policy=Gold: 4",
    "policy=Off: 1",
    "policy=Queries: 0",
    "policy=Unknown: 0",
  ]);
  assert.deepEqual(
    result.series("nbu_policy_clients_overdue"),
    ["policy=Gold: 2"],
    "nobody knows whom a query finds",
  );
});

Deno.test("policies expects of calendars what is configured, and a factor more of everything", async () => {
  const lists = listsOf({ Calendar: { clients: ["db01"], schedules: [CALENDAR] } });
  for (
    const [overdueFactor, days, overdue] of [["1", 7, 0], ["1", 7.1, 1], ["2", 7.1, 0], [
      "2",
      14.1,
      1,
    ]] as const
  ) {
    const { runner } = await setUp({ calendarInterval: "168h", overdueFactor });
    await runner.run(lists);
    await runner.clock.advance(days * DAY * 1000);
    const result = await runner.run(lists);
    assert.equal(result.value("nbu_policy_clients_overdue"), overdue, `${overdueFactor} ${days}`);
  }
});

Deno.test("policies counts paused clients, which are not overdue", async () => {
  const { runner } = await setUp();
  const attributes = { triggerMethod: "AUTOMATIC", blockedUntilTime: null };
  const until = new Date((NOW + 3 * DAY) * 1000).toISOString();
  const lists = listsOf({ Gold: { clients: ["a", "b", "c"], schedules: [DAILY] } }, [
    { id: "1", attributes: { ...attributes, clientUniqueIdentifier: "a" } },
    { id: "2", attributes: { triggerMethod: "MANUAL", displayName: "b", blockedUntilTime: until } },
  ]);
  await runner.run(lists);
  const overdueAfter = async (days: number) => {
    await runner.clock.advance(days * DAY * 1000);
    const result = await runner.run(lists);
    return [
      result.value("nbu_policy_clients_overdue"),
      result.value("nbu_paused_clients", { trigger: "AUTOMATIC" }),
      result.value("nbu_paused_clients", { trigger: "MANUAL" }),
    ];
  };
  assert.deepEqual(await overdueAfter(2), [1, 1, 1]);
  assert.deepEqual(await overdueAfter(2), [2, 1, 0], "b was paused for three days only");
});

Deno.test("policies goes on after a restart where it was", async () => {
  const { jobs, runner } = await setUp();
  const lists = listsOf({ Gold: { clients: ["db01", "never"], schedules: [DAILY] } });
  await runner.run(lists);
  for (const bytes of [100, 200, 300, 400]) jobs.end({ bytes, endMs: ago(bytes) });
  jobs.end({ endMs: ago(-1), status: 6, client: "db02" });
  jobs.end({
    jobId: 101,
    parentJobId: 100,
    level: "child",
    client: "db03",
    status: 6,
    endMs: ago(-2),
  });
  const before = await runner.run(lists);
  const after = await restart(jobs);
  const result = await after.runner.run(lists);
  for (const { name } of policies.metrics) {
    assert.deepEqual(result.series(name), before.series(name));
  }
  assert.deepEqual(jobs.checkpoint.refused, []);
  after.jobs.end({ jobId: 100, childCount: 1, status: 6, client: "db03", endMs: ago(-3) });
  const ended = await after.runner.run(lists);
  assert.equal(ended.value("nbu_client_consecutive_failures", { client: "db03" }), 1);
  await after.runner.clock.advance(2 * DAY * 1000);
  const later = await after.runner.run(lists);
  assert.equal(later.value("nbu_policy_clients_overdue"), 2, "known since before the restart");
});

Deno.test("policies leaves out policies and clients that are filtered", async () => {
  const { jobs, runner } = await setUp({
    policy: { exclude: ["Silver*"] },
    client: { include: ["db*"] },
  });
  jobs.end({ endMs: ago(10), status: 6 });
  jobs.end({ endMs: ago(10), status: 6, client: "web" });
  jobs.end({ endMs: ago(10), status: 6, policy: "Silver-1" });
  const result = await runner.run(listsOf({
    Gold: { clients: ["db01", "web"], schedules: [DAILY] },
    "Silver-1": { clients: ["db01"], schedules: [DAILY] },
  }));
  assert.deepEqual(result.series("nbu_client_consecutive_failures"), [
    "client=db01,policy=Gold,schedule_type=FULL_BACKUP: 1",
  ]);
  assert.deepEqual(result.series("nbu_policy_last_run_status"), [
    "policy=Gold,schedule_type=FULL_BACKUP: 6",
  ]);
  assert.deepEqual(result.series("nbu_policy_clients"), ["policy=Gold: 1"]);
  assert.equal(result.requests.filter(({ endpoint }) => endpoint === DETAIL).length, 1);
});

Deno.test("policies reads the list every 15 minutes and details every 6 hours, fifty in a run", async () => {
  const { runner } = await setUp();
  const given = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`P${index}`, {}]));
  const asked = async () => {
    const { requests } = await runner.run(listsOf(given));
    const count = (endpoint: string) => requests.filter((one) => one.endpoint === endpoint).length;
    return [count(LIST), count(DETAIL)];
  };
  assert.deepEqual([await asked(), await asked(), await asked(), await asked()], [
    [1, 50],
    [0, 50],
    [0, 20],
    [0, 0],
  ]);
  await runner.clock.advance(15 * 60_000);
  assert.deepEqual(await asked(), [1, 0]);
  await runner.clock.advance(6 * HOUR * 1000);
  assert.deepEqual(await asked(), [1, 50]);
});

Deno.test("policies loses the details of one policy only where they cannot be had", async () => {
  const { runner } = await setUp();
  const given = { Gold: { clients: ["db01"], schedules: [DAILY] }, "..": {}, Odd: {}, Gone: {} };
  const lists = listsOf(given);
  const detail = lists[DETAIL];
  const result = await runner.run({
    ...lists,
    [DETAIL]: (request) => {
      if (request.path?.endsWith("/Odd")) return ["row"];
      if (request.path?.endsWith("/Gone")) return 404;
      return typeof detail === "function" ? detail(request) : 404;
    },
  });
  assert.deepEqual(result.series("nbu_policy_clients"), ["policy=Gold: 1"]);
  assert.equal(result.count("nbu_policy_active"), 4);
  const warned = result.records.filter(({ level, message }) =>
    level === "warn" && message.startsWith("cannot read policy details")
  );
  assert.deepEqual(
    warned.map(({ fields }) => fields["policy"]),
    ["..", "Odd"],
    "one that is gone needs no word",
  );
});

Deno.test("policies publishes what the jobs say where a release lacks the lists", async () => {
  const { jobs, runner } = await setUp();
  jobs.end({ endMs: ago(10) });
  const result = await runner.run({});
  assert.equal(result.value("nbu_policy_last_run_timestamp_seconds"), NOW - 10);
  assert.equal(result.count("nbu_policy_active"), 0);
});

Deno.test("policies forgets what has not run for 400 days, and failures after 35", async () => {
  const { jobs, runner } = await setUp();
  jobs.end({ endMs: ago(0), status: 6 });
  await runner.clock.advance(36 * DAY * 1000);
  const failing = await runner.run(NOTHING);
  assert.equal(failing.count("nbu_client_consecutive_failures"), 0);
  assert.equal(failing.count("nbu_policy_last_run_status"), 1);
  await runner.clock.advance(365 * DAY * 1000);
  assert.equal((await runner.run(NOTHING)).count("nbu_policy_last_run_status"), 0);
});
