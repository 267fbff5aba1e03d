import assert from "node:assert/strict";
import { HttpStatusError } from "../../src/netbackup/errors.ts";
import { parseHttpDate } from "../../src/netbackup/http_date.ts";
import { context, failure, json, setUpClient } from "./testing/fixtures.ts";

const JOBS = { endpoint: "/admin/jobs", version: "13.0" };
const NOON = Date.UTC(2026, 2, 1, 12, 0, 0);

function dated(date: string, init: ResponseInit = {}): Response {
  return json({}, { ...init, headers: { ...init.headers, date } });
}

Deno.test("serverTime is undefined before a response tells it", async () => {
  const { client } = setUpClient(() => json({}));
  assert.equal(client.serverTime, undefined);
  await client.getJson(JOBS, context());
  assert.equal(client.serverTime, undefined);
});

Deno.test("serverTime is that of the newest response, with the monotonic time of its arrival", async () => {
  const { client, clock } = setUpClient((_request, number) =>
    dated(number === 1 ? "Sun, 01 Mar 2026 12:00:00 GMT" : "Sun, 01 Mar 2026 11:50:00 GMT")
  );
  await clock.advance(5_000);
  await client.getJson(JOBS, context());
  assert.deepEqual(client.serverTime, { serverMs: NOON, monotonicMs: 5_000 });
  await clock.advance(20_000);
  await client.getJson(JOBS, context());
  // A clock that was set back is the very thing to be found out.
  assert.deepEqual(client.serverTime, { serverMs: NOON - 600_000, monotonicMs: 25_000 });
});

Deno.test("serverTime is when the headers arrived, not when the body ended", async () => {
  const body = Promise.withResolvers<void>();
  const { client, clock } = setUpClient(() =>
    new Response(
      new ReadableStream({
        async start(controller) {
          await body.promise;
          controller.enqueue(new TextEncoder().encode("{}"));
          controller.close();
        },
      }),
      { headers: { date: "Sun, 01 Mar 2026 12:00:00 GMT", "content-type": "application/json" } },
    )
  );
  const result = client.getJson(JOBS, context());
  await clock.advance(30_000);
  body.resolve();
  await result;
  assert.deepEqual(client.serverTime, { serverMs: NOON, monotonicMs: 0 });
});

Deno.test("serverTime takes no date of an error, which may be a proxy's", async () => {
  const { client } = setUpClient(() => dated("Sun, 01 Mar 2026 12:00:00 GMT", { status: 403 }));
  await failure(client.getJson(JOBS, context()), HttpStatusError);
  assert.equal(client.serverTime, undefined);
});

Deno.test("serverTime takes no date of a response out of a cache", async () => {
  const { client } = setUpClient(() =>
    dated("Sun, 01 Mar 2026 12:00:00 GMT", { headers: { age: "60" } })
  );
  await client.getJson(JOBS, context());
  assert.equal(client.serverTime, undefined);
});

Deno.test("serverTime stays what it was when a date makes no sense", async () => {
  const { client } = setUpClient((_request, number) =>
    dated(number === 1 ? "Sun, 01 Mar 2026 12:00:00 GMT" : "yesterday")
  );
  await client.getJson(JOBS, context());
  await client.getJson(JOBS, context());
  assert.equal(client.serverTime?.serverMs, NOON);
});

Deno.test("parseHttpDate() reads the three forms of RFC 9110 and nothing else", () => {
  for (
    const text of [
      "Sun, 01 Mar 2026 12:00:00 GMT",
      "Sunday, 01-Mar-26 12:00:00 GMT",
      "Sun Mar  1 12:00:00 2026",
      "  Sun, 01 Mar 2026 12:00:00 GMT ",
    ]
  ) {
    assert.equal(parseHttpDate(text), NOON, text);
  }
  for (const text of [null, "", "2026-03-01T12:00:00Z", "Sun, 99 Foo 2026", "1772366400"]) {
    assert.equal(parseHttpDate(text), undefined, String(text));
  }
});
