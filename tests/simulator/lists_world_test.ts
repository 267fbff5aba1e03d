import assert from "node:assert/strict";
import { createFakeClock } from "../testing/fake_clock.ts";
import { askList, NOW_MS, readList, stillSimulator } from "./lists_testing.ts";
import { findList, LISTS } from "./lists/registry.ts";
import { ask, askJson } from "./requests.ts";
import { createSimulator, type ListRow, type Simulator } from "./simulator.ts";
import { CATALOG_POLICY, CLIENTS, POLICIES } from "./world/names.ts";

const HOUR_MS = 3_600_000;

const text = (row: ListRow, name: string) => String(row.attributes[name]);

Deno.test("given rows: what they leave out is as generated, `omit` takes attributes away", () => {
  const simulator = stillSimulator();
  const endpoint = "/storage/drives";
  const [generated] = simulator.truth.rows(endpoint);
  assert.ok(generated);
  simulator.setRows(endpoint, [
    { attributes: { driveType: "DT_DLT2", unknown: 1 } },
    { id: "named", omit: ["driveStatus"] },
  ]);
  const [changed, named, ...more] = simulator.truth.rows(endpoint);
  assert.equal(more.length, 0);
  assert.deepEqual(changed, {
    id: generated.id,
    attributes: { ...generated.attributes, driveType: "DT_DLT2", unknown: 1 },
  });
  assert.equal(named?.id, "named");
  assert.equal("driveStatus" in (named?.attributes ?? {}), false);
  assert.equal(named?.attributes["robotType"], "TLD");
});

Deno.test("given rows: filters, sorts and single rows know them", async () => {
  const simulator = stillSimulator();
  const list = findList("/storage/disk-pools");
  simulator.setRows(
    list.endpoint,
    ["c", "a", "b"].map((name) => ({ id: name, attributes: { name } })),
  );
  const names = async (query: Record<string, string>) =>
    (await readList(simulator, list, query)).map((row) => Object(row).name);
  assert.deepEqual(await names({}), ["a", "b", "c"]);
  assert.deepEqual(await names({ sort: "-name" }), ["c", "b", "a"]);
  assert.deepEqual(await names({ filter: "name ge 'b'" }), ["b", "c"]);
  const { status } = await askJson(simulator, "/storage/disk-pools/c");
  assert.equal(status, 200);
});

Deno.test("world: lists name the clients, policies and storage that jobs and units have", () => {
  const simulator = stillSimulator();
  const clients = new Set([...CLIENTS, "primary.example.com"]);
  const policies = new Set([...POLICIES, CATALOG_POLICY].map(({ name }) => name));
  for (const { endpoint, samples } of LISTS) {
    if (samples) continue;
    for (const { attributes } of simulator.truth.rows(endpoint)) {
      const { clientName, client, policyName } = attributes;
      for (const name of [clientName, client]) {
        if (name !== undefined) assert.ok(clients.has(String(name)), `${endpoint}: ${name}`);
      }
      if (policyName !== undefined) {
        assert.ok(policies.has(String(policyName)), `${endpoint}: ${policyName}`);
      }
    }
  }
});

Deno.test("world: disk pools and storage servers are those of the storage units", () => {
  const simulator = createSimulator({
    storageUnits: [
      { name: "one", totalCapacityBytes: 100, usedCapacityBytes: 30, freeCapacityBytes: 70 },
      { name: "tape", storageCategory: "TAPE" },
    ],
  });
  const pools = simulator.truth.rows("/storage/disk-pools");
  assert.deepEqual(
    pools.map(({ attributes: { name, rawSizeBytes, usedCapacityBytes } }) => ({
      name,
      rawSizeBytes,
      usedCapacityBytes,
    })),
    [{ name: "dp_one", rawSizeBytes: 100, usedCapacityBytes: 30 }],
  );
  const [server, ...more] = simulator.truth.rows("/storage/storage-servers");
  assert.equal(more.length, 0);
  assert.deepEqual(server?.attributes["storageUnits"], ["one"]);
  const volumes = simulator.truth.rows("/storage/storage-servers/{storageServerId}/disk-volumes", {
    parameters: { storageServerId: server?.id ?? "" },
  });
  assert.equal(volumes.length, 1);
});

Deno.test("world: images are those of the finished backups, and older ones of every client", () => {
  const simulator = stillSimulator({ jobsPerHour: 3600 });
  const images = simulator.truth.rows("/catalog/images");
  const byJob = new Map(images.map((image) => [image.attributes["jobId"], image]));
  const backups = simulator.truth.jobs(Math.floor(NOW_MS / 60_000) * 60_000).filter((job) =>
    (job.jobType === "BACKUP" || job.jobType === "DBBACKUP") && job.state === "DONE" &&
    job.status <= 1 && job.childCount === 0
  );
  assert.ok(backups.length > 100);
  for (const job of backups) {
    const image = byJob.get(job.jobId);
    assert.equal(image?.attributes["clientName"], job.clientName);
    assert.equal(image.attributes["policyName"], job.policyName);
    assert.equal(image.attributes["kbytes"], job.kilobytesTransferred);
  }
  const older = images.filter((image) =>
    text(image, "backupTime") < new Date(NOW_MS - 24 * HOUR_MS).toISOString()
  );
  assert.deepEqual(new Set(older.map((row) => text(row, "clientName"))).size, CLIENTS.length + 1);
  assert.ok(older.some((row) => text(row, "policyType") === "NBU-Catalog"));
});

