import assert from "node:assert/strict";
import { createFakeClock } from "../testing/fake_clock.ts";
import { API_VERSIONS } from "./protocol/version.ts";
import { ask, askJson } from "./requests.ts";
import { createSimulator } from "./simulator.ts";

const KEY = "simulator-key";

Deno.test("version: a server speaks versions up to its own and responds with 406 to newer ones", async () => {
  for (const apiVersion of API_VERSIONS) {
    const simulator = createSimulator({ apiVersion });
    for (const version of ["7.0", ...API_VERSIONS, "15.0"]) {
      const response = await ask(simulator, "/admin/jobs", { version });
      const expected = Number(version) <= Number(apiVersion) ? 200 : 406;
      assert.equal(response.status, expected, `${version} at ${apiVersion}`);
      if (expected === 200) {
        assert.equal(
          response.headers.get("content-type"),
          `application/vnd.netbackup+json;version=${version}`,
        );
      }
      const body = await response.json();
      if (expected === 406) assert.equal(typeof body.errorCode, "number");
    }
  }
});

Deno.test("version: versions that are too old and other media types get 406", async () => {
  const simulator = createSimulator();
  for (const accept of ["application/json", "application/vnd.netbackup+json", "text/html"]) {
    assert.equal((await askJson(simulator, "/admin/jobs", { accept })).status, 406, accept);
  }
  assert.equal((await askJson(simulator, "/admin/jobs", { version: "6.0" })).status, 406);
  assert.equal((await askJson(simulator, "/admin/jobs", { accept: null })).status, 200);
});

Deno.test("version: a Content-Type that is foreign or not that of Accept gets 415", async () => {
  const simulator = createSimulator();
  const status = async (type: string) => {
    const response = await simulator.fetch(
      new Request("http://x/netbackup/admin/jobs", {
        headers: {
          authorization: KEY,
          accept: "application/vnd.netbackup+json;version=10.0",
          "content-type": type,
        },
      }),
    );
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await status("application/vnd.netbackup+json;version=10.0"), 200);
  assert.equal(await status("application/vnd.netbackup+json;version=9.0"), 415);
  assert.equal(await status("application/json"), 415);
});

Deno.test("version: an upgrade takes effect at once", async () => {
  const simulator = createSimulator({ apiVersion: "10.0" });
  assert.equal((await askJson(simulator, "/admin/jobs", { version: "14.0" })).status, 406);
  simulator.setApiVersion("14.0");
  assert.equal((await askJson(simulator, "/admin/jobs", { version: "14.0" })).status, 200);
  const ping = await ask(simulator, "/ping", { accept: null });
  await ping.body?.cancel();
  assert.equal(ping.headers.get("x-netbackup-api-version"), "14.0");
});

Deno.test("ping: needs no key, gives the time of the server and the version", async () => {
  const clock = createFakeClock(1_700_000_000_000);
  const simulator = createSimulator({ clock, skewMs: 5000, apiVersion: "12.0" });
  const response = await ask(simulator, "/ping", { key: null, accept: "*/*" });
  assert.equal(await response.text(), "1700000005000");
  assert.equal(response.headers.get("x-netbackup-api-version"), "12.0");
  assert.equal(
    response.headers.get("content-type"),
    "text/vnd.netbackup+plain;version=12.0",
  );
});

Deno.test("ping: can leave the header out, and refuses what it does not speak", async () => {
  const simulator = createSimulator({ versionHeader: false });
  const response = await ask(simulator, "/ping", { accept: "text/plain" });
  await response.body?.cancel();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("x-netbackup-api-version"), null);
  for (const accept of ["text/vnd.netbackup+plain;version=15.0", "application/json"]) {
    const refused = await ask(simulator, "/ping", { accept });
    await refused.body?.cancel();
    assert.equal(refused.status, 406, accept);
  }
});

