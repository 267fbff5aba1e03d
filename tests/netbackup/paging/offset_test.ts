import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import type { JsonRequest, Page } from "../../../src/netbackup/api.ts";
import { NetBackupError, PagingError } from "../../../src/netbackup/errors.ts";
import { offsetPages } from "../../../src/netbackup/paging/offset.ts";
import { context, failure, fakeSession } from "../testing/fixtures.ts";

const REQUEST = { endpoint: "/list", limit: 3, schema: v.object({ n: v.number() }) };

async function numbers(pages: AsyncIterable<Page<{ n: number }>>): Promise<number[]> {
  const list: number[] = [];
  for await (const { rows } of pages) list.push(...rows.map(({ n }) => n));
  return list;
}

function upTo(total: number): number[] {
  return Array.from({ length: total }, (_, index) => index);
}

/** A list of `total` rows served as asked for, at most `most` a page. */
function server(total: number, pagination: (offset: number) => unknown, most = Infinity) {
  return ({ query }: JsonRequest) => {
    const offset = Number(query?.["page[offset]"]);
    const limit = Math.min(Number(query?.["page[limit]"]), most);
    const data = upTo(total).slice(offset, offset + limit).map((n) => ({ n }));
    return { data, meta: { pagination: pagination(offset) } };
  };
}

Deno.test("offsetPages() moves on by the rows received and ends at count without a further request", async () => {
  const { session, requests } = fakeSession(server(6, () => ({ count: 6, limit: 3 })));
  assert.deepEqual(await numbers(offsetPages(session, REQUEST, context())), upTo(6));
  assert.deepEqual(requests.map(({ query }) => query), [
    { "page[limit]": 3, "page[offset]": 0 },
    { "page[limit]": 3, "page[offset]": 3 },
  ]);
});

for (
  const [what, pagination] of [
    ["none", undefined],
    ["count 0 and limit 0, as in the vendor's examples", { count: 0, limit: 0, offset: 0 }],
    ["a count below what came", { count: 1 }],
    ["a count of a wrong type", { count: "many" }],
    ["an offset that leads in circles", { offset: 0, next: 0, last: 0 }],
    ["the limit that was asked for", { limit: 3 }],
  ] as const
) {
  Deno.test(`offsetPages() reads until an empty page when pagination says ${what}`, async () => {
    const whole = fakeSession(server(7, () => pagination));
    assert.deepEqual(await numbers(offsetPages(whole.session, REQUEST, context())), upTo(7));
    assert.equal(whole.requests.length, 4);
    // The server's own limit is lower than what was asked for, and it does not say so.
    const capped = fakeSession(server(7, () => pagination, 2));
    assert.deepEqual(await numbers(offsetPages(capped.session, REQUEST, context())), upTo(7));
  });
}

Deno.test("offsetPages() reads a list without meta until an empty page: a short page is no end", async () => {
  // Seen: a server's own limit of 50 gave 50 of 120 rows.
  const { session, requests } = fakeSession(({ query }) => {
    const offset = Number(query?.["page[offset]"]);
    return { data: upTo(120).slice(offset, offset + 50).map((n) => ({ n })) };
  });
  const request = { ...REQUEST, limit: 100 };
  assert.deepEqual(await numbers(offsetPages(session, request, context())), upTo(120));
  assert.deepEqual(requests.map(({ query }) => query?.["page[offset]"]), [0, 50, 100, 120]);
});

Deno.test("offsetPages() ends as hasNext says, whatever the size of the page", async () => {
  const hasNext = (offset: number) => ({ hasNext: offset + 2 < 7, count: 2 });
  const { session, requests } = fakeSession(server(7, hasNext, 2));
  assert.deepEqual(await numbers(offsetPages(session, REQUEST, context())), upTo(7));
  assert.equal(requests.length, 4);
});

Deno.test("offsetPages() gives up on an empty page that promises further ones", async () => {
  const { session } = fakeSession(server(3, () => ({ hasNext: true })));
  const error = await failure(numbers(offsetPages(session, REQUEST, context())), PagingError);
  assert.match(error.message, /without rows promises further ones/);
});

