import assert from "node:assert/strict";
import type { JsonRequest } from "../../src/netbackup/api.ts";
import {
  ClientAlreadyClosedError,
  ClientClosedError,
  HttpStatusError,
} from "../../src/netbackup/errors.ts";
import { context, failure, hang, json, setUpClient } from "./testing/fixtures.ts";

const JOBS = { endpoint: "/admin/jobs", version: "14.0" };

function caught(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

/** Whether a promise has settled, as far as the program has reacted by now. */
function watch(promise: Promise<unknown>): { readonly settled: boolean } {
  const state = { settled: false };
  promise.then(() => state.settled = true, () => state.settled = true);
  return state;
}

Deno.test("close() of an idle client closes the pool at once and leaves no timer", async () => {
  const { client, clock, transport } = setUpClient(() => json({}));
  await client.close();
  assert.equal(transport.closed, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("close() refuses further requests of every kind with 'client is closed'", async () => {
  const { client, transport } = setUpClient(() => json({}));
  await client.close();
  for (
    const call of [
      client.getJson(JOBS, context()),
      client.detectVersion(context()),
      client.verifyKey("14.0", context()),
    ]
  ) {
    const error = await failure(call, ClientClosedError);
    assert.match(error.message, /^client is closed/);
    assert.equal(error.reason, "closed");
  }
  assert.equal(transport.requests.length, 0);
});

Deno.test("close() refuses a request with its method in the error", async () => {
  const { client } = setUpClient(() => json({}));
  await client.close();
  const refusal = async (request: JsonRequest) =>
    (await failure(client.getJson(request, context()), ClientClosedError)).message;
  assert.equal(await refusal(JOBS), 'client is closed (site "prod", GET /admin/jobs)');
  const counting = { endpoint: "/admin/jobs-count-requests", version: "14.0", body: {} };
  assert.equal(
    await refusal(counting),
    'client is closed (site "prod", POST /admin/jobs-count-requests)',
  );
});

Deno.test("close() a second time is the error 'client already closed'", async () => {
  const { client, transport } = setUpClient(() => json({}));
  await client.close();
  const error = await failure(client.close(), ClientAlreadyClosedError);
  assert.match(error.message, /^client already closed/);
  assert.equal(transport.closed, 1);
});

Deno.test("close() a second time is an error while the first still waits", async () => {
  const { client, clock } = setUpClient(hang);
  const request = caught(client.getJson(JOBS, context()));
  const first = client.close();
  await failure(client.close(), ClientAlreadyClosedError);
  await clock.advance(30_000);
  await first;
  assert(await request instanceof ClientClosedError);
});

Deno.test("close() waits for a request in flight, which succeeds", async () => {
  const { client, clock, transport } = setUpClient(async () => {
    await clock.sleep(20_000);
    return json({ late: true });
  });
  const request = client.getJson(JOBS, context());
  const closing = client.close();
  const state = watch(closing);
  await clock.advance(19_000);
  assert.equal(state.settled, false);
  assert.equal(transport.closed, 0);
  await clock.advance(1_000);
  assert.equal(state.settled, true);
  assert.deepEqual(await request, { late: true });
  assert.equal(transport.closed, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("close() aborts what is in flight after 30 seconds and closes the pool", async () => {
  const { client, clock, transport, observer } = setUpClient(hang);
  const request = caught(client.getJson(JOBS, context()));
  const state = watch(client.close());
  await clock.advance(29_999);
  assert.equal(state.settled, false);
  await clock.advance(1);
  assert.equal(state.settled, true);
  const error = await request;
  assert(error instanceof ClientClosedError);
  assert.deepEqual(observer.requests.map(({ code }) => code), ["aborted"]);
  assert.equal(transport.closed, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("close() tells whether it drained or cut, and how many", async () => {
  const idle = setUpClient(() => json({}));
  assert.deepEqual(await idle.client.close(), { drained: true, aborted: 0 });

  const draining = setUpClient(async () => {
    await draining.clock.sleep(1_000);
    return json({});
  });
  const done = draining.client.getJson(JOBS, context());
  const drained = draining.client.close();
  await draining.clock.advance(1_000);
  assert.deepEqual([await done, await drained], [{}, { drained: true, aborted: 0 }]);

  const hanging = setUpClient(hang);
  const requests = [1, 2, 3].map(() => caught(hanging.client.getJson(JOBS, context())));
  const cut = hanging.client.close({ timeoutMs: 2_000 });
  await hanging.clock.advance(2_000);
  assert.deepEqual(await cut, { drained: false, aborted: 3 });
  await Promise.all(requests);
});

Deno.test("close() obeys the deadline given", async () => {
  const { client, clock } = setUpClient(hang);
  const request = caught(client.getJson(JOBS, context()));
  const state = watch(client.close({ timeoutMs: 2_000 }));
  await clock.advance(1_999);
  assert.equal(state.settled, false);
  await clock.advance(1);
  assert.equal(state.settled, true);
  assert(await request instanceof ClientClosedError);
});

Deno.test("close() is cut short by its signal, before or during the wait", async () => {
  for (const early of [true, false]) {
    const { client, clock } = setUpClient(hang);
    const request = caught(client.getJson(JOBS, context()));
    const abort = new AbortController();
    if (early) abort.abort();
    const state = watch(client.close({ signal: abort.signal }));
    await clock.advance(1_000);
    assert.equal(state.settled, early);
    abort.abort();
    await clock.advance(0);
    assert.equal(state.settled, true);
    assert(await request instanceof ClientClosedError);
    assert.equal(clock.pending, 0);
  }
});

Deno.test("close() ends the wait for a retry at once: nothing of it is in flight", async () => {
  const { client, clock, transport } = setUpClient(() => json({}, { status: 503 }));
  const request = caught(client.getJson(JOBS, context()));
  await clock.advance(1_000);
  const state = watch(client.close({ timeoutMs: 10_000 }));
  await clock.advance(0);
  assert.equal(state.settled, true);
  assert.equal(transport.requests.length, 1);
  assert(await request instanceof ClientClosedError);
  assert.equal(clock.pending, 0);
});

Deno.test("close() waits for callers that wait for a slot", async () => {
  const { client, clock, transport } = setUpClient(async () => {
    await clock.sleep(1_000);
    return json({});
  }, { maxConcurrentRequests: 1 });
  const requests = [1, 2, 3].map(() => client.getJson(JOBS, context()));
  const state = watch(client.close());
  await clock.advance(2_999);
  assert.equal(state.settled, false);
  await clock.advance(1);
  assert.equal(state.settled, true);
  assert.deepEqual(await Promise.all(requests), [{}, {}, {}]);
  assert.equal(transport.requests.length, 3);
});

Deno.test("close() does not depend on a transport that reacts to being aborted", async () => {
  const { client, clock } = setUpClient(() => new Promise(() => {}));
  const request = caught(client.getJson(JOBS, context()));
  const state = watch(client.close({ timeoutMs: 0 }));
  await clock.advance(0);
  assert.equal(state.settled, true);
  assert(await request instanceof ClientClosedError);
});

Deno.test("close() after failures has nothing to wait for", async () => {
  const { client, clock } = setUpClient(() => json({}, { status: 400 }));
  await failure(client.getJson(JOBS, context()), HttpStatusError);
  const abort = new AbortController();
  const aborted = caught(client.getJson(JOBS, context({ signal: abort.signal })));
  abort.abort(new Error("enough"));
  await aborted;
  await client.close();
  assert.equal(clock.pending, 0);
});
