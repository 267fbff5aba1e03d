import assert from "node:assert/strict";
import * as v from "valibot";
import type { JsonRequest } from "../../../src/netbackup/api.ts";
import { PagingError, UnexpectedBodyError } from "../../../src/netbackup/errors.ts";
import { type PagingKind, readList } from "../../../src/netbackup/paging/list.ts";
import { context, failure, fakeSession, json, setUpClient } from "../testing/fixtures.ts";

const LIMIT = 10;

function request(paging: PagingKind) {
  return { endpoint: "/list", paging, limit: LIMIT, schema: v.object({ n: v.number() }) };
}

function upTo(total: number): { n: number }[] {
  return Array.from({ length: total }, (_, n) => ({ n }));
}

/** A well-behaved list of each kind. */
const SERVERS: Record<PagingKind, (total: number) => (request: JsonRequest) => unknown> = {
  cursor: (total) => ({ query }) => {
    const start = Number(query?.["page[after]"] ?? 0);
    const end = start + Number(query?.["page[limit]"]);
    const next = end < total ? String(end) : undefined;
    return { data: upTo(total).slice(start, end), meta: { pagination: { next } } };
  },
  offset: (total) => ({ query }) => {
    const start = Number(query?.["page[offset]"]);
    const data = upTo(total).slice(start, start + Number(query?.["page[limit]"]));
    return { data, meta: { pagination: { count: total } } };
  },
  none: (total) => () => ({ data: upTo(total) }),
};

for (const paging of ["cursor", "offset", "none"] as const) {
  for (const total of [0, 1, LIMIT, LIMIT + 1, 3 * LIMIT + 1]) {
    Deno.test(`readList() reads ${total} rows at ${LIMIT} a page, paging "${paging}"`, async () => {
      const { session } = fakeSession(SERVERS[paging](total));
      const list = await readList(session, request(paging), context());
      const known = paging === "offset" && total > 0 ? total : undefined;
      assert.deepEqual(list, { rows: upTo(total), rejected: 0, total: known });
    });
  }
}

for (const paging of ["cursor", "offset"] as const) {
  Deno.test(`readList() reads the first page only where it is told to, paging "${paging}"`, async () => {
    const { session, requests } = fakeSession(SERVERS[paging](25));
    const list = await readList(session, { ...request(paging), allPages: false }, context());
    assert.deepEqual(list.rows, upTo(LIMIT));
    assert.equal(list.total, paging === "offset" ? 25 : undefined);
    assert.equal(requests.length, 1);
  });
}

Deno.test("readList() sends no parameter of paging where there is none", async () => {
  const { session, requests } = fakeSession(() => ({ data: [] }));
  await readList(session, { ...request("none"), query: { filter: "f" } }, context());
  assert.deepEqual(requests.map(({ query }) => query), [{ filter: "f" }]);
});

Deno.test("readList() takes a single resource for one row where there is no paging", async () => {
  const { session } = fakeSession(() => ({ data: { n: 7 } }));
  assert.deepEqual((await readList(session, request("none"), context())).rows, [{ n: 7 }]);
  for (const response of [{ data: null }, {}, [], null]) {
    const { session } = fakeSession(() => response);
    await failure(readList(session, request("none"), context()), UnexpectedBodyError);
  }
});

for (
  const [what, pagination] of [["count", { count: 3 }], ["hasNext", { hasNext: true }]] as const
) {
  Deno.test(`readList() refuses the only page when its ${what} says that there is more`, async () => {
    const { session } = fakeSession(() => ({ data: upTo(2), meta: { pagination } }));
    const error = await failure(readList(session, request("none"), context()), PagingError);
    assert.match(error.message, /more rows than the 2 of the only page/);
  });
}

Deno.test("readList() finds rows that are not in a list named data", async () => {
  const hosts = v.object({ hosts: v.array(v.unknown()) });
  const rowsOf = (body: unknown) => {
    const result = v.safeParse(hosts, body);
    return result.success ? result.output.hosts : undefined;
  };
  const good = fakeSession(() => ({ hosts: upTo(2) }));
  const list = await readList(good.session, { ...request("none"), rowsOf }, context());
  assert.deepEqual(list.rows, upTo(2));
  const bad = fakeSession(() => ({ data: upTo(2) }));
  const read = readList(bad.session, { ...request("none"), rowsOf }, context());
  assert.match((await failure(read, UnexpectedBodyError)).message, /without the rows expected/);
});

Deno.test("readList() adds up rejected rows of all pages", async () => {
  const data = upTo(25).map((row) => row.n % 2 === 0 ? row : { n: "odd" });
  const { session } = fakeSession(({ query }) => {
    const start = Number(query?.["page[offset]"]);
    return { data: data.slice(start, start + LIMIT), meta: { pagination: { count: 25 } } };
  });
  const { rows, rejected } = await readList(session, request("offset"), context());
  assert.equal(rows.length, 13);
  assert.equal(rejected, 12);
});

Deno.test("readList() fails when every row was rejected, instead of saying that there are none", async () => {
  const { session, observer } = fakeSession(() => ({ data: [{ n: "a" }, { n: "b" }] }));
  const error = await failure(readList(session, request("none"), context()), UnexpectedBodyError);
  assert.match(error.message, /2 rows, none of which matches the schema/);
  assert.equal(error.reason, "parse");
  assert.deepEqual(observer.rejected, [{ endpoint: "/list", count: 2 }]);
});

Deno.test("readList() keeps a page with more rows than a call takes arguments", async () => {
  const { session } = fakeSession(() => ({ data: upTo(200_000) }));
  const wide = { ...request("none"), maxRows: 200_000 };
  assert.equal((await readList(session, wide, context())).rows.length, 200_000);
});

for (const paging of ["cursor", "offset"] as const) {
  Deno.test(`readList() gives up on an endless list before it holds more than 100 000 rows, paging "${paging}"`, async () => {
    let n = 0;
    const { session, requests } = fakeSession(() => ({
      data: Array.from({ length: 1_000 }, () => ({ n: n++ })),
      meta: { pagination: { next: `after ${n}` } },
    }));
    const error = await failure(readList(session, request(paging), context()), PagingError);
    assert.match(error.message, /GET \/list of site "prod".*more than 100000 rows/);
    assert.equal(requests.length, 101);
  });
}

Deno.test("readList() gives up on an endless list of pages with hardly any rows", async () => {
  let n = 0;
  const { session, requests } = fakeSession(() => ({
    data: [{ n: n++ }],
    meta: { pagination: { next: `after ${n}` } },
  }));
  const small = { ...request("cursor"), maxRows: 5_000, limit: 1_000 };
  await failure(readList(session, small, context()), PagingError);
  assert.equal(requests.length, 1_000);
});

Deno.test("readList() gives up when the bodies of a list are larger together than they may be", async () => {
  let n = 0;
  const { client, transport } = setUpClient(() =>
    json({ data: [{ n: n++, text: "x".repeat(1_000) }], meta: { pagination: { next: `c${n}` } } })
  );
  const session = { client, version: "14.0" };
  const bounded = { ...request("cursor"), maxCharacters: 10_000 };
  const error = await failure(readList(session, bounded, context()), PagingError);
  assert.match(error.message, /more than 10000 characters/);
  assert.equal(transport.requests.length, 10);
});
