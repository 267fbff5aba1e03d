import assert from "node:assert/strict";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createSortedIndex } from "./jobs/sorted_index.ts";
import { ask, readJobs } from "./requests.ts";
import { createSimulator, type SimulatorOptions, type TrueJob } from "./simulator.ts";
import { relativesOf } from "./world/layout.ts";
import { lifeOf, MAX_LIFE } from "./world/life.ts";
import { createSchedule } from "./world/schedule.ts";

const START = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
const WORLD = {
  seed: 7,
  jobsPerHour: 1800,
  historyHours: 1,
  meanDurationSeconds: 60,
  resumeRatio: 0.05,
  growthRatio: 0.05,
  lateRatio: 0.05,
} satisfies SimulatorOptions;

const worldAt = (timeMs: number, options: SimulatorOptions = {}) => {
  const clock = createFakeClock(timeMs);
  return { clock, simulator: createSimulator({ ...WORLD, ...options, clock }) };
};

const byId = (jobs: readonly TrueJob[]) => new Map(jobs.map((job) => [job.jobId, job]));

Deno.test("world: the same seed and time give the same bytes, whatever came before", async () => {
  const path = "/admin/jobs";
  const query = { "page[limit]": 100, sort: "lastUpdateTime" };
  const direct = worldAt(START + 30 * MINUTE);
  const stepped = worldAt(START);
  for (let step = 0; step < 45; step++) {
    await (await ask(stepped.simulator, path, { query })).text();
    await stepped.clock.advance(40_000);
  }
  const jumped = worldAt(START - 500 * MINUTE);
  await (await ask(jumped.simulator, path, { query })).text();
  await jumped.clock.advance(530 * MINUTE);
  for (const sort of ["lastUpdateTime", "-endTime", "jobId", "-startTime"]) {
    const texts = await Promise.all(
      [direct, stepped, jumped].map(async ({ simulator }) =>
        JSON.stringify(await readJobs(simulator, { ...query, sort }))
      ),
    );
    assert.ok((texts[0]?.length ?? 0) > 1_000_000);
    assert.ok(texts[0] === texts[1], `stepped, ${sort}`);
    assert.ok(texts[0] === texts[2], `jumped, ${sort}`);
  }
});

Deno.test("world: another seed gives other jobs", () => {
  const figures = (seed: number) => JSON.stringify(worldAt(START, { seed }).simulator.truth.jobs());
  assert.notEqual(figures(1), figures(2));
  assert.equal(figures(1), figures(1));
});

Deno.test("world: a full read through the API is the truth", async () => {
  const { clock, simulator } = worldAt(START);
  for (let round = 0; round < 4; round++) {
    const rows = await readJobs(simulator, { "page[limit]": 100, sort: "endTime" });
    const truth = byId(simulator.truth.jobs());
    assert.ok(truth.size > 1500);
    assert.equal(rows.length, truth.size);
    for (const { attributes } of rows) {
      const job = truth.get(Number(attributes["jobId"]));
      assert.ok(job);
      assert.equal(attributes["state"], job.state);
      assert.equal(attributes["status"], job.status);
      assert.equal(attributes["kilobytesTransferred"], job.kilobytesTransferred);
      assert.equal(attributes["numberOfFiles"], job.numberOfFiles);
      assert.equal(attributes["dedupRatio"], job.dedupRatio);
      assert.equal(Date.parse(String(attributes["lastUpdateTime"])), job.lastUpdateTimeMs);
    }
    await clock.advance(7 * MINUTE + 123);
  }
});