Deno.test("offsetPages() takes count and limit from directly below meta", async () => {
  const { session, requests } = fakeSession(({ query }) => {
    const offset = Number(query?.["page[offset]"]);
    const data = upTo(6).slice(offset, offset + 3).map((n) => ({ n }));
    return { data, meta: { count: 6, limit: 3 } };
  });
  assert.deepEqual(await numbers(offsetPages(session, REQUEST, context())), upTo(6));
  assert.equal(requests.length, 2);
});

Deno.test("offsetPages() ends with an empty page although count promises more", async () => {
  const { session, requests } = fakeSession(server(4, () => ({ count: 1000 })));
  assert.deepEqual(await numbers(offsetPages(session, REQUEST, context())), upTo(4));
  assert.equal(requests.length, 3);
});

for (const size of [2, 4]) {
  Deno.test(`offsetPages() takes ${size} rows for all there is when they come again from a server asked for 3`, async () => {
    const { session, requests } = fakeSession(() => ({ data: upTo(size).map((n) => ({ n })) }));
    assert.deepEqual(await numbers(offsetPages(session, REQUEST, context())), upTo(size));
    assert.equal(requests.length, 2);
  });
}

Deno.test("offsetPages() gives up on a server that ignores the offset", async () => {
  const { session, requests } = fakeSession(() => ({ data: [{ n: 1 }, { n: 2 }, { n: 3 }] }));
  const error = await failure(numbers(offsetPages(session, REQUEST, context())), PagingError);
  assert.match(error.message, /page 2 is the page before it once more/);
  assert.equal(requests.length, 2);
});

Deno.test("offsetPages() gives up after the largest number of rows", async () => {
  let n = 0;
  const { session, requests } = fakeSession(() => ({ data: [{ n: n++ }, { n: n++ }, { n: n++ }] }));
  const request = { ...REQUEST, maxRows: 15 };
  await failure(numbers(offsetPages(session, request, context())), PagingError);
  assert.equal(requests.length, 6);
});

Deno.test("offsetPages() counts rejected rows as received", async () => {
  const data = [{ n: 0 }, { n: "bad" }, { n: 2 }, { n: 3 }];
  const { session, observer } = fakeSession(({ query }) => {
    const offset = Number(query?.["page[offset]"]);
    return { data: data.slice(offset, offset + 3), meta: { pagination: { count: 4 } } };
  });
  assert.deepEqual(await numbers(offsetPages(session, REQUEST, context())), [0, 2, 3]);
  assert.deepEqual(observer.rejected, [{ endpoint: "/list", count: 1 }]);
});

Deno.test("offsetPages() property: no row is lost or comes twice", async () => {
  const sensible = fc.record({
    total: fc.integer({ min: 0, max: 40 }),
    limit: fc.integer({ min: 1, max: 9 }),
    most: fc.integer({ min: 1, max: 12 }),
    says: fc.constantFrom("count", "limit", "both", "nothing", "hasNext"),
  });
  await fc.assert(fc.asyncProperty(sensible, async ({ total, limit, most, says }) => {
    const size = Math.min(limit, most);
    const pagination = (offset: number) => ({
      ...((says === "count" || says === "both") && { count: total }),
      ...((says === "limit" || says === "both") && { limit: size }),
      ...(says === "hasNext" && { hasNext: offset + size < total }),
    });
    const { session } = fakeSession(server(total, pagination, most));
    const request = { ...REQUEST, limit };
    assert.deepEqual(await numbers(offsetPages(session, request, context())), upTo(total));
  }));
});

Deno.test("offsetPages() property: any sequence of responses comes to an end", async () => {
  const pagination = fc.record({
    count: fc.oneof(fc.integer(), fc.string()),
    limit: fc.oneof(fc.integer(), fc.constant(null)),
    offset: fc.integer(),
  }, { requiredKeys: [] });
  const response = fc.oneof(
    fc.record({
      data: fc.array(fc.record({ n: fc.oneof(fc.integer(), fc.string()) }), { maxLength: 4 }),
      meta: fc.record({ pagination }),
    }),
    fc.jsonValue(),
  );
  await fc.assert(fc.asyncProperty(fc.infiniteStream(response), async (responses) => {
    const { session, requests } = fakeSession(() => responses.next().value);
    try {
      await numbers(offsetPages(session, { ...REQUEST, maxRows: 20 }, context()));
    } catch (error) {
      assert(error instanceof NetBackupError, String(error));
    }
    assert(requests.length <= 1_000);
  }));
});
