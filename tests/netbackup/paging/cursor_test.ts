import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { NetBackupError, PagingError, UnexpectedBodyError } from "../../../src/netbackup/errors.ts";
import { cursorPages } from "../../../src/netbackup/paging/cursor.ts";
import type { Page } from "../../../src/netbackup/api.ts";
import { context, failure, fakeSession } from "../testing/fixtures.ts";

const ROW = v.object({ n: v.number() });
const REQUEST = { endpoint: "/list", query: { filter: "f", sort: "s" }, limit: 2, schema: ROW };

async function all<T>(pages: AsyncIterable<Page<T>>): Promise<Page<T>[]> {
  const list: Page<T>[] = [];
  for await (const page of pages) list.push(page);
  return list;
}

function page(rows: unknown[], next?: unknown) {
  return { data: rows, meta: { pagination: { limit: 2, next } } };
}

Deno.test("cursorPages() asks for the first page without a cursor and keeps filter and sort", async () => {
  const responses = [page([{ n: 1 }, { n: 2 }], "a+b="), page([{ n: 3 }], "")];
  const { session, requests } = fakeSession(() => responses.shift());
  const pages = await all(cursorPages(session, REQUEST, context()));
  assert.deepEqual(pages.map(({ rows }) => rows), [[{ n: 1 }, { n: 2 }], [{ n: 3 }]]);
  assert.deepEqual(requests, [
    { endpoint: "/list", query: { filter: "f", sort: "s", "page[limit]": 2 }, version: "14.0" },
    {
      endpoint: "/list",
      query: { filter: "f", sort: "s", "page[limit]": 2, "page[after]": "a+b=" },
      version: "14.0",
    },
  ]);
});

for (
  const [what, last] of [
    ["no cursor", page([{ n: 9 }])],
    ["a null cursor", page([{ n: 9 }], null)],
    ["an empty cursor", page([{ n: 9 }], "")],
    ["no meta at all", { data: [{ n: 9 }] }],
    ["meta of a wrong type", { data: [{ n: 9 }], meta: "x" }],
    ["pagination of a wrong type", { data: [{ n: 9 }], meta: { pagination: [] } }],
  ] as const
) {
  Deno.test(`cursorPages() ends with ${what}`, async () => {
    const { session, requests } = fakeSession(() => last);
    const pages = await all(cursorPages(session, REQUEST, context()));
    assert.deepEqual(pages, [{ rows: [{ n: 9 }], rejected: 0, hasNext: false }]);
    assert.equal(requests.length, 1);
  });
}

Deno.test("cursorPages() ends with an empty page that names no successor", async () => {
  const { session, requests } = fakeSession(() => page([]));
  assert.deepEqual(await all(cursorPages(session, REQUEST, context())), []);
  assert.equal(requests.length, 1);
});