Deno.test("world: finished and unfinished jobs through the API are those of the truth", async () => {
  const { clock, simulator } = worldAt(START);
  await readJobs(simulator, { "page[limit]": 100 });
  await clock.advance(3 * MINUTE);
  const from = clock.now() - 20 * MINUTE;
  const since = new Date(from).toISOString();
  const ids = (rows: readonly { readonly id: string }[]) =>
    rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
  const trueIds = (jobs: readonly TrueJob[]) =>
    jobs.map(({ jobId }) => jobId).sort((a, b) => a - b);
  const finished = simulator.truth.finishedBetween(from);
  assert.ok(finished.length > 500);
  assert.deepEqual(
    ids(
      await readJobs(simulator, {
        filter: `state eq 'DONE' and endTime ge ${since}`,
        sort: "endTime",
        "page[limit]": 100,
      }),
    ),
    trueIds(finished),
  );
  const updated = simulator.truth.jobs().filter((job) =>
    job.state === "DONE" && job.lastUpdateTimeMs >= from
  );
  assert.deepEqual(
    ids(
      await readJobs(simulator, {
        filter: `state eq 'DONE' and lastUpdateTime ge ${since}`,
        sort: "lastUpdateTime",
        "page[limit]": 100,
      }),
    ),
    trueIds(updated),
  );
  const unfinished = simulator.truth.unfinished();
  assert.ok(unfinished.length > 10);
  assert.deepEqual(
    ids(await readJobs(simulator, { filter: "state ne 'DONE'", "page[limit]": 100 })),
    trueIds(unfinished),
  );
});

Deno.test("world: a job is queued, runs with growing figures, and is done", async () => {
  const { clock, simulator } = worldAt(START, {
    jobsPerHour: 500,
    historyHours: 0.5,
    meanDurationSeconds: 200,
  });
  const histories = new Map<number, TrueJob[]>();
  for (let step = 0; step < 100; step++) {
    for (const job of simulator.truth.jobs()) {
      if (job.startTimeMs <= START) continue;
      const history = histories.get(job.jobId) ?? [];
      histories.set(job.jobId, [...history, job]);
    }
    await clock.advance(10_000);
  }
  let complete = 0;
  for (const history of histories.values()) {
    const states = history.map(({ state }) => state);
    if (states[0] === "QUEUED" && states.includes("ACTIVE") && states.at(-1) === "DONE") {
      complete += 1;
    }
    for (const [index, job] of history.entries()) {
      const before = history[index - 1];
      if (!before) continue;
      assert.ok(job.lastUpdateTimeMs >= before.lastUpdateTimeMs, `job ${job.jobId}`);
      assert.ok(job.tryNumber >= before.tryNumber);
      if (job.tryNumber === before.tryNumber) {
        assert.ok(job.kilobytesTransferred >= before.kilobytesTransferred, `job ${job.jobId}`);
        assert.ok(job.numberOfFiles >= before.numberOfFiles);
      }
      if (job.state === "DONE") assert.ok(job.endTimeMs !== undefined);
      else assert.equal(job.endTimeMs, undefined);
    }
  }
  assert.ok(complete > 30, `${complete} complete histories`);
  const grew = [...histories.values()].some((history) =>
    new Set(
      history.filter(({ state }) => state === "ACTIVE")
        .map(({ kilobytesTransferred }) => kilobytesTransferred),
    ).size > 5
  );
  assert.ok(grew);
});

Deno.test("world: all states, many types and statuses, retries and awkward names occur", () => {
  const { simulator } = worldAt(START, { jobsPerHour: 20_000, meanDurationSeconds: 300 });
  const jobs = simulator.truth.jobs();
  const seen = (pick: (job: TrueJob) => unknown) => new Set(jobs.map(pick));
  assert.deepEqual([...seen(({ state }) => state)].sort(), [
    "ACTIVE",
    "DONE",
    "INCOMPLETE",
    "QUEUED",
    "REQUEUED",
    "SUSPENDED",
  ]);
  const types = seen(({ jobType }) => jobType);
  for (
    const type of ("BACKUP RESTORE DUPLICATE REPLICATE IMPORT REPLICA_IMPORT VERIFY IMAGEDELETE " +
      "DBBACKUP SNAPSHOT").split(" ")
  ) assert.ok(types.has(type), type);
  const statuses = seen(({ status }) => status);
  for (const status of [0, 1, 6, 13, 24, 58, 84, 150, 196, 2074]) {
    assert.ok(statuses.has(status), String(status));
  }
  assert.ok(seen(({ tryNumber }) => tryNumber).has(2));
  assert.ok(seen(({ jobQueueReason }) => jobQueueReason).size > 10);
  assert.ok(seen(({ policyType }) => policyType).has(""));
  const policies = [...seen(({ policyName }) => policyName)].join();
  for (const part of ["|", '"', "\\", "\n", "📦", ","]) assert.ok(policies.includes(part), part);
  assert.ok(jobs.some(({ dedupRatio }) => !Number.isInteger(dedupRatio)));
});