Deno.test("key: missing, wrong and dressed-up keys get 401 with NetBackup's error body", async () => {
  const simulator = createSimulator();
  for (const key of [null, "wrong", `Bearer ${KEY}`]) {
    for (const path of ["/admin/jobs", "/storage/storage-units", "/authorization-context"]) {
      const { status, body } = await askJson(simulator, path, { key });
      assert.equal(status, 401, `${path} with ${key}`);
      assert.equal(typeof body.errorCode, "number");
      assert.equal(typeof body.errorMessage, "string");
      assert.ok(Array.isArray(body.errorDetails));
    }
  }
  simulator.setApiKey("another");
  assert.equal((await askJson(simulator, "/admin/jobs")).status, 401);
  assert.equal((await askJson(simulator, "/admin/jobs", { key: "another" })).status, 200);
});

Deno.test("key: a denied endpoint gets 401 although the key is good", async () => {
  const simulator = createSimulator({ denied: ["/admin/jobs"] });
  assert.equal((await askJson(simulator, "/admin/jobs")).status, 401);
  assert.equal((await askJson(simulator, "/storage/storage-units")).status, 200);
  assert.equal((await askJson(simulator, "/authorization-context")).status, 200);
  simulator.setDenied([]);
  assert.equal((await askJson(simulator, "/admin/jobs")).status, 200);
});

Deno.test("server facts need no key", async () => {
  const clock = createFakeClock(1_700_000_000_000);
  for (const [apiVersion, release] of [["10.0", "10.3"], ["14.0", "11.2"]] as const) {
    const simulator = createSimulator({ clock, apiVersion, serverName: "nbu9" });
    const open = { key: null, version: apiVersion };
    const info = await (await ask(simulator, "/security/serverinfo", open)).json();
    assert.equal(info.serverName, "nbu9");
    assert.equal(info.nbuVersion, release);
    assert.equal("freezeModeEnabled" in info, apiVersion === "14.0");
    const time = await (await ask(simulator, "/security/servertime", open)).json();
    assert.equal(time.serverTime, 1_700_000_000_000);
    assert.equal(
      await (await ask(simulator, "/security/ping", { accept: null })).text(),
      "1700000000000",
    );
  }
});

Deno.test("paths that do not exist get 404, other methods 405, both with an error body", async () => {
  const simulator = createSimulator();
  for (
    const [path, method, status] of [
      ["/no/such/thing", "GET", 404],
      ["/admin/jobs/4711", "GET", 404],
      ["/storage/storage-units/none", "GET", 404],
      ["/status-codes/99999", "GET", 404],
      ["/status-codes/x", "GET", 400],
      ["/admin/jobs/x", "GET", 400],
      ["/admin/jobs", "DELETE", 405],
      ["/admin/jobs-count-requests", "GET", 405],
    ] as const
  ) {
    const response = await askJson(simulator, path, { method, version: "14.0" });
    assert.equal(response.status, status, path);
    assert.equal(typeof response.body.errorMessage, "string");
  }
});

Deno.test("status codes can be looked up from API 12.0 on", async () => {
  for (const apiVersion of API_VERSIONS) {
    const simulator = createSimulator({ apiVersion });
    const response = await ask(simulator, "/status-codes/196", { version: apiVersion });
    const body = await response.json();
    assert.equal(response.status, Number(apiVersion) >= 12 ? 200 : 404, apiVersion);
    if (response.ok) assert.match(body.data.attributes.statusMessage, /window closed/);
  }
});

Deno.test("one job and one storage unit can be asked for", async () => {
  const simulator = createSimulator({ storageUnits: [{ name: "stu/a b" }] });
  const jobId = simulator.addJob({ clientName: "c1" });
  const job = await (await ask(simulator, `/admin/jobs/${jobId}`)).json();
  assert.equal(job.data.attributes.clientName, "c1");
  const unit = await (await ask(simulator, "/storage/storage-units/stu%2Fa%20b")).json();
  assert.equal(unit.data.attributes.name, "stu/a b");
});