Deno.test("cursorPages() reads on after a page that is empty but names a successor", async () => {
  // The row behind the cursor was deleted or updated between two pages.
  const pages = [
    page([{ n: 1 }], "a"),
    page([], "b"),
    page([], "c"),
    page([{ n: 2 }], "d"),
    page([{ n: 3 }]),
  ];
  const { session, requests } = fakeSession(() => pages.shift());
  const read = await all(cursorPages(session, REQUEST, context()));
  assert.deepEqual(read.map(({ rows }) => rows), [[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
  assert.deepEqual(requests.map(({ query }) => query?.["page[after]"]), [
    undefined,
    "a",
    "b",
    "c",
    "d",
  ]);
});

Deno.test("cursorPages() gives up on pages without rows that always name another successor", async () => {
  let n = 0;
  const { session, requests } = fakeSession(() => page([], `cursor ${n++}`));
  const error = await failure(all(cursorPages(session, REQUEST, context())), PagingError);
  assert.equal(requests.length, 101);
  assert.match(error.message, /more than 100 pages without rows in succession/);
});

Deno.test("cursorPages() gives up on an empty page that names itself as its successor", async () => {
  const { session, requests } = fakeSession(() => page([], "a"));
  await failure(all(cursorPages(session, REQUEST, context())), PagingError);
  assert.equal(requests.length, 3);
});

Deno.test("cursorPages() takes a numeric cursor for a text", async () => {
  const responses = [page([{ n: 1 }], 4100), page([{ n: 2 }])];
  const { session, requests } = fakeSession(() => responses.shift());
  await all(cursorPages(session, REQUEST, context()));
  assert.equal(requests[1]?.query?.["page[after]"], "4100");
});

Deno.test("cursorPages() gives up when a cursor comes back with its rows, after handing over what came", async () => {
  const chunks: Record<string, [number, string]> = { "": [1, "a"], a: [2, "b"], b: [3, "a"] };
  const { session, requests } = fakeSession(({ query }) => {
    const [n, next] = chunks[query?.["page[after]"] ?? ""] ?? [];
    return page([{ n }], next);
  });
  const rows: unknown[] = [];
  const error = await failure(
    (async () => {
      for await (const { rows: some } of cursorPages(session, REQUEST, context())) {
        rows.push(...some);
      }
    })(),
    PagingError,
  );
  assert.match(error.message, /page 4 has the rows of an earlier page once more/);
  assert.equal(error.reason, "paging");
  assert.equal(error.site, "prod");
  assert.deepEqual(rows, [{ n: 1 }, { n: 2 }, { n: 3 }]);
  assert.equal(requests.length, 4);
});

Deno.test("cursorPages() goes on when a cursor comes back with other rows: it need not be unique", async () => {
  // The cursor of /catalog/slp-images is a backup time and a client, which several images share.
  const pages = [
    page([{ n: 1 }], "t:c"),
    page([{ n: 2 }], "t:c"),
    page([{ n: 3 }], "t:c"),
    page([{ n: 4 }]),
  ];
  const { session } = fakeSession(() => pages.shift());
  const read = await all(cursorPages(session, REQUEST, context()));
  assert.deepEqual(read.map(({ rows }) => rows), [[{ n: 1 }], [{ n: 2 }], [{ n: 3 }], [{ n: 4 }]]);
});

Deno.test("cursorPages() gives up at once on a server that ignores the cursor", async () => {
  let n = 0;
  const { session, requests } = fakeSession(() => page([{ n: 1 }, { n: 2 }], `cursor ${n++}`));
  await failure(all(cursorPages(session, REQUEST, context())), PagingError);
  assert.equal(requests.length, 2);
});

Deno.test("cursorPages() gives up after the largest number of rows", async () => {
  let n = 0;
  const { session, requests } = fakeSession(() => page([{ n }], `cursor ${n++}`));
  const error = await failure(
    all(cursorPages(session, { ...REQUEST, maxRows: 7 }, context())),
    PagingError,
  );
  assert.match(error.message, /more than 7 rows/);
  assert.equal(requests.length, 8);
});

Deno.test("cursorPages() does not call a list of exactly the largest number of rows endless", async () => {
  let n = 0;
  const { session } = fakeSession(() => page([{ n }], n++ < 6 ? `cursor ${n}` : undefined));
  const pages = await all(cursorPages(session, { ...REQUEST, maxRows: 7 }, context()));
  assert.equal(pages.length, 7);
});

for (const response of [{}, { data: {} }, { data: null }, [], null, "text", { errorCode: 1 }]) {
  Deno.test(`cursorPages() takes ${JSON.stringify(response)} for no page`, async () => {
    const { session } = fakeSession(() => response);
    const error = await failure(
      all(cursorPages(session, REQUEST, context())),
      UnexpectedBodyError,
    );
    assert.match(error.message, /without a list named "data"/);
  });
}

Deno.test("cursorPages() refuses a cursor of a wrong type instead of ending early", async () => {
  const { session } = fakeSession(() => page([{ n: 1 }], { after: "x" }));
  await failure(all(cursorPages(session, REQUEST, context())), UnexpectedBodyError);
});

Deno.test("a row that does not fit costs that row only, is counted, and is named without its content", async () => {
  const rows = [{ n: 1 }, { n: "SECRET" }, { n: 3 }, null];
  const { session, observer, records } = fakeSession(() => page(rows));
  const pages = await all(cursorPages(session, REQUEST, context()));
  assert.deepEqual(pages, [{ rows: [{ n: 1 }, { n: 3 }], rejected: 2, hasNext: false }]);
  assert.deepEqual(observer.rejected, [{ endpoint: "/list", count: 2 }]);
  assert.equal(records.length, 1);
  assert.deepEqual(records[0]?.fields, {
    endpoint: "/list",
    rejected: 2,
    of: 4,
    first: "n: expected number, found string",
  });
});

Deno.test("a list with bad rows on many pages warns once, and says the rest at debug level", async () => {
  let n = 0;
  const { session, records } = fakeSession(() =>
    page([{ n: `bad ${n}` }], n++ < 4 ? `c${n}` : null)
  );
  await all(cursorPages(session, REQUEST, context()));
  assert.deepEqual(records.map(({ level }) => level), ["warn", "debug", "debug", "debug", "debug"]);
});

Deno.test("cursorPages() property: no row is lost or comes twice, whatever the sizes of the pages", async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 })), async (sizes) => {
    let n = 0;
    const chunks = sizes.map((size) => Array.from({ length: size }, () => ({ n: n++ })));
    const { session } = fakeSession(({ query }) => {
      const index = Number(query?.["page[after]"] ?? 0);
      return page(chunks[index] ?? [], index + 1 < chunks.length ? String(index + 1) : undefined);
    });
    const pages = await all(cursorPages(session, REQUEST, context()));
    const seen = pages.flatMap(({ rows }) => rows.map((row) => row.n));
    assert.deepEqual(seen, Array.from({ length: n }, (_, index) => index));
  }));
});

Deno.test("cursorPages() property: any sequence of responses comes to an end", async () => {
  const response = fc.oneof(
    fc.record({
      data: fc.array(fc.record({ n: fc.oneof(fc.integer(), fc.string()) }), { maxLength: 3 }),
      meta: fc.record({
        pagination: fc.record({
          next: fc.oneof(fc.string({ maxLength: 2 }), fc.integer(), fc.constant(null)),
        }, { requiredKeys: [] }),
      }),
    }),
    fc.jsonValue(),
  );
  await fc.assert(fc.asyncProperty(fc.infiniteStream(response), async (responses) => {
    const { session, requests } = fakeSession(() => responses.next().value);
    try {
      await all(cursorPages(session, { ...REQUEST, maxRows: 20 }, context()));
    } catch (error) {
      assert(error instanceof NetBackupError, String(error));
    }
    assert(requests.length <= 1_000);
  }));
});