Deno.test("world: parents end after their children, and count them", () => {
  const { simulator } = worldAt(START);
  const jobs = byId(simulator.truth.jobs());
  let families = 0;
  let grandchildren = 0;
  for (const job of jobs.values()) {
    const path = job.jobPath.split(".").map(Number);
    assert.equal(path.at(-1), job.jobId);
    if (path.length > 2) grandchildren += 1;
    if (path.length > 1) assert.equal(path.at(-2), job.parentJobId);
    else assert.ok(job.parentJobId === 0 || job.parentJobId === job.jobId);
    const children = [...jobs.values()].filter((child) =>
      child.parentJobId === job.jobId && child.jobId !== job.jobId
    );
    if (children.length === 0 || job.state !== "DONE") continue;
    families += 1;
    assert.ok(job.childCount >= children.length);
  }
  assert.ok(families > 50);
  assert.ok(grandchildren > 20);
});

Deno.test("world: jobs leave when their history is over, and ids stay 32 bits wide", async () => {
  const { clock, simulator } = worldAt(START, { jobsPerHour: 1_000_000, historyHours: 0.01 });
  await readJobs(simulator, { "page[limit]": 100, filter: "state eq 'DONE' and status eq 196" });
  await clock.advance(20_000);
  const rows = await readJobs(simulator, {
    filter: "state eq 'DONE'",
    sort: "endTime",
    "page[limit]": 100,
  });
  const oldest = Date.parse(String(rows[0]?.attributes["endTime"]));
  assert.ok(oldest >= clock.now() - 36_000);
  assert.equal(
    rows.length,
    simulator.truth.jobs().filter(({ state }) => state === "DONE").length,
  );
  assert.ok(rows.every(({ attributes }) => Number(attributes["jobId"]) < 2 ** 31));
});

Deno.test("world: a resumed job ends again, and both ends are known", async () => {
  const { clock, simulator } = worldAt(START, { resumeRatio: 0.5 });
  await clock.advance(10 * MINUTE);
  const ends = simulator.truth.endsBetween(START - 30 * MINUTE);
  const perJob = new Map<number, number>();
  for (const { jobId } of ends) perJob.set(jobId, (perJob.get(jobId) ?? 0) + 1);
  assert.ok([...perJob.values()].some((count) => count === 2));
  const now = byId(simulator.truth.finishedBetween(START - 30 * MINUTE));
  for (const job of now.values()) {
    assert.ok(ends.some((end) => end.jobId === job.jobId && end.endTimeMs === job.endTimeMs));
  }
});

Deno.test("world: figures of some finished jobs grow, with a new update time", async () => {
  const { clock, simulator } = worldAt(START, {
    jobsPerHour: 7200,
    growthRatio: 0.5,
    resumeRatio: 0,
    lateRatio: 0,
  });
  const before = byId(simulator.truth.finishedBetween(START - 5 * MINUTE));
  await clock.advance(5 * MINUTE);
  let grown = 0;
  for (const job of simulator.truth.jobs()) {
    const was = before.get(job.jobId);
    if (!was || was.kilobytesTransferred === job.kilobytesTransferred) continue;
    grown += 1;
    assert.ok(job.kilobytesTransferred > was.kilobytesTransferred);
    assert.equal(job.endTimeMs, was.endTimeMs);
    assert.ok(job.lastUpdateTimeMs > was.lastUpdateTimeMs);
  }
  assert.ok(grown > 10);
});

Deno.test("world: late rows appear as finished after newer ones have been served", async () => {
  const newRows = async (lateRatio: number) => {
    const { clock, simulator } = worldAt(START, { lateRatio, resumeRatio: 0, growthRatio: 0 });
    const query = { filter: "state eq 'DONE'", sort: "lastUpdateTime", "page[limit]": 100 };
    const first = await readJobs(simulator, query);
    const newest = String(first.at(-1)?.attributes["lastUpdateTime"]);
    const known = new Set(first.map(({ id }) => id));
    await clock.advance(MINUTE);
    const second = await readJobs(simulator, query);
    return second.filter(({ id, attributes }) =>
      !known.has(id) && String(attributes["lastUpdateTime"]) < newest
    ).length;
  };
  assert.ok(await newRows(0.5) > 0);
  assert.equal(await newRows(0), 0);
});

