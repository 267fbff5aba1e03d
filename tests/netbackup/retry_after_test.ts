import assert from "node:assert/strict";
import { HttpStatusError, RetryAfterError } from "../../src/netbackup/errors.ts";
import { createRetryAfterGate } from "../../src/netbackup/retry/retry_after_gate.ts";
import { retryAfterOf } from "../../src/netbackup/retry/retry_after.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { context, failure, json, setUpClient } from "./testing/fixtures.ts";

const NOW = Date.UTC(2022, 0, 14, 14, 46, 0);
const OPTIONS = { nowMs: NOW, maxMs: 300_000 };
const JOBS = { endpoint: "/admin/jobs", version: "14.0" };

for (
  const [header, expected] of [
    ["120", 120_000],
    [" 0 ", 0],
    ["1.5", 1_500],
    ["2022-01-14T14:46:01.311Z", 1_311],
    ["2022-01-14T15:46:30+01:00", 30_000],
    ["2022-01-14T14:47:00", 60_000],
    ["Fri, 14 Jan 2022 14:46:10 GMT", 10_000],
    ["Friday, 14-Jan-22 14:46:10 GMT", 10_000],
    ["Fri Jan 14 14:46:10 2022", 10_000],
    ["2021-01-14T14:46:01.311Z", 0],
    ["Thu, 13 Jan 2022 14:46:10 GMT", 0],
    ["2999-01-01T00:00:00Z", 300_000],
    ["99999999999", 300_000],
    ["soon", undefined],
    ["-5", undefined],
    ["2022-13-45T99:99:99Z", undefined],
    ["Fri, 99 Foo 2022", undefined],
    ["", undefined],
    [null, undefined],
  ] as const
) {
  Deno.test(`retryAfterOf() makes ${expected} ms of ${JSON.stringify(header)}`, () => {
    const headers = new Headers(header === null ? {} : { "retry-after": header });
    assert.equal(retryAfterOf(headers, OPTIONS), expected);
  });
}

Deno.test("retryAfterOf() takes a date relative to the response's own, not to our clock", () => {
  for (const hours of [-20, 0, 20]) {
    const server = NOW + hours * 3_600_000;
    const headers = new Headers({
      "date": new Date(server).toUTCString(),
      "retry-after": new Date(server + 30_000).toUTCString(),
    });
    assert.equal(retryAfterOf(headers, OPTIONS), 30_000, `${hours} h`);
  }
});

for (const status of [429, 503]) {
  Deno.test(`a Retry-After of 20 hours with status ${status} lets one request out per polling interval`, async () => {
    const { client, transport, clock } = setUpClient(
      () => json({}, { status, headers: { "retry-after": "72000" } }),
      {},
      { maxRetryAfterMs: 60_000 },
    );
    const poll = () => client.getJson(JOBS, context({ deadline: clock.monotonic() + 50_000 }));
    assert.equal((await failure(poll(), HttpStatusError)).retryAfterMs, 60_000);
    await clock.advance(5_000);
    await failure(poll(), RetryAfterError);
    assert.equal(transport.requests.length, 1, "within the interval the primary is left alone");
    await clock.advance(55_000);
    await failure(poll(), HttpStatusError);
    assert.equal(transport.requests.length, 2);
  });
}

Deno.test("a primary whose clock is 20 hours ahead is not left alone for 20 hours", async () => {
  const { client, clock } = setUpClient(() => {
    const server = clock.now() + 20 * 3_600_000;
    return json({}, {
      status: 503,
      headers: {
        "date": new Date(server).toUTCString(),
        "retry-after": new Date(server + 20_000).toUTCString(),
      },
    });
  }, { retry: { maxAttempts: 1, minWaitMs: 1, maxWaitMs: 1 } });
  const error = await failure(client.getJson(JOBS, context()), HttpStatusError);
  assert.equal(error.retryAfterMs, 20_000);
});

Deno.test("what Retry-After says holds for the client that takes another's place", async () => {
  const clock = createFakeClock();
  const shared = { clock, gate: createRetryAfterGate(clock) };
  const busy = () => json({}, { status: 503, headers: { "retry-after": "60" } });
  const soon = () => context({ deadline: clock.monotonic() + 10_000 });
  await failure(setUpClient(busy, {}, shared).client.getJson(JOBS, soon()), HttpStatusError);
  const next = setUpClient(() => json({}), {}, shared);
  await failure(next.client.getJson(JOBS, soon()), RetryAfterError);
  await clock.advance(60_000);
  assert.deepEqual(await next.client.getJson(JOBS, soon()), {});
  assert.equal(next.transport.requests.length, 1);
});
