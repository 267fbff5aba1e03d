import assert from "node:assert/strict";
import { sla } from "../../src/collectors/sla.ts";
import { loadText, siteText } from "../config/memory_environment.ts";
import { createFakeJobs, type FakeJobs } from "./_fake_jobs.ts";
import { createRunner, type Lists, type Runner } from "./_runner.ts";

const HOUR = 3_600_000;
/** Begin of the fake clock: midnight, in the middle of a backup day. */
const START = Date.UTC(2026, 0, 1);

function listsOf(
  members: Readonly<Record<string, readonly string[]>> = {},
  { inactive = [], paused = [] }: {
    readonly inactive?: readonly string[];
    readonly paused?: readonly string[];
  } = {},
): Lists {
  return {
    "/config/policies/": inactive.map((id) => ({ id, attributes: { active: false } })),
    "/config/unique-policy-clients": Object.entries(members).map(([id, policyNames]) => ({
      id,
      attributes: { clientInfoType: "HOST", policyNames },
    })),
    "/config/paused-clients": paused.map((displayName, id) => ({
      id,
      attributes: { displayName },
    })),
  };
}

async function setUp(options: Readonly<Record<string, unknown>> = {}, jobs?: FakeJobs) {
  const source = jobs ?? await createFakeJobs();
  const runner = createRunner(sla, options);
  runner.collector.follow?.(source);
  return { jobs: source, runner };
}

/** Runs it at a time, in hours since the begin of the clock; gives met, missed, new, excluded. */
async function at(runner: Runner, hours: number, lists: Lists = listsOf()) {
  await runner.clock.advance(START + hours * HOUR - runner.clock.now());
  const result = await runner.run(lists);
  const states = ["met", "missed", "new", "excluded"];
  return {
    result,
    clients: states.map((state) => result.value("nbu_clients", { state })),
    total: states.map((state) => result.value("nbu_client_outcomes_total", { state })),
  };
}

const time = (hours: number) => START + hours * HOUR;

Deno.test("sla says how clients fared on the last backup day that is over", async () => {
  const { jobs, runner } = await setUp();
  const early = await at(runner, 0);
  assert.deepEqual(early.clients, [undefined, undefined, undefined, undefined]);
  for (const client of ["a", "b", "c"]) jobs.end({ client, endMs: time(1) });
  // The day that ends at 12: all were first seen on it.
  assert.deepEqual((await at(runner, 13)).clients, [3, 0, 0, 0]);
  jobs.end({ client: "a", endMs: time(20), status: 1 });
  jobs.end({ client: "b", endMs: time(35.9), status: 6 });
  jobs.end({ client: "c", endMs: time(36) });
  jobs.end({ client: "d", endMs: time(30), status: 13 });
  jobs.end({ client: "e", endMs: time(30) });
  const { clients, result } = await at(runner, 37);
  assert.deepEqual(clients, [2, 2, 1, 0], "a and e; b and c; d");
  assert.equal(result.value("nbu_clients_day_start_timestamp_seconds"), time(12) / 1000);
  assert.deepEqual((await at(runner, 61)).clients, [1, 4, 0, 0], "c; the others");
});

Deno.test("sla counts clients of active policies, whether or not they were ever tried", async () => {
  const { jobs, runner } = await setUp();
  const lists = listsOf({
    db: ["Gold"],
    never: ["Gold", "Off"],
    off: ["Off"],
    paused: ["Gold"],
  }, { inactive: ["Off"], paused: ["paused"] });
  await at(runner, 0, lists);
  jobs.end({ client: "db", endMs: time(5) });
  assert.deepEqual((await at(runner, 13, lists)).clients, [1, 0, 1, 2]);
  assert.deepEqual((await at(runner, 37, lists)).clients, [0, 2, 0, 2]);
});

Deno.test("sla takes no parent, restore or job without a policy for a backup of a client", async () => {
  const { jobs, runner } = await setUp();
  await at(runner, 0);
  jobs.end({ client: "host", childCount: 3, endMs: time(5) });
  jobs.end({ client: "a", action: "RESTORE", endMs: time(5) });
  jobs.end({ client: "b", policy: "", endMs: time(5) });
  jobs.end({ client: "", endMs: time(5) });
  assert.deepEqual((await at(runner, 13)).clients, [0, 0, 0, 0]);
});

Deno.test("sla leaves out policies that are filtered, and shows clients that are as excluded", async () => {
  const { jobs, runner } = await setUp({
    client: { exclude: ["lab*"] },
    policy: { include: ["Gold"] },
  });
  await at(runner, 0);
  jobs.end({ client: "a", endMs: time(5) });
  jobs.end({ client: "lab1", endMs: time(5) });
  jobs.end({ client: "b", policy: "Silver", endMs: time(5) });
  assert.deepEqual((await at(runner, 13, listsOf({ c: ["Silver"] }))).clients, [1, 0, 0, 1]);
});

