import assert from "node:assert/strict";
import type { SimulatedList } from "./lists/define.ts";
import { LISTS } from "./lists/registry.ts";
import { askList, pathOf, readList, sampleOf, stillSimulator } from "./lists_testing.ts";
import { ask } from "./requests.ts";
import type { FaultRule, Simulator } from "./simulator.ts";

const PLURAL = LISTS.filter(({ envelope }) => envelope !== "resource" && envelope !== "body");
const PAGED = PLURAL.filter(({ paging }) => paging.kind !== "none");
const ROWS = 7;

/** A list of seven rows, and a fault for it alone. */
function withFault(list: SimulatedList, fault: FaultRule): Simulator {
  const simulator = stillSimulator();
  simulator.setRows(list.endpoint, ROWS);
  simulator.faults.add({ ...fault, endpoint: list.endpoint });
  return simulator;
}

/** No filter of one's own may take rows away where a list has one that is implied. */
const everything = (list: SimulatedList) =>
  list.impliedFilter ? { filter: "backupTime ge 1970-01-01T00:00:00.000Z" } : {};

const text = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row));

for (const list of LISTS) {
  Deno.test(`faults of ${list.endpoint}: statuses, waits and broken bodies`, async () => {
    for (const status of [403, 404, 406, 429, 503]) {
      const simulator = withFault(list, {
        kind: "status",
        status,
        retryAfter: { form: "seconds", waitMs: 5000 },
      });
      const path = pathOf(list.endpoint, sampleOf(list));
      const response = await ask(simulator, path, { version: "14.0" });
      assert.equal(response.status, status);
      assert.equal(response.headers.get("retry-after"), "5");
      assert.match(await response.text(), /errorCode/);
    }
    const path = pathOf(list.endpoint, sampleOf(list));
    const broken = await ask(withFault(list, { kind: "brokenJson" }), path, { version: "14.0" });
    await assert.rejects(broken.json(), SyntaxError);
    const html = await ask(withFault(list, { kind: "html" }), path, { version: "14.0" });
    assert.match(await html.text(), /<html>/);
  });
}

for (const list of PLURAL) {
  Deno.test(`faults of ${list.endpoint}: malformed, missing, unknown and repeated rows`, async () => {
    const rowsWith = async (fault: FaultRule) =>
      (await askList(withFault(list, fault), list, { query: everything(list) })).rows;
    const good = await rowsWith({ kind: "latency", ms: 0 });
    assert.equal(good.length, ROWS);

    const malformed = await rowsWith({ kind: "malformedRow", value: null });
    assert.deepEqual(text(malformed), ["null", ...text(good).slice(1)]);
    const numbers = await rowsWith({ kind: "malformedRow", value: 7, rows: "all" });
    assert.deepEqual(numbers, good.map(() => 7));
    assert.deepEqual(await rowsWith({ kind: "emptyList" }), []);
    const repeated = await rowsWith({ kind: "repeatedRow" });
    assert.deepEqual(text(repeated), [...text(good).slice(0, 1), ...text(good)]);

    const [field] = Object.keys(Object(good[0]));
    assert.ok(field);
    const missing = await rowsWith({ kind: "missingField", field });
    assert.equal(field in Object(missing[0]), false);
    assert.deepEqual(text(missing).slice(1), text(good).slice(1));
    const wrong = await rowsWith({ kind: "wrongType", field, value: { odd: true }, rows: "all" });
    assert.ok(wrong.every((row) => JSON.stringify(Object(row)[field]) === '{"odd":true}'));
    const extra = await rowsWith({ kind: "extraFields" });
    assert.ok(extra.every((row) => "extraText" in Object(row)));
  });
}

