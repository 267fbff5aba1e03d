import assert from "node:assert/strict";
import { createFakeClock } from "../testing/fake_clock.ts";
import { ConnectionDropped } from "./faults/apply.ts";
import { ask, askJson } from "./requests.ts";
import { createSimulator, type FaultRule, type Simulator } from "./simulator.ts";

const START = Date.UTC(2026, 0, 1);

function withJobs(count = 25): { simulator: Simulator; clock: ReturnType<typeof createFakeClock> } {
  const clock = createFakeClock(START);
  const simulator = createSimulator({ clock });
  for (let index = 0; index < count; index++) simulator.addJob({ kilobytesTransferred: index });
  return { simulator, clock };
}

const add = (rule: FaultRule) => {
  const { simulator } = withJobs();
  simulator.faults.add(rule);
  return simulator;
};

Deno.test("fault status: 429 with Retry-After in each of its three forms", async () => {
  for (
    const [form, expected] of [
      ["seconds", "90"],
      ["http-date", "Thu, 01 Jan 2026 00:01:30 GMT"],
      ["iso", "2026-01-01T00:01:30.000Z"],
    ] as const
  ) {
    const simulator = add({ kind: "status", status: 429, retryAfter: { form, waitMs: 90_000 } });
    const response = await ask(simulator, "/admin/jobs");
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("retry-after"), expected);
    assert.equal(typeof (await response.json()).errorCode, "number");
  }
});

Deno.test("fault status: with NetBackup's body, HTML or none", async () => {
  const get = async (body: "error" | "html" | "empty") => {
    const response = await ask(add({ kind: "status", status: 503, body }), "/admin/jobs");
    return [response.status, response.headers.get("content-type"), await response.text()] as const;
  };
  assert.match((await get("error")).join(), /^503,application\/vnd.*The server is busy/);
  assert.match((await get("html")).join(), /^503,text\/html.*<html>/);
  assert.deepEqual(await get("empty"), [503, null, ""]);
});

Deno.test("fault rule: meets one endpoint, after some requests, as often as it says", async () => {
  const simulator = add({
    kind: "status",
    status: 500,
    endpoint: "/admin/jobs",
    skip: 1,
    count: 2,
  });
  const status = async (path: string) => (await askJson(simulator, path)).status;
  assert.equal(await status("/storage/storage-units"), 200);
  assert.equal(await status("/admin/jobs"), 200);
  assert.equal(await status("/storage/storage-units"), 200);
  assert.equal(await status("/admin/jobs"), 500);
  assert.equal(simulator.faults.list().length, 1);
  assert.equal(await status("/admin/jobs"), 500);
  assert.equal(simulator.faults.list().length, 0);
  assert.equal(await status("/admin/jobs"), 200);
});

Deno.test("fault rule: lasts until it is taken away or all are cleared", async () => {
  const { simulator } = withJobs();
  const status = async () => (await askJson(simulator, "/admin/jobs")).status;
  const remove = simulator.faults.add({ kind: "status", status: 500 });
  assert.deepEqual([await status(), await status()], [500, 500]);
  remove();
  assert.equal(await status(), 200);
  simulator.faults.add({ kind: "status", status: 502 });
  assert.equal(await status(), 502);
  simulator.faults.clear();
  assert.equal(await status(), 200);
});

Deno.test("fault rule: a probability meets about that part, the same requests each time", async () => {
  const series = async () => {
    const simulator = add({ kind: "status", status: 500, probability: 0.3 });
    const statuses: number[] = [];
    for (let index = 0; index < 200; index++) {
      statuses.push((await askJson(simulator, "/authorization-context")).status);
    }
    return statuses;
  };
  const [first, second] = [await series(), await series()];
  assert.deepEqual(first, second);
  const failed = first.filter((status) => status === 500).length;
  assert.ok(failed > 30 && failed < 90, `${failed} of 200`);
});

Deno.test("fault latency: the response waits on the clock", async () => {
  const { simulator, clock } = withJobs();
  simulator.faults.add({ kind: "latency", ms: 500 });
  let responded = false;
  const response = askJson(simulator, "/admin/jobs").then(() => responded = true);
  await clock.advance(499);
  assert.equal(responded, false);
  await clock.advance(1);
  await response;
});

Deno.test("fault drop and hang: no response comes", async () => {
  await assert.rejects(ask(add({ kind: "drop" }), "/admin/jobs"), ConnectionDropped);
  const simulator = add({ kind: "hang" });
  const abort = new AbortController();
  let ended = false;
  const request = new Request("http://x/netbackup/admin/jobs", { signal: abort.signal });
  const response = simulator.fetch(request).finally(() => ended = true);
  const rejected = assert.rejects(response, ConnectionDropped);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(ended, false);
  abort.abort();
  await rejected;
  assert.equal(simulator.requests.all()[0]?.status, undefined);
});

