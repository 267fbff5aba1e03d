import assert from "node:assert/strict";
import { createFakeClock } from "../testing/fake_clock.ts";
import { askJson, readJobs } from "./requests.ts";
import { createSimulator, type Simulator } from "./simulator.ts";

const START = Date.UTC(2026, 0, 1);

function worldOf(count: number): Simulator {
  const simulator = createSimulator({ clock: createFakeClock(START), storageUnits: [] });
  for (let index = 0; index < count; index++) {
    simulator.addJob({
      // Many jobs share their times, so that pages end between equal ones.
      startTime: START - 100_000 + Math.floor(index / 7) * 1000,
      ...(index % 5 !== 0 && { endTime: START - 50_000 + Math.floor(index / 30) * 1000 }),
      lastUpdateTime: START - 50_000 + (index * 37) % 1000,
      state: index % 5 === 0 ? "ACTIVE" : "DONE",
      status: index % 3,
      clientName: `client${index % 11}`,
    });
  }
  return simulator;
}

const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => Number(row.id));

Deno.test("paging: every order gives each job once, in that order", async () => {
  const simulator = worldOf(250);
  const all = Array.from({ length: 250 }, (_, index) => index + 1);
  for (
    const sort of [
      "endTime",
      "-endTime",
      "lastUpdateTime",
      "-startTime",
      "jobId",
      "-jobId",
      "startTime,jobId",
      "clientName,-endTime",
      "-status",
      "endTime,-jobId",
    ]
  ) {
    for (const limit of [7, 100]) {
      const rows = await readJobs(simulator, { sort, "page[limit]": limit });
      assert.deepEqual(ids(rows).sort((a, b) => a - b), all, `${sort} by ${limit}`);
      const [key = "", descending] = [sort.split(",")[0]?.replace("-", ""), sort.startsWith("-")];
      const values = rows.map(({ attributes }) => attributes[key]);
      for (let index = 1; index < values.length; index++) {
        const [left, right] = [values[index - 1], values[index]];
        if (typeof left === "number" && typeof right === "number") {
          assert.ok(descending ? left >= right : left <= right, `${sort} at ${index}`);
        } else {
          assert.ok(
            descending ? String(left) >= String(right) : String(left) <= String(right),
            sort,
          );
        }
      }
    }
  }
});

Deno.test("paging: a filter with a range gives what going through all jobs gives", async () => {
  const simulator = worldOf(250);
  const all = await readJobs(simulator, { "page[limit]": 100 });
  const from = new Date(START - 48_000).toISOString();
  const to = new Date(START - 45_000).toISOString();
  const expected = ids(
    all.filter(({ attributes: { state, endTime } }) =>
      state === "DONE" && String(endTime) >= from && String(endTime) < to
    ),
  ).sort((a, b) => a - b);
  assert.ok(expected.length > 20);
  for (const sort of ["endTime", "-lastUpdateTime", "jobId", "clientName"]) {
    const filter = `state eq 'DONE' and endTime ge ${from} and endTime lt ${to}`;
    const rows = await readJobs(simulator, { filter, sort, "page[limit]": 10 });
    assert.deepEqual(ids(rows).sort((a, b) => a - b), expected, sort);
  }
});

Deno.test("paging: every operator on a time or an id gives what going through all jobs gives", async () => {
  const simulator = worldOf(120);
  const all = await readJobs(simulator, { "page[limit]": 100 });
  const holds: Record<string, (value: number, bound: number) => boolean> = {
    eq: (value, bound) => value === bound,
    ne: (value, bound) => value !== bound,
    lt: (value, bound) => value < bound,
    gt: (value, bound) => value > bound,
    le: (value, bound) => value <= bound,
    ge: (value, bound) => value >= bound,
  };
  const bounds = { endTime: START - 48_000, lastUpdateTime: START - 49_519, jobId: 60 };
  for (const [field, bound] of Object.entries(bounds)) {
    const text = field === "jobId" ? String(bound) : new Date(bound).toISOString();
    for (const [operator, test] of Object.entries(holds)) {
      const expected = ids(all.filter(({ attributes }) => {
        const value = attributes[field];
        return test(typeof value === "number" ? value : Date.parse(String(value)), bound);
      })).sort((a, b) => a - b);
      assert.ok(expected.length > 0, `${field} ${operator}`);
      for (const sort of [field, `-${field}`, "-startTime"]) {
        const filter = `${field} ${operator} ${text}`;
        const rows = await readJobs(simulator, { filter, sort, "page[limit]": 7 });
        assert.deepEqual(ids(rows).sort((a, b) => a - b), expected, `${filter} by ${sort}`);
      }
    }
  }
});

Deno.test("paging: `state ne 'DONE'` gives the unfinished jobs alone", async () => {
  const simulator = worldOf(50);
  const rows = await readJobs(simulator, { filter: "state ne 'DONE'", sort: "jobId" });
  assert.deepEqual(ids(rows), [1, 6, 11, 16, 21, 26, 31, 36, 41, 46]);
  assert.ok(rows.every(({ attributes }) => attributes["endTime"] === "1970-01-01T00:00:00.000Z"));
  const none = "state ne 'DONE' and state eq 'DONE'";
  assert.deepEqual(await readJobs(simulator, { filter: none }), []);
});