Deno.test("job counts count what the filter means", async () => {
  const simulator = createSimulator();
  for (let index = 0; index < 10; index++) {
    simulator.addJob({ state: index < 4 ? "QUEUED" : "DONE", status: index % 2 });
  }
  const count = async (filter: unknown, version = "10.0", type = "jobCount") => {
    const response = await ask(simulator, "/admin/jobs-count-requests", {
      method: "POST",
      version,
      body: { data: { type, attributes: { filter } } },
    });
    const body = await response.json();
    return response.ok ? body.data.attributes.count : response.status;
  };
  assert.equal(await count("state eq 'QUEUED'"), 4);
  assert.equal(await count("state eq 'DONE' and status eq 1"), 3);
  assert.equal(await count(undefined), 10);
  assert.equal(await count("state eq 'QUEUED'", "6.0"), 4);
  assert.equal(await count("state eq 'QUEUED'", "15.0"), 406);
  assert.equal(await count("lastUpdateTime ge 2026-01-01T00:00:00Z"), 400);
  assert.equal(await count(7), 400);
  assert.equal(await count("", "10.0", "other"), 400);
});

Deno.test("a server can refuse to filter by a field", async () => {
  const simulator = createSimulator({ rejectedFilterFields: ["lastUpdateTime"] });
  const filter = (field: string) => ({ query: { filter: `${field} ge 2026-01-01T00:00:00.000Z` } });
  assert.equal((await askJson(simulator, "/admin/jobs", filter("lastUpdateTime"))).status, 400);
  assert.equal((await askJson(simulator, "/admin/jobs", filter("endTime"))).status, 200);
});

Deno.test("an unfinished job has an end time of 1970, null or none, as asked for", async () => {
  for (
    const [style, expected] of [
      ["epoch", "1970-01-01T00:00:00.000Z"],
      ["null", null],
      ["absent", undefined],
    ] as const
  ) {
    const simulator = createSimulator({ unfinishedEndTime: style });
    simulator.addJob({ state: "ACTIVE" });
    const { body } = await askJson(simulator, "/admin/jobs");
    assert.equal(body.data[0]?.attributes["endTime"], expected);
  }
});

Deno.test("the log of requests tells what was asked, and holds no key", async () => {
  const simulator = createSimulator({ clock: createFakeClock(1000) });
  await askJson(simulator, "/admin/jobs", { query: { sort: "jobId" } });
  await askJson(simulator, "/admin/jobs/5", { key: "a-wrong-key" });
  await (await ask(simulator, "/ping", { key: null, accept: null })).text();
  const [list, detail, ping] = simulator.requests.all();
  assert.equal(list?.endpoint, "/admin/jobs");
  assert.deepEqual(list?.query, { sort: "jobId" });
  assert.equal(list?.status, 200);
  assert.equal(list?.authorization, "valid");
  assert.equal(list?.acceptVersion, "10.0");
  assert.equal(list?.timeMs, 1000);
  assert.equal(detail?.endpoint, "/admin/jobs/{jobId}");
  assert.equal(detail?.authorization, "invalid");
  assert.equal(detail?.status, 401);
  assert.equal(ping?.authorization, "none");
  assert.equal(simulator.requests.count("/admin/jobs"), 1);
  assert.equal(simulator.requests.to("/ping").length, 1);
  const text = JSON.stringify(simulator.requests.all());
  assert.ok(!text.includes("simulator-key") && !text.includes("a-wrong-key"));
  simulator.requests.clear();
  assert.equal(simulator.requests.count(), 0);
});

Deno.test("the log knows how many requests were under way at the same time", async () => {
  const clock = createFakeClock();
  const simulator = createSimulator({ clock, latencyMs: 50 });
  const responses = [1, 2, 3].map(() => askJson(simulator, "/admin/jobs"));
  assert.equal(simulator.requests.all()[0]?.ended, false);
  await clock.advance(50);
  await Promise.all(responses);
  assert.equal(simulator.requests.peakConcurrency, 3);
  assert.ok(simulator.requests.all().every(({ ended }) => ended));
});