Deno.test("fault html: a page in place of JSON", async () => {
  const response = await ask(add({ kind: "html" }), "/admin/jobs");
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
  assert.match(await response.text(), /^<!DOCTYPE html>/);
});

Deno.test("fault brokenJson: the end of the JSON is missing", async () => {
  const response = await ask(add({ kind: "brokenJson", part: 0.9 }), "/admin/jobs");
  const text = await response.text();
  assert.match(text, /^\{"data":/);
  assert.throws(() => JSON.parse(text), SyntaxError);
});

Deno.test("fault truncate: the length is declared, but the body ends early", async () => {
  const whole = await (await ask(withJobs().simulator, "/admin/jobs")).text();
  const response = await ask(add({ kind: "truncate" }), "/admin/jobs");
  assert.equal(
    response.headers.get("content-length"),
    String(new TextEncoder().encode(whole).length),
  );
  await assert.rejects(response.text(), /cut the body short/);
});

Deno.test("fault wrongType and missingField: of the first row or all", async () => {
  const values = async (rule: FaultRule) => {
    const { body } = await askJson(add(rule), "/admin/jobs");
    return body.data.map(({ attributes }) => attributes["status"]);
  };
  const field = "status";
  const first = await values({ kind: "wrongType", field, value: { odd: true } });
  assert.deepEqual(first.slice(0, 2), [{ odd: true }, 0]);
  const all = await values({ kind: "wrongType", field, value: "0", rows: "all" });
  assert.deepEqual(new Set(all), new Set(["0"]));
  assert.deepEqual((await values({ kind: "missingField", field })).slice(0, 2), [undefined, 0]);
});

Deno.test("fault extraFields: the rest stays as it was", async () => {
  const { body } = await askJson(add({ kind: "extraFields" }), "/admin/jobs");
  assert.ok("extra" in body);
  assert.ok(body.data.every(({ attributes }) => attributes["extraText"] === "unknown"));
  assert.equal(body.data.length, 10);
});

Deno.test("fault repeatCursor: the second page leads to itself", async () => {
  const simulator = add({ kind: "repeatCursor" });
  const first = (await askJson(simulator, "/admin/jobs")).body.meta.pagination["next"] ?? "";
  const { body } = await askJson(simulator, "/admin/jobs", { query: { "page[after]": first } });
  assert.equal(body.meta.pagination["next"], first);
  const units = await askJson(simulator, "/storage/storage-units", {
    query: { "page[offset]": 5, "page[limit]": 5 },
  });
  assert.equal(units.body.meta.pagination["next"], 5);
});

Deno.test("fault emptyList: 200 without rows", async () => {
  const { status, body } = await askJson(add({ kind: "emptyList" }), "/admin/jobs");
  assert.equal(status, 200);
  assert.deepEqual(body.data, []);
});

Deno.test("fault echoKey: the error repeats the key", async () => {
  const { status, body } = await askJson(add({ kind: "echoKey", status: 400 }), "/admin/jobs");
  assert.equal(status, 400);
  assert.match(body.errorDetails.join(), /simulator-key/);
});

Deno.test("fault slowBody: all of the body comes, piece by piece", async () => {
  const whole = await (await ask(withJobs().simulator, "/admin/jobs")).text();
  const { simulator, clock } = withJobs();
  simulator.faults.add({ kind: "slowBody", ms: 100, pieces: 4 });
  const response = await ask(simulator, "/admin/jobs");
  let text: string | undefined;
  const reading = response.text().then((all) => text = all);
  await clock.advance(300);
  assert.equal(text, undefined);
  await clock.advance(100);
  await reading;
  assert.equal(text, whole);
});

Deno.test("fault slowBody: ends when nobody reads any more", async () => {
  const { simulator, clock } = withJobs();
  simulator.faults.add({ kind: "slowBody", ms: 100, pieces: 4 });
  const response = await ask(simulator, "/admin/jobs");
  await clock.advance(0);
  assert.equal(clock.pending, 1);
  await response.body?.cancel();
  assert.equal(clock.pending, 0);
});

Deno.test("fault hugeBody: valid JSON of the size asked for", async () => {
  for (const declareLength of [false, true]) {
    const rule = { kind: "hugeBody", bytes: 3_000_000, declareLength } as const;
    const response = await ask(add(rule), "/admin/jobs");
    const declared = response.headers.get("content-length");
    const text = await response.text();
    assert.ok(text.length >= 3_000_000);
    assert.deepEqual(JSON.parse(text).data, []);
    assert.equal(declared, declareLength ? String(text.length) : null);
  }
});

Deno.test("faults that change rows leave errors as they are", async () => {
  const { status, body } = await askJson(add({ kind: "emptyList" }), "/admin/jobs", { key: null });
  assert.equal(status, 401);
  assert.equal(typeof body.errorCode, "number");
});
