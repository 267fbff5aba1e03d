import assert from "node:assert/strict";
import type { JsonRequest } from "../../src/netbackup/api.ts";
import { UnexpectedBodyError } from "../../src/netbackup/errors.ts";
import { numeric } from "../../src/netbackup/fields.ts";
import {
  EndpointUnsupportedError,
  firstRows,
  listResource,
  readResource,
  resourceAt,
} from "../../src/netbackup/resource.ts";
import { row } from "../../src/netbackup/row.ts";
import { bodyAsRow, plainListNamed } from "../../src/netbackup/paging/envelope.ts";
import { context, failure, fakeSession } from "./testing/fixtures.ts";

const plain = listResource({
  endpoint: "/lists/plain",
  permission: "|LISTS|",
  since: "10.0",
  paging: "offset",
  limit: 3,
  query: { sort: "size" },
  row: row({ size: numeric(0) }),
});

Deno.test("listResource() reads by offset in pages of 100 rows unless the list says otherwise", () => {
  const usual = listResource({ endpoint: "/x", permission: "", since: "10.0", row: row({}) });
  assert.deepEqual([usual.paging, usual.limit], ["offset", 100]);
  const own = listResource({ ...usual, paging: "cursor", limit: 5 });
  assert.deepEqual([own.paging, own.limit], ["cursor", 5]);
});

const keyed = listResource({ ...plain, key: ({ id }) => id });

/** Rows with these ids, each of the size of its place. */
function rowsOf(ids: readonly (string | number)[]): unknown[] {
  return ids.map((id, size) => ({ id, attributes: { size } }));
}

/** Answers pages as an offset endpoint does. */
function offsetServer(rows: readonly unknown[]) {
  return ({ query }: JsonRequest) => {
    const offset = Number(query?.["page[offset]"]);
    const limit = Number(query?.["page[limit]"]);
    return {
      data: rows.slice(offset, offset + limit),
      meta: { pagination: { count: rows.length, offset, limit } },
    };
  };
}

Deno.test("readResource() reads every page of a list by offset, with the resource's own query", async () => {
  const rows = rowsOf(["a", "b", "c", "d", "e", "f", "g"]);
  const { session, requests } = fakeSession(offsetServer(rows));
  const list = await readResource(session, plain, { filter: "size gt 0" }, context());
  assert.deepEqual(list.rows.map(({ id }) => id), ["a", "b", "c", "d", "e", "f", "g"]);
  assert.equal(list.dropped, 0);
  assert.equal(requests.length, 3);
  assert.deepEqual(requests[1]?.query, {
    sort: "size",
    filter: "size gt 0",
    "page[limit]": 3,
    "page[offset]": 3,
  });
});

Deno.test("readResource() reads every page of a list by cursor", async () => {
  const pages: Record<string, unknown> = {
    "": { data: rowsOf(["a", "b"]), meta: { pagination: { next: "x" } } },
    x: { data: rowsOf(["c", "d"]), meta: { pagination: { next: "y" } } },
    y: { data: rowsOf(["e"]), meta: { pagination: {} } },
  };
  const { session, requests } = fakeSession(({ query }) => pages[query?.["page[after]"] ?? ""]);
  const list = await readResource(session, { ...plain, paging: "cursor" }, {}, context());
  assert.equal(list.rows.length, 5);
  assert.equal(requests.length, 3);
  assert.equal(requests[0]?.query?.["page[offset]"], undefined);
});

Deno.test("readResource() asks once for a list without paging, and for no page of it", async () => {
  const ids = Array.from({ length: 250 }, (_, index) => `host${index}`);
  const { session, requests } = fakeSession(() => ({ data: rowsOf(ids) }));
  const list = await readResource(session, { ...plain, paging: "none" }, {}, context());
  assert.equal(list.rows.length, 250);
  assert.deepEqual(requests.map(({ query }) => query), [{ sort: "size" }]);
});

Deno.test("readResource() counts rows with one key once, and reports the others", async () => {
  const rows = rowsOf(["a", "b", "a", "c", "b", "a"]);
  const { session, observer } = fakeSession(offsetServer(rows));
  const list = await readResource(session, keyed, {}, context());
  assert.deepEqual(list.rows, [{ id: "a", size: 0 }, { id: "b", size: 1 }, { id: "c", size: 3 }]);
  assert.equal(list.dropped, 3);
  assert.deepEqual(observer.rejected, [{ endpoint: "/lists/plain", count: 3 }]);
});

Deno.test("readResource() keeps rows of one id where the list has no key", async () => {
  const { session } = fakeSession(offsetServer(rowsOf(["a", "a", "b"])));
  assert.equal((await readResource(session, plain, {}, context())).rows.length, 3);
});