Deno.test("world: an added backup is an image at once, a failed one is none", () => {
  const simulator = createSimulator({ clock: createFakeClock(NOW_MS) });
  const count = () => simulator.truth.rows("/catalog/images").length;
  const before = count();
  simulator.addJob({ clientName: "c", policyName: "p", status: 6 });
  assert.equal(count(), before);
  simulator.addJob({ clientName: "c", policyName: "p", kilobytesTransferred: 5 });
  assert.equal(count(), before + 1);
});

Deno.test("images: two backups of one client in one second have ids of their own", () => {
  const simulator = createSimulator({ clock: createFakeClock(NOW_MS) });
  const startTime = NOW_MS - HOUR_MS;
  for (const policyName of ["a", "b", "c"]) {
    simulator.addJob({ clientName: "twin", policyName, startTime });
  }
  const ids = simulator.truth.rows("/catalog/images")
    .filter((row) => text(row, "clientName") === "twin").map(({ id }) => id);
  const second = Math.floor(startTime / 1000);
  assert.deepEqual(ids, [0, 1, 2].map((later) => `twin_${second + later}`));
});

Deno.test("world: the primary is of the same release in every list, and no host of a later one", () => {
  for (const [apiVersion, release] of [["10.0", "10.3"], ["14.0", "11.2"]] as const) {
    const simulator = stillSimulator({ apiVersion });
    const [info] = simulator.truth.rows("/security/serverinfo");
    assert.equal(info?.attributes["nbuVersion"], release);
    const versions = simulator.truth.rows("/config/all-hosts").map((row) =>
      text(row, "nbuVersion")
    );
    assert.equal(versions[0], release);
    const [major = 0, minor = 0] = release.split(".").map(Number);
    assert.ok(versions.every((version) => {
      const [itsMajor = 0, itsMinor = 0] = version.split(".").map(Number);
      return itsMajor < major || itsMajor === major && itsMinor <= minor;
    }));
  }
});

Deno.test("images: without bounds of its own, a filter sees the last 24 hours", async () => {
  const simulator = stillSimulator();
  const list = findList("/catalog/images");
  const times = async (filter?: string) =>
    (await readList(simulator, list, filter === undefined ? {} : { filter }))
      .map((row) => String(Object(row).backupTime)).sort();
  const dayAgo = new Date(NOW_MS - 24 * HOUR_MS).toISOString();
  const recent = await times();
  assert.ok(recent.length > 0 && recent.every((time) => time >= dayAgo));
  const all = await times("backupTime ge 1970-01-01T00:00:00.000Z");
  assert.equal(all.length, simulator.truth.rows(list.endpoint).length);
  assert.ok(all.length > recent.length);
  const old = await times(`backupTime ge 1970-01-01T00:00:00.000Z and backupTime le ${dayAgo}`);
  assert.equal(old.length + recent.length, all.length);
});

Deno.test("events: each keeps its number and time while the clock moves on", async () => {
  const clock = createFakeClock(NOW_MS);
  const simulator = createSimulator({ clock });
  for (const endpoint of ["/manage/alerts", "/eventlog/notifications", "/security/auditlogs"]) {
    const before = simulator.truth.rows(endpoint);
    await clock.advance(HOUR_MS);
    const after = new Map(simulator.truth.rows(endpoint).map((row) => [row.id, row]));
    const kept = before.filter(({ id }) => after.has(id));
    assert.ok(kept.length > 0 && kept.length < before.length, endpoint);
    for (const row of kept) assert.deepEqual(after.get(row.id), row);
    // What was true then is still known.
    assert.deepEqual(simulator.truth.rows(endpoint, { atMs: clock.now() - HOUR_MS }), before);
  }
});

Deno.test("cursors: those of SLP images come back although the rows do not", async () => {
  const simulator = stillSimulator();
  const list = findList("/catalog/slp-images");
  const cursors: unknown[] = [];
  const ids: unknown[] = [];
  let after: Record<string, string> = {};
  for (;;) {
    const { body, rows } = await askList(simulator, list, {
      query: { "page[limit]": 1, ...after },
    });
    ids.push(...rows.map((row) => Object(row).backupId));
    const next = Object(Object(body["meta"]).pagination).next;
    if (next === undefined) break;
    cursors.push(next);
    after = { "page[after]": String(next) };
  }
  assert.equal(new Set(ids).size, simulator.truth.rows(list.endpoint).length);
  assert.ok(new Set(cursors).size < cursors.length, "some cursor was given twice");
});

