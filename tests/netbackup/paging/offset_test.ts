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
    ["a count below what came", { count: 2 }],
    ["a count of a wrong type", { count: "many" }],
    ["an offset that leads in circles", { offset: 0, next: 0, last: 0 }],
  ] as const
) {
  Deno.test(`offsetPages() ends with a page that is not full when pagination says ${what}`, async () => {
    const { session, requests } = fakeSession(server(7, () => pagination));
    assert.deepEqual(await numbers(offsetPages(session, REQUEST, context())), upTo(7));
    assert.equal(requests.length, 3);
  });
}

Deno.test("offsetPages() ends with an empty page when all pages are full", async () => {
  const { session, requests } = fakeSession(server(6, () => undefined));
  assert.deepEqual(await numbers(offsetPages(session, REQUEST, context())), upTo(6));
  assert.equal(requests.length, 3);
});

Deno.test("offsetPages() goes on when the server grants fewer rows a page than asked for", async () => {
  const byCount = fakeSession(server(7, () => ({ count: 7 }), 2));
  assert.deepEqual(await numbers(offsetPages(byCount.session, REQUEST, context())), upTo(7));
  const byLimit = fakeSession(server(7, () => ({ limit: 2 }), 2));
  assert.deepEqual(await numbers(offsetPages(byLimit.session, REQUEST, context())), upTo(7));
});

Deno.test("offsetPages() ends with an empty page although count promises more", async () => {
  const { session, requests } = fakeSession(server(4, () => ({ count: 1000 })));
  assert.deepEqual(await numbers(offsetPages(session, REQUEST, context())), upTo(4));
  assert.equal(requests.length, 3);
});

Deno.test("offsetPages() gives up on a server that ignores the offset", async () => {
  const { session, requests } = fakeSession(() => ({ data: [{ n: 1 }, { n: 2 }, { n: 3 }] }));
  const error = await failure(numbers(offsetPages(session, REQUEST, context())), PagingError);
  assert.match(error.message, /page 2 is the page before it once more/);
  assert.equal(requests.length, 2);
});

Deno.test("offsetPages() gives up after the largest number of pages", async () => {
  let n = 0;
  const { session, requests } = fakeSession(() => ({ data: [{ n: n++ }, { n: n++ }, { n: n++ }] }));
  const request = { ...REQUEST, maxPages: 5 };
  await failure(numbers(offsetPages(session, request, context())), PagingError);
  assert.equal(requests.length, 5);
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
    says: fc.constantFrom("count", "limit", "both"),
  });
  await fc.assert(fc.asyncProperty(sensible, async ({ total, limit, most, says }) => {
    const pagination = {
      ...(says !== "limit" && { count: total }),
      ...(says !== "count" && { limit: Math.min(limit, most) }),
    };
    const { session } = fakeSession(server(total, () => pagination, most));
    const request = { ...REQUEST, limit };
    assert.deepEqual(await numbers(offsetPages(session, request, context())), upTo(total));
  }));
});

Deno.test("offsetPages() property: any sequence of answers comes to an end", async () => {
  const pagination = fc.record({
    count: fc.oneof(fc.integer(), fc.string()),
    limit: fc.oneof(fc.integer(), fc.constant(null)),
    offset: fc.integer(),
  }, { requiredKeys: [] });
  const answer = fc.oneof(
    fc.record({
      data: fc.array(fc.record({ n: fc.oneof(fc.integer(), fc.string()) }), { maxLength: 4 }),
      meta: fc.record({ pagination }),
    }),
    fc.jsonValue(),
  );
  await fc.assert(fc.asyncProperty(fc.infiniteStream(answer), async (answers) => {
    const { session, requests } = fakeSession(() => answers.next().value);
    try {
      await numbers(offsetPages(session, { ...REQUEST, maxPages: 20 }, context()));
    } catch (error) {
      assert(error instanceof NetBackupError, String(error));
    }
    assert(requests.length <= 20);
  }));
});