Deno.test("readResource() drops rows that do not fit, and reports them", async () => {
  const rows = [...rowsOf(["a", "b"]), null, { attributes: { size: "huge" } }];
  const { session, observer } = fakeSession(offsetServer(rows));
  const list = await readResource(session, plain, {}, context());
  assert.equal(list.rows.length, 2);
  assert.equal(list.dropped, 2);
  assert.equal(observer.rejected.reduce((sum, { count }) => sum + count, 0), 2);
});

Deno.test("readResource() fails when there are rows and none of them fits: that is no empty list", async () => {
  const { session } = fakeSession(offsetServer([null, { attributes: 5 }]));
  const error = await failure(readResource(session, plain, {}, context()), UnexpectedBodyError);
  assert.match(error.message, /2 rows, none of which matches the schema/);
  assert.equal(error.endpoint, "/lists/plain");
});

Deno.test("readResource() takes an empty list for one", async () => {
  for (const paging of ["offset", "cursor", "none"] as const) {
    const { session } = fakeSession(() => ({ data: [] }));
    const list = await readResource(session, { ...plain, paging }, {}, context());
    assert.deepEqual(list, { rows: [], dropped: 0, total: undefined });
  }
});

Deno.test("readResource() sends the headers of the resource", async () => {
  const headers = { "X-NetBackup-Policy-Use-Generic-Schema": "true" };
  const { session, requests } = fakeSession(offsetServer(rowsOf(["a"])));
  await readResource(session, { ...plain, headers }, {}, context());
  assert.deepEqual(requests[0]?.headers, headers);
});

Deno.test("readResource() reads plain objects of a list that is not named data", async () => {
  const { session } = fakeSession(() => ({ sizes: [{ size: 4 }, 7, { size: 5 }], data: [] }));
  const resource = { ...plain, paging: "none", rowsOf: plainListNamed("sizes") } as const;
  const list = await readResource(session, resource, {}, context());
  assert.deepEqual(list.rows, [{ id: "", size: 4 }, { id: "", size: 5 }]);
  for (const body of [{}, { sizes: {} }, [], null]) {
    const { session } = fakeSession(() => body);
    await failure(readResource(session, resource, {}, context()), UnexpectedBodyError);
  }
});

Deno.test("readResource() takes the whole body for the attributes of one row", async () => {
  const resource = { ...plain, paging: "none", rowsOf: bodyAsRow } as const;
  const { session } = fakeSession(() => ({ size: 4, other: "x" }));
  const list = await readResource(session, resource, {}, context());
  assert.deepEqual(list.rows, [{ id: "", size: 4 }]);
  for (const body of [[{ size: 4 }], "size", null]) {
    const { session } = fakeSession(() => body);
    await failure(readResource(session, resource, {}, context()), UnexpectedBodyError);
  }
});

Deno.test("firstRows() asks for so many rows once, and learns how many there are", async () => {
  const { session, requests } = fakeSession(offsetServer(rowsOf(["a", "b", "c", "d", "e"])));
  const list = await readResource(session, firstRows(plain, 2), {}, context());
  assert.deepEqual(list.rows.map(({ id }) => id), ["a", "b"]);
  assert.equal(list.total, 5);
  assert.deepEqual(requests.map(({ query }) => query?.["page[limit]"]), [2]);
});

Deno.test("resourceAt() fills in the parameters of a path template, each as one segment", async () => {
  const template = listResource({ ...plain, endpoint: "/servers/{id}/shares/{share}" });
  const filled = resourceAt(template, { id: "PureDisk:a/b", share: "c d%é" });
  const { session, requests } = fakeSession(() => ({ data: rowsOf(["a"]) }));
  assert.equal((await readResource(session, filled, {}, context())).rows.length, 1);
  assert.equal(requests[0]?.path, "/servers/PureDisk%3Aa%2Fb/shares/c%20d%25%C3%A9");
  assert.equal(requests[0]?.endpoint, "/servers/{id}/shares/{share}", "the label of the metrics");
  assert.equal(template.path, undefined);
});

for (const value of ["", ".", "..", undefined]) {
  Deno.test(`resourceAt() refuses ${value === undefined ? "a missing value" : `"${value}"`}`, () => {
    const template = listResource({ ...plain, endpoint: "/policies/{name}" });
    assert.throws(
      () => resourceAt(template, value === undefined ? {} : { name: value }),
      RangeError,
    );
  });
}

Deno.test("EndpointUnsupportedError names site, endpoint and version, and is of its own class", () => {
  const error = new EndpointUnsupportedError("a", plain, "10.0");
  assert.match(error.message, /Site "a" has no GET \/lists\/plain in version 10\.0/);
  const asked = { endpoint: "/counts", body: { data: {} } };
  assert.match(
    new EndpointUnsupportedError("a", asked, "10.0").message,
    /Site "a" has no POST \/counts in version 10\.0/,
  );
  assert.equal(error.reason, "unsupported");
  assert.equal(error.cause, undefined, "nothing was asked");
});