Deno.test("cursors: a cursor of another filter or a made-up one is refused", async () => {
  const simulator = stillSimulator();
  const status = async (endpoint: string, query: Record<string, string | number>) =>
    (await askList(simulator, findList(endpoint), { query })).status;
  for (const endpoint of ["/storage/tape-media", "/catalog/slp-images"]) {
    assert.equal(await status(endpoint, { "page[after]": "bm90aGluZw" }), 400);
  }
  const { body } = await askList(simulator, findList("/storage/tape-media"), {
    query: { "page[limit]": 5 },
  });
  const after = String(Object(Object(body["meta"]).pagination).next);
  assert.equal(await status("/storage/tape-media", { "page[after]": after }), 200);
  const filter = "mediaType eq 'HCART'";
  assert.equal(await status("/storage/tape-media", { "page[after]": after, filter }), 400);
  const both = { "page[after]": after, "page[before]": after };
  assert.equal(await status("/storage/tape-media", both), 400);
});

Deno.test("cursors: backwards, the rows before come", async () => {
  const simulator = stillSimulator();
  const list = findList("/storage/tape-media");
  const page = async (query: Record<string, string | number>) => {
    const { body, rows } = await askList(simulator, list, {
      query: { "page[limit]": 5, ...query },
    });
    return { rows, pagination: Object(Object(body["meta"]).pagination) };
  };
  const first = await page({});
  assert.equal(first.pagination.prev, undefined);
  const second = await page({ "page[after]": first.pagination.next });
  assert.notDeepEqual(second.rows, first.rows);
  const back = await page({ "page[before]": second.pagination.prev });
  assert.deepEqual(back.rows, first.rows);
});

Deno.test("api keys: the caller's own key has the tag that its first bytes make", () => {
  const tag = (apiKey: string) => {
    const simulator: Simulator = stillSimulator({ apiKey });
    return simulator.truth.rows("/security/api-keys")[0]?.id;
  };
  // The pair of key and tag in the vendor's documents.
  assert.equal(tag("A1uMjmj93mrpsW9q"), "A1uMjmj93mo=");
  assert.ok(tag("no base64!"));
});

Deno.test("lists that end where the server says: no more than fifty rows in a page", async () => {
  const simulator = stillSimulator();
  const list = findList("/licensing/entitlements");
  simulator.setRows(list.endpoint, 120);
  const { rows } = await askList(simulator, list, { query: { "page[limit]": 100 } });
  assert.equal(rows.length, 50);
});

Deno.test("rows: headers and fieldsets leave something out", async () => {
  const simulator = stillSimulator();
  const names = async (path: string, query: Record<string, string> = {}, headers = {}) => {
    const response = await ask(simulator, path, { version: "14.0", query, headers });
    const { data } = await response.json();
    return Object.keys(Array.isArray(data) ? data[0].attributes : data.attributes);
  };
  const policy = "/config/policies/POL-SAP";
  const generic = { "X-NetBackup-Policy-Use-Generic-Schema": "true" };
  assert.deepEqual(await names(policy), ["policyStandard"]);
  assert.deepEqual(await names(policy, {}, generic), ["policyGeneric"]);

  const servers = "/storage/storage-servers";
  const filter = "storageCategory eq 'MSDP'";
  assert.ok((await names(servers, { filter })).includes("msdpAttributes"));
  const minimal = await names(servers, { filter, "fieldset[storageServer]": "minimal" });
  assert.equal(minimal.includes("msdpAttributes"), false);
  assert.ok(minimal.includes("storageServerState"));

  const media = await names("/config/media-servers", { "fieldset[mediaServer]": "minimal" });
  assert.equal(media.includes("isMachineUp"), false);
  const assets = "/asset-service/workloads/vmware/assets";
  const asked = { "fields[asset]": "commonAssetAttributes" };
  assert.deepEqual(await names(assets, asked), ["commonAssetAttributes"]);
});

Deno.test("api keys: the caller's own key is seen without the permission, and no other", async () => {
  const simulator = stillSimulator({ granted: [] });
  const [own, other] = simulator.truth.rows("/security/api-keys");
  const status = async (tag = "") =>
    (await askJson(simulator, `/security/api-keys/${encodeURIComponent(tag)}`)).status;
  assert.equal(await status(own?.id), 200);
  assert.equal(await status(other?.id), 404);
});

Deno.test("pages: `page[disable]` gives all rows where the vendor says so, and is refused elsewhere", async () => {
  const simulator = stillSimulator();
  const query = { "page[disable]": "true" };
  for (const list of LISTS) {
    const { paging } = list;
    if (paging.kind === "none") continue;
    const { status, rows } = await askList(simulator, list, { query });
    const allowed = "disable" in paging && paging.disable === true;
    assert.equal(status, allowed ? 200 : 400, list.endpoint);
    if (!allowed) continue;
    simulator.setRows(list.endpoint, 250);
    assert.equal((await askList(simulator, list, { query })).rows.length, 250);
    assert.ok(rows.length > 0);
  }
});
