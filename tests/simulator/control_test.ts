import assert from "node:assert/strict";
import { createSimulator } from "./simulator.ts";

Deno.test("control: everything a test needs from another process", async () => {
  const simulator = createSimulator({ control: true });
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await simulator.fetch(
      new Request(`http://x${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        headers: { authorization: "simulator-key", "content-type": "application/json" },
      }),
    );
    return { status: response.status, body: await response.json() };
  };
  const control = (method: string, path: string, body?: unknown) =>
    call(method, `/_control/${path}`, body);
  const jobs = async () => {
    const response = await simulator.fetch(
      new Request("http://x/netbackup/admin/jobs", { headers: { authorization: "simulator-key" } }),
    );
    return { status: response.status, body: await response.json() };
  };

  const { body: { jobId } } = await control("POST", "jobs", { status: 3, endTime: 1000 });
  assert.equal((await jobs()).body.data[0].attributes.status, 3);
  await control("PATCH", `jobs/${jobId}`, { status: 4 });
  assert.equal((await control("GET", "truth/jobs")).body[0].status, 4);
  assert.equal((await control("GET", "truth/finished?from=1000&to=1000")).body.length, 1);
  assert.equal((await control("GET", "truth/finished?from=1001")).body.length, 0);
  assert.equal((await control("GET", "truth/ends?from=0&to=2000")).body[0].endTimeMs, 1000);
  assert.equal((await control("GET", "truth/unfinished")).body.length, 0);
  assert.ok((await control("GET", "truth/now")).body.now > 0);

  const { body: { now } } = await control("GET", "truth/now");
  await control("POST", "skew", { value: 3_600_000 });
  assert.ok((await control("GET", "truth/now")).body.now >= now + 3_600_000);

  await control("POST", "faults", { kind: "status", status: 500, endpoint: "/admin/jobs" });
  assert.equal((await control("GET", "faults")).body.length, 1);
  assert.equal((await jobs()).status, 500);
  await control("DELETE", "faults");
  assert.equal((await jobs()).status, 200);

  assert.equal((await control("GET", "requests")).body.length, 3);
  await control("DELETE", "requests");
  assert.equal((await control("GET", "requests")).body.length, 0);

  await control("PUT", "storage-units", [{ name: "u1" }]);
  assert.equal((await control("GET", "truth/storage-units")).body[0].name, "u1");
  assert.equal((await control("POST", "version", { value: "10.0" })).status, 200);
  assert.equal((await control("POST", "version", { value: "99.0" })).status, 400);
  const ping = await simulator.fetch(new Request("http://x/netbackup/ping"));
  await ping.body?.cancel();
  assert.equal(ping.headers.get("x-netbackup-api-version"), "10.0");
  await control("POST", "denied", { value: ["/admin/jobs"] });
  assert.equal((await jobs()).status, 401);
  await control("POST", "denied", { value: [] });
  await control("POST", "key", { value: "other" });
  assert.equal((await jobs()).status, 401);
  await control("POST", "key", { value: "simulator-key" });

  await control("DELETE", `jobs/${jobId}`);
  assert.equal((await jobs()).body.data.length, 0);
  assert.equal((await control("DELETE", `jobs/${jobId}`)).status, 400);
  await control("POST", "jobs", {});
  await control("DELETE", "jobs");
  assert.equal((await jobs()).body.data.length, 0);
});

Deno.test("control: rows of lists, the truth about them, and what the key may view", async () => {
  const simulator = createSimulator({ control: true });
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await simulator.fetch(
      new Request(`http://x/_control/${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        headers: { "content-type": "application/json" },
      }),
    );
    return { status: response.status, body: await response.json() };
  };
  const list = async (path: string) => {
    const response = await simulator.fetch(
      new Request(`http://x/netbackup${path}`, { headers: { authorization: "simulator-key" } }),
    );
    return { status: response.status, body: await response.json() };
  };
  const drives = "rows?endpoint=/storage/drives";

  await control("PUT", drives, 3);
  assert.equal((await list("/storage/drives")).body.data.length, 3);
  await control("PUT", drives, [{ id: "d1", attributes: { driveStatus: "DRIVE_STATUS_DOWN" } }]);
  const { body: { data: [drive] } } = await list("/storage/drives");
  assert.equal(drive.id, "d1");
  assert.equal(drive.attributes.driveStatus, "DRIVE_STATUS_DOWN");
  const truth = await control("GET", `truth/${drives}`);
  assert.deepEqual(truth.body.map(({ id }: { id: string }) => id), ["d1"]);
  await control("DELETE", drives);
  assert.ok((await list("/storage/drives")).body.data.length > 3);

  const policy = "endpoint=/config/policies/{policyName}&policyName=POL-SAP";
  const { body: [detail] } = await control("GET", `truth/rows?${policy}`);
  assert.equal(detail.attributes.policyGeneric.policyType, "SAP");
  assert.equal((await control("PUT", "rows?endpoint=/nothing", 3)).status, 400);

  await control("POST", "granted", { value: ["|STORAGE|TAPE-DEVICES|"] });
  assert.equal((await list("/storage/drives")).status, 200);
  assert.equal((await list("/manage/alerts")).status, 401);
  assert.equal((await list("/admin/jobs")).status, 401);
  await control("POST", "granted", { value: null });
  assert.equal((await list("/manage/alerts")).status, 200);
});

Deno.test("control: is closed unless it is asked for", async () => {
  const response = await createSimulator().fetch(new Request("http://x/_control/truth/now"));
  await response.body?.cancel();
  assert.equal(response.status, 404);
});