Deno.test("sla sums each backup day once, a quarter of an hour after its end", async () => {
  const { jobs, runner } = await setUp();
  await at(runner, 0);
  jobs.end({ client: "a", endMs: time(1) });
  jobs.end({ client: "b", endMs: time(1), status: 6 });
  assert.deepEqual((await at(runner, 12.2)).total, [0, 0, 0, 0]);
  // A job that ended before noon and becomes visible late.
  jobs.end({ client: "b", endMs: time(11.99) });
  assert.deepEqual((await at(runner, 12.25)).total, [2, 0, 0, 0]);
  assert.deepEqual((await at(runner, 13)).total, [2, 0, 0, 0]);
  const { total, result } = await at(runner, 36.25);
  assert.deepEqual(total, [2, 2, 0, 0]);
  assert.ok(
    result.cumulative.some(({ definition }) => definition.name === "nbu_client_outcomes_total"),
  );
});

Deno.test("sla counts the days that went by while the exporter was not running, across restarts", async () => {
  const { jobs, runner } = await setUp();
  await at(runner, 0);
  jobs.end({ client: "a", endMs: time(1) });
  assert.deepEqual((await at(runner, 13)).total, [1, 0, 0, 0]);
  await jobs.save();
  const source = await createFakeJobs(jobs.checkpoint);
  const { runner: later } = await setUp({}, source);
  // What the ledger catches up with: one success on each of the two days, one of them late.
  source.end({ client: "a", endMs: time(20) });
  source.end({ client: "a", endMs: time(50), status: 6 });
  source.end({ client: "b", endMs: time(51) });
  const { total, clients } = await at(later, 61);
  assert.deepEqual(clients, [1, 1, 0, 0]);
  assert.deepEqual(total, [1 + 1 + 1, 1, 0, 0]);
  assert.deepEqual(jobs.checkpoint.refused, []);
  await source.save();
  const again = await setUp({}, await createFakeJobs(source.checkpoint));
  assert.deepEqual((await at(again.runner, 62)).total, total);
});

Deno.test("sla begins to sum anew where a newer state was lost, and keeps the clients", async () => {
  const { jobs, runner } = await setUp();
  await at(runner, 0);
  jobs.end({ client: "a", endMs: time(1) });
  await at(runner, 13);
  await jobs.save();
  jobs.checkpoint.failing = "set aside";
  await assert.rejects(jobs.save());
  const { runner: later } = await setUp({}, await createFakeJobs(jobs.checkpoint));
  const { total, clients } = await at(later, 14);
  assert.deepEqual([total, clients], [[0, 0, 0, 0], [1, 0, 0, 0]]);
});

Deno.test("sla begins its days where and when the configuration says", async () => {
  const options = { dayStart: "6:30", timeZone: "America/New_York" };
  const { jobs, runner } = await setUp(options);
  await at(runner, 0);
  jobs.end({ client: "a", endMs: time(11.4) });
  jobs.end({ client: "b", endMs: time(11.6), status: 6 });
  assert.deepEqual((await at(runner, 11.55)).clients, [1, 0, 0, 0]);
  const { clients, result } = await at(runner, 35.6);
  assert.deepEqual(clients, [0, 1, 1, 0]);
  assert.equal(result.value("nbu_clients_day_start_timestamp_seconds"), time(11.5) / 1000);
});

Deno.test("sla forgets a client in no policy that was not tried for a week", async () => {
  const { jobs, runner } = await setUp();
  await at(runner, 0);
  jobs.end({ client: "vm", endMs: time(1) });
  jobs.end({ client: "db", endMs: time(1) });
  const lists = listsOf({ db: ["Gold"] });
  assert.deepEqual((await at(runner, 6 * 24, lists)).clients, [0, 2, 0, 0]);
  assert.deepEqual((await at(runner, 8 * 24, lists)).clients, [0, 1, 0, 0]);
});

Deno.test("sla goes by the jobs alone where a release lacks the lists", async () => {
  const { jobs, runner } = await setUp();
  await at(runner, 0, {});
  jobs.end({ client: "a", endMs: time(1) });
  assert.deepEqual((await at(runner, 13, {})).clients, [1, 0, 0, 0]);
});

Deno.test("the configuration refuses a day that begins at no time, and a zone that there is not", async () => {
  const load = (options: string) =>
    loadText(siteText([], [`collectors: {sla: {enabled: true, ${options}}}`]));
  await load('dayStart: "00:00", timeZone: Asia/Kolkata');
  await load("dayStart: 6:05");
  await assert.rejects(load('dayStart: "24:00"'), /sla\.dayStart: .*a time of day such as "12:00"/);
  await assert.rejects(load("dayStart: noon"), /a time of day/);
  await assert.rejects(load("timeZone: Mars/Olympus"), /sla\.timeZone: .*the name of a time zone/);
});