for (const list of PAGED) {
  const size = { "page[limit]": 2 };

  Deno.test(`faults of ${list.endpoint}: lists that end early, never, or page by page`, async () => {
    const query = everything(list);
    const pageWith = (fault: FaultRule, more: Record<string, string | number> = {}) =>
      askList(withFault(list, fault), list, { query: { ...query, ...more } });
    const none: FaultRule = { kind: "latency", ms: 0 };
    const [whole, first] = [await pageWith(none), await pageWith(none, size)];
    assert.deepEqual(text(first.rows), text(whole.rows).slice(0, 2));

    const short = await pageWith({ kind: "shortPages", rows: 3 }, { "page[limit]": 10 });
    assert.deepEqual(text(short.rows), text(whole.rows).slice(0, 3));

    const next = JSON.stringify(first.body).match(/page%5Bafter%5D=([^&"]+)/)?.[1];
    const second = list.paging.kind === "cursor"
      ? { "page[after]": decodeURIComponent(next ?? cursorIn(first.body)) }
      : { "page[offset]": 2 };
    const simulator = withFault(list, none);
    const ask2 = () => askList(simulator, list, { query: { ...query, ...size, ...second } });
    if (list.paging.kind === "cursor") {
      // Some cursors are known only to the server that gave them.
      await askList(simulator, list, { query: { ...query, ...size } });
    }
    assert.deepEqual(text((await ask2()).rows), text(whole.rows).slice(2, 4));
    simulator.faults.add({ kind: "repeatedPage", endpoint: list.endpoint });
    assert.deepEqual(text((await ask2()).rows), text(first.rows));

    const early = withFault(list, { kind: "earlyEnd" });
    early.faults.add({ kind: "shortPages", rows: 2, endpoint: list.endpoint });
    assert.deepEqual(text(await readList(early, list, query)), text(whole.rows).slice(0, 2));
  });

  if (list.paging.kind !== "offset") continue;
  Deno.test(`faults of ${list.endpoint}: a count that is wrong or missing`, async () => {
    const countWith = async (fault: FaultRule) => {
      const { body } = await askList(withFault(list, fault), list, { query: everything(list) });
      return JSON.stringify(body["meta"]).match(/"count":(\d+)/)?.[1];
    };
    assert.equal(await countWith({ kind: "latency", ms: 0 }), String(ROWS));
    assert.equal(await countWith({ kind: "wrongCount", total: 0 }), "0");
    assert.equal(await countWith({ kind: "wrongCount" }), undefined);
  });
}

Deno.test("faults: a server that overlooks the filter or the sort, jobs too", async () => {
  const simulator = stillSimulator();
  const ids = async (path: string, query: Record<string, string>) => {
    const response = await ask(simulator, path, { version: "14.0", query });
    const body = await response.json();
    return body.data.map(({ id }: { id: string | number }) => String(id));
  };
  for (
    const [path, filter, sort] of [
      ["/admin/jobs", "state eq 'SUSPENDED'", "jobId"],
      ["/storage/storage-units", "name eq 'stu_msdp_01'", "-name"],
      ["/config/all-hosts", "hostName eq 'app01.example.com'", "-hostName"],
    ] as const
  ) {
    const plain = await ids(path, {});
    assert.notDeepEqual(await ids(path, { filter }), plain);
    assert.notDeepEqual(await ids(path, { sort }), plain);
    simulator.faults.add({ kind: "ignoredFilter" });
    assert.deepEqual(await ids(path, { filter }), plain);
    simulator.faults.clear();
    simulator.faults.add({ kind: "ignoredSort" });
    assert.deepEqual(await ids(path, { sort }), plain);
    simulator.faults.clear();
  }
});

Deno.test("faults: nested fields are reached by their path", async () => {
  const simulator = stillSimulator();
  const field = "msdpAttributes.storagePoolDetails.sizeBytes";
  simulator.faults.add({ kind: "wrongType", field, value: "many", rows: "all" });
  const response = await ask(simulator, "/storage/storage-servers", { version: "14.0" });
  assert.match(await response.text(), /"sizeBytes":"many"/);
});

function cursorIn(body: unknown): string {
  return JSON.stringify(body).match(/"next":"([^"]+)"/)?.[1] ?? "";
}