Deno.test("world: the clock of NetBackup can be wrong", () => {
  const ahead = worldAt(START, { skewMs: 90_000 });
  const right = worldAt(START + 90_000);
  assert.equal(ahead.simulator.truth.now(), START + 90_000);
  assert.deepEqual(ahead.simulator.truth.jobs(), right.simulator.truth.jobs());
});

Deno.test("world: generated jobs can be changed, removed and ended by a test", async () => {
  const { simulator } = worldAt(START);
  const [first, second, running] = [
    ...simulator.truth.finishedBetween(START - 10 * MINUTE).slice(0, 2),
    simulator.truth.unfinished()[0],
  ].map((job) => job?.jobId ?? 0);
  assert.ok(first && second && running);
  simulator.updateJob(first, { status: 42 });
  simulator.removeJob(second);
  simulator.updateJob(running, { state: "DONE", status: 7 });
  const added = simulator.addJob({ clientName: "mine" });
  const rows = new Map(
    (await readJobs(simulator, { "page[limit]": 100 })).map((
      { id, attributes },
    ) => [id, attributes]),
  );
  assert.equal(rows.get(String(first))?.["status"], 42);
  assert.equal(rows.has(String(second)), false);
  assert.equal(rows.get(String(running))?.["state"], "DONE");
  assert.equal(rows.get(String(added))?.["clientName"], "mine");
  assert.equal(rows.size, simulator.truth.jobs().length);
  simulator.clearJobs();
  assert.deepEqual(await readJobs(simulator), []);
  assert.deepEqual(simulator.truth.jobs(), []);
});

Deno.test("added jobs: times, ends and removal are as told, and remembered", async () => {
  const clock = createFakeClock(START);
  const simulator = createSimulator({ clock });
  const jobId = simulator.addJob({ state: "ACTIVE", startTime: START - 5000 });
  await clock.advance(1000);
  simulator.updateJob(jobId, { state: "DONE", kilobytesTransferred: 10 });
  await clock.advance(1000);
  simulator.updateJob(jobId, { kilobytesTransferred: 12 });
  await clock.advance(1000);
  simulator.updateJob(jobId, { state: "ACTIVE" });
  assert.deepEqual(simulator.truth.unfinished().map((job) => job.jobId), [jobId]);
  await clock.advance(1000);
  simulator.updateJob(jobId, { state: "DONE", lastUpdateTime: START });
  const ends = simulator.truth.endsBetween(START);
  assert.deepEqual(
    ends.map(({ endTimeMs, job }) => [endTimeMs - START, job.kilobytesTransferred]),
    [[1000, 12], [4000, 12]],
  );
  assert.equal(simulator.truth.jobs()[0]?.lastUpdateTimeMs, START);
  assert.equal(simulator.truth.jobs(START)[0]?.state, "ACTIVE");
  simulator.removeJob(jobId);
  assert.deepEqual(simulator.truth.jobs(), []);
  assert.throws(() => simulator.removeJob(jobId), RangeError);
  assert.throws(() => simulator.updateJob(jobId, {}), RangeError);
});

Deno.test("added jobs: a row can have fields of any name and type", async () => {
  const simulator = createSimulator();
  simulator.addJob({ raw: { dedupRatio: "much", news: [1] } });
  const [row] = await readJobs(simulator);
  assert.equal(row?.attributes["dedupRatio"], "much");
  assert.deepEqual(row?.attributes["news"], [1]);
});

Deno.test("storage units: one of each kind, capacities that add up, and fakes for the cloud", async () => {
  const simulator = createSimulator({ clock: createFakeClock(START) });
  const units = simulator.truth.storageUnits();
  const categories = new Set(units.map(({ storageCategory }) => storageCategory));
  assert.deepEqual([...categories].sort(), [
    "ADVANCED_DISK",
    "BASIC_DISK",
    "CLOUD",
    "CLOUD_CATALYST",
    "MSDP",
    "OPEN_STORAGE",
    "TAPE",
  ]);
  for (const unit of units) {
    const { freeCapacityBytes, usedCapacityBytes, totalCapacityBytes } = unit;
    if (totalCapacityBytes === undefined) {
      assert.ok(["TAPE", "CLOUD"].includes(unit.storageCategory));
      continue;
    }
    assert.equal((freeCapacityBytes ?? 0) + (usedCapacityBytes ?? 0), totalCapacityBytes);
  }
  assert.ok(units.some(({ totalCapacityBytes }) => totalCapacityBytes === 0));
  const response = await ask(simulator, "/storage/storage-units", {
    query: { "page[limit]": 100 },
  });
  assert.match(await response.text(), /"totalCapacityBytes":9223372036854775807,/);
});

