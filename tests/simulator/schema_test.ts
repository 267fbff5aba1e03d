import assert from "node:assert/strict";
import { createFakeClock } from "../testing/fake_clock.ts";
import { skipped } from "../testing/skipped.ts";
import { openApi, type Operation, type Release } from "./openapi.ts";
import type { ApiVersion } from "./protocol/version.ts";
import { type Ask, ask } from "./requests.ts";
import { createSimulator, type Simulator } from "./simulator.ts";

const documents = openApi();
const noDocuments = skipped("responses against the documents of the API", documents.absent);

/** Release of the documents that an API version is checked against. */
const CHECKED: readonly { version: ApiVersion; release: Release }[] = [
  { version: "10.0", release: "10.3" },
  // The documents of 10.5 are not there; its responses have the shape of 11.0.
  { version: "12.0", release: "11.0" },
  { version: "13.0", release: "11.0" },
  { version: "14.0", release: "11.2" },
];

const schemaTest = (name: string, run: () => void | Promise<void>) =>
  Deno.test({ name: `schema: ${name}`, ignore: noDocuments, fn: run });

function world(apiVersion: ApiVersion): Simulator {
  return createSimulator({
    apiVersion,
    clock: createFakeClock(Date.UTC(2026, 3, 1)),
    jobsPerHour: 6000,
    historyHours: 1,
    storageUnitCount: 40,
  });
}

async function send(simulator: Simulator, path: string, options: Ask) {
  const response = await ask(simulator, path, options);
  return { status: response.status, body: await response.json() };
}

for (const { version, release } of CHECKED) {
  const good = { version } as const;
  const bad = (status: number, document: string, path: string): Operation => ({
    release,
    document,
    path,
    status,
  });

  schemaTest(`jobs in API ${version} fit the documents of ${release}`, async () => {
    const simulator = world(version);
    const list = { release, document: "admin", path: "/admin/jobs" } as const;
    const states = new Set<string>();
    for (const filter of ["state eq 'DONE'", "state ne 'DONE'"]) {
      const query = { filter, "page[limit]": 100 };
      const { body } = await send(simulator, "/admin/jobs", { ...good, query });
      assert.equal(body.data.length, 100);
      assert.deepEqual(documents.check(list, body), []);
      assert.deepEqual(new Set(documents.unknownProperties(list, body)), new Set());
      for (const { attributes } of body.data) states.add(attributes.state);
    }
    assert.ok(states.size >= 3);
    const id = simulator.truth.jobs()[0]?.jobId;
    const one = await send(simulator, `/admin/jobs/${id}`, good);
    assert.equal(one.status, 200);
    assert.deepEqual(documents.check({ ...list, path: "/admin/jobs/{jobId}" }, one.body), []);
  });

  schemaTest(`job counts in API ${version} fit the documents of ${release}`, async () => {
    const filter = "state eq 'QUEUED'";
    const { status, body } = await send(world(version), "/admin/jobs-count-requests", {
      ...good,
      method: "POST",
      body: { data: { type: "jobCount", attributes: { filter } } },
    });
    assert.equal(status, 200);
    const path = "/admin/jobs-count-requests";
    assert.deepEqual(
      documents.check({ release, document: "admin", path, method: "post" }, body),
      [],
    );
  });

  schemaTest(`the key's context in API ${version} fits the documents of ${release}`, async () => {
    const path = "/authorization-context";
    const { status, body } = await send(world(version), path, good);
    assert.equal(status, 200);
    assert.deepEqual(documents.check({ release, document: "gateway", path }, body), []);
  });

  schemaTest(`errors in API ${version} fit the documents of ${release}`, async () => {
    const simulator = world(version);
    const list = "/admin/jobs";
    for (
      const [status, path, documented, document, options] of [
        [400, list, list, "admin", { query: { "page[limit]": 101 } }],
        [406, list, list, "admin", { version: "15.0" }],
        [405, list, list, "admin", { method: "DELETE" }],
        [401, "/admin/jobs/1", "/admin/jobs/{jobId}", "admin", { key: "wrong" }],
        [404, "/admin/jobs/1", "/admin/jobs/{jobId}", "admin", {}],
        [401, "/authorization-context", "/authorization-context", "gateway", { key: null }],
      ] as const
    ) {
      const { status: found, body } = await send(simulator, path, { ...good, ...options });
      assert.equal(found, status, path);
      assert.deepEqual(documents.check(bad(status, document, documented), body), [], path);
    }
    simulator.faults.add({ kind: "status", status: 503 });
    const busy = await send(simulator, list, good);
    assert.deepEqual(documents.check(bad(503, "admin", list), busy.body), []);
  });

  if (Number(version) >= 12) {
    schemaTest(`status codes in API ${version} fit the documents of 11.0`, async () => {
      const { body } = await send(world(version), "/status-codes/1", good);
      const path = "/status-codes/{statusCode}";
      const operation = { release: "11.0", document: "troubleshooting", path } as const;
      assert.deepEqual(documents.check(operation, body), []);
    });
  }
}

schemaTest("rows that are wrong on purpose are found out", async () => {
  const broken = async (path: string, document: string, release: Release, change: {
    readonly field: string;
    readonly value?: unknown;
  }) => {
    const simulator = world("14.0");
    const { field, value } = change;
    simulator.faults.add(
      value === undefined ? { kind: "missingField", field } : { kind: "wrongType", field, value },
    );
    const { body } = await send(simulator, path, { version: "14.0" });
    return documents.check({ release, document, path }, body).join();
  };
  const jobs = (field: string, value: unknown) =>
    broken("/admin/jobs", "admin", "11.2", { field, value });
  assert.match(await jobs("jobId", "seven"), /attributes\/jobId must be integer/);
  assert.match(await jobs("state", "SLEEPING"), /attributes\/state must be equal to one of/);
  assert.match(await jobs("jobType", "NAP"), /jobType must be equal to one of/);
  assert.match(await jobs("endTime", "yesterday"), /endTime must match format/);
  assert.match(await jobs("kilobytesTransferred", 1.5), /must be integer/);
  assert.match(await jobs("dedupRatio", null), /dedupRatio must be number/);
  const units = (change: { readonly field: string; readonly value?: unknown }) =>
    broken("/storage/storage-units", "storage", "11.0", change);
  assert.match(await units({ field: "name" }), /must have required property 'name'/);
  assert.match(await units({ field: "storageCategory", value: "PAPER" }), /storageCategory/);
  const path = "/security/servertime";
  const time = { release: "11.2", document: "security", path } as const;
  assert.match(documents.check(time, { serverTime: 1 }).join(), /timeZoneName/);
  const list = { release: "11.2", document: "admin", path: "/admin/jobs", status: 400 } as const;
  assert.match(documents.check(list, { errorMessage: "x" }).join(), /errorCode/);
});

schemaTest("a response the documents do not describe cannot be checked", () => {
  const path = "/admin/nothing";
  assert.throws(() => documents.check({ release: "11.2", document: "admin", path }, {}), Error);
});