Deno.test("paging: without parameters come the ten newest by start time", async () => {
  const { body } = await askJson(worldOf(25), "/admin/jobs");
  assert.deepEqual(ids(body.data), [25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
  assert.equal(body.meta.pagination["limit"], 10);
});

Deno.test("paging: `prev` leads back over the same pages", async () => {
  const simulator = worldOf(35);
  const page = (cursor: Record<string, string | number>) =>
    askJson(simulator, "/admin/jobs", { query: { "page[limit]": 10, ...cursor } })
      .then(({ body }) => body);
  const first = await page({});
  const second = await page({ "page[after]": first.meta.pagination["next"] ?? "" });
  const third = await page({ "page[after]": second.meta.pagination["next"] ?? "" });
  const back = await page({ "page[before]": third.meta.pagination["prev"] ?? "" });
  assert.deepEqual(ids(back.data), ids(second.data));
  const start = await page({ "page[before]": back.meta.pagination["prev"] ?? "" });
  assert.deepEqual(ids(start.data), ids(first.data));
  assert.equal(start.meta.pagination["prev"], undefined);
  assert.equal(first.meta.pagination["prev"], undefined);
});

Deno.test("paging: a job that arrives while pages are read shifts no other", async () => {
  const simulator = worldOf(30);
  const query = { sort: "-startTime", "page[limit]": 10 };
  const { body: first } = await askJson(simulator, "/admin/jobs", { query });
  simulator.addJob({ startTime: START });
  const rest = await askJson(simulator, "/admin/jobs", {
    query: { ...query, "page[limit]": 100, "page[after]": first.meta.pagination["next"] ?? "" },
  });
  assert.deepEqual(
    ids([...first.data, ...rest.body.data]),
    ids(await readJobs(worldOf(30), query)),
  );
});

Deno.test("paging: limits of the job list are 0 to 100", async () => {
  const simulator = worldOf(3);
  const status = async (query: Record<string, string | number>) =>
    (await askJson(simulator, "/admin/jobs", { query })).status;
  assert.equal(await status({ "page[limit]": 100 }), 200);
  assert.equal(await status({ "page[limit]": 0 }), 200);
  for (const limit of [101, -1, 1.5, "ten", ""]) {
    assert.equal(await status({ "page[limit]": limit }), 400, String(limit));
  }
});

Deno.test("paging: an offset, a foreign cursor and a damaged cursor are refused", async () => {
  const simulator = worldOf(30);
  const get = (query: Record<string, string | number>) =>
    askJson(simulator, "/admin/jobs", { query });
  const { body } = await get({ sort: "endTime" });
  const next = body.meta.pagination["next"] ?? "";
  assert.equal((await get({ sort: "endTime", "page[after]": next })).status, 200);
  assert.equal((await get({ sort: "startTime", "page[after]": next })).status, 400);
  assert.equal((await get({ sort: "endTime", "page[after]": "4100" })).status, 400);
  assert.equal((await get({ "page[after]": "%%%" })).status, 400);
  assert.equal((await get({ "page[offset]": 10 })).status, 400);
  assert.equal((await get({ filter: "endTime ge yesterday" })).status, 400);
});

Deno.test("paging: a response in an API version before 9.0 has offsets in place of cursors", async () => {
  const { body } = await askJson(worldOf(25), "/admin/jobs", {
    version: "8.0",
    query: { "page[offset]": 20, "page[limit]": 10, sort: "jobId" },
  });
  assert.deepEqual(ids(body.data), [21, 22, 23, 24, 25]);
  assert.equal(body.meta.pagination["count"], 25);
  assert.equal(body.meta.pagination["next"], undefined);
});

Deno.test("paging: with `nextOnLastPage` the last cursor leads to an empty page", async () => {
  const simulator = createSimulator({ nextOnLastPage: true });
  simulator.addJob({});
  const first = await askJson(simulator, "/admin/jobs");
  const next = first.body.meta.pagination["next"];
  assert.ok(next);
  const second = await askJson(simulator, "/admin/jobs", { query: { "page[after]": next } });
  assert.deepEqual(second.body.data, []);
  assert.equal(second.body.meta.pagination["next"], undefined);
});

Deno.test("paging: storage units come by offset, 10 by default and 500 at most", async () => {
  const simulator = createSimulator({ storageUnitCount: 123 });
  const get = (query: Record<string, string | number>) =>
    askJson(simulator, "/storage/storage-units", { query });
  const { body: standard } = await get({});
  assert.equal(standard.data.length, 10);
  assert.equal(standard.meta.pagination["count"], 123);
  assert.equal(standard.meta.pagination["next"], 10);
  assert.equal(standard.meta.pagination["last"], 120);
  const names = new Set<string>();
  for (let offset = 0; offset < 123; offset += 50) {
    const { body } = await get({ "page[limit]": 50, "page[offset]": offset });
    for (const row of body.data) names.add(row.id);
  }
  assert.equal(names.size, 123);
  assert.equal((await get({ "page[limit]": 500 })).body.data.length, 123);
  assert.deepEqual((await get({ "page[offset]": 123 })).body.data, []);
  assert.equal((await get({ "page[limit]": 501 })).status, 400);
  assert.equal((await get({ "page[limit]": 0 })).status, 400);
  assert.equal((await get({ "page[after]": "x" })).status, 400);
});