Deno.test("storage units: used space changes with time, a given list does not", () => {
  const simulator = createSimulator({ clock: createFakeClock(START) });
  const used = (atMs: number) => simulator.truth.storageUnits(atMs)[0]?.usedCapacityBytes;
  assert.notEqual(used(START), used(START + 10 * MINUTE));
  simulator.setStorageUnits([{ name: "only", totalCapacityBytes: 5 }]);
  assert.deepEqual(
    simulator.truth.storageUnits().map((
      { name, totalCapacityBytes },
    ) => [name, totalCapacityBytes]),
    [["only", 5]],
  );
});

Deno.test("layout: parents and children name each other, within their block", () => {
  for (let sequence = 0; sequence < 5000; sequence++) {
    const kin = relativesOf(3, sequence);
    assert.ok(kin.parent <= 0);
    if (kin.parent !== 0) {
      assert.ok(relativesOf(3, sequence + kin.parent).children.includes(-kin.parent));
    }
    for (const child of kin.children) {
      assert.equal(relativesOf(3, sequence + child).parent, -child);
      assert.equal(Math.floor((sequence + child) / 10), Math.floor(sequence / 10));
    }
  }
});

Deno.test("life: phases follow each other, end with DONE, and end in time", () => {
  const settings = {
    seed: 5,
    jobsPerHour: 3600,
    meanDurationMs: 60_000,
    resumeRatio: 0.3,
    growthRatio: 0.3,
    lateRatio: 0.3,
    lateByMs: 30_000,
  };
  for (let sequence = 0; sequence < 20_000; sequence++) {
    const { bornMs, phases } = lifeOf(settings, sequence);
    assert.equal(phases[0]?.fromMs, bornMs);
    assert.equal(phases.at(-1)?.state, "DONE");
    for (const [index, phase] of phases.entries()) {
      const before = phases[index - 1];
      if (before) assert.ok(phase.fromMs > before.fromMs, `job ${sequence}`);
      assert.ok(phase.updateMs <= phase.fromMs);
    }
    const lasted = (phases.at(-1)?.fromMs ?? 0) - bornMs;
    assert.ok(lasted <= MAX_LIFE * settings.meanDurationMs + settings.lateByMs);
  }
});

Deno.test("schedule: gives back by time, and nothing before it is due", () => {
  const schedule = createSchedule();
  const times = Array.from({ length: 200 }, (_, index) => (index * 7919) % 1009);
  times.forEach((atMs) => schedule.add({ atMs, item: atMs }));
  const taken: number[] = [];
  for (let item = schedule.takeDue(500); item !== undefined; item = schedule.takeDue(500)) {
    taken.push(item);
  }
  assert.deepEqual(taken, times.filter((time) => time <= 500).sort((a, b) => a - b));
  assert.equal(schedule.size, 200 - taken.length);
});

Deno.test("sorted index: stays sorted under any insertion and removal", () => {
  const index = createSortedIndex([{ key: 5, id: 1 }, { key: 1, id: 2 }]);
  const model = new Map([["5/1", [5, 1]], ["1/2", [1, 2]]]);
  for (let step = 0; step < 4000; step++) {
    const key = (step * 31) % 97;
    const id = (step * 17) % 53;
    const name = `${key}/${id}`;
    if (step > 1500 && step % 3 !== 0) {
      const first = index.at(0);
      if (first && step % 2) {
        assert.ok(index.remove(first.key, first.id));
        model.delete(`${first.key}/${first.id}`);
      } else {
        assert.equal(index.remove(key, id), model.delete(name));
      }
    } else if (!model.has(name)) {
      index.insert(key, id);
      model.set(name, [key, id]);
    }
  }
  const expected = [...model.values()].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d);
  assert.equal(index.size, expected.length);
  expected.forEach(([key = 0, id = 0], rank) => {
    assert.deepEqual(index.at(rank), { key, id });
    assert.equal(index.rank({ key, id }), rank);
  });
  assert.equal(index.at(-1), undefined);
});
