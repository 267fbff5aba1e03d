import assert from "node:assert/strict";
import { NetworkError } from "../../src/netbackup/errors.ts";
import { BadKeyError } from "../../src/site/errors.ts";
import { KeyGuard } from "../../src/site/key_guard.ts";
import { createFakeClient, statusError, unlimited } from "../testing/fake_client.ts";
import { createFakeClock } from "../testing/fake_clock.ts";

const SECOND = 1000;
const KEY_CHECK = "authorization-context";

/** A guard whose requests are answered when the test says so. */
function makeGuard() {
  const client = createFakeClient();
  const clock = createFakeClock();
  let refusal: BadKeyError | undefined;
  const guard = new KeyGuard({
    client,
    clock,
    refusal: () => refusal,
    refuse: () => refusal = new BadKeyError("a"),
  });
  const held: { endpoint: string; response: PromiseWithResolvers<unknown> }[] = [];
  client.respond = ({ endpoint }) => {
    const response = Promise.withResolvers<unknown>();
    held.push({ endpoint, response });
    return response.promise;
  };
  const get = (endpoint: string, signal?: AbortSignal) => {
    const result = guard.client.getJson({ endpoint, version: "14.0" }, unlimited(signal));
    result.catch(() => {}); // The test looks at it later.
    return result;
  };
  return { client, clock, guard, held, get, allow: () => refusal = undefined };
}

Deno.test("KeyGuard lets one request go ahead after a pause, and the others when it is answered", async () => {
  const { client, clock, held, get } = makeGuard();
  const results = ["/a", "/b", "/c"].map((path) => get(path));
  await clock.advance(0);
  assert.deepEqual(client.asked, ["/a"]);
  held[0]?.response.resolve("ok");
  await clock.advance(0);
  assert.deepEqual(client.asked, ["/a", "/b", "/c"]);
  for (const { response } of held) response.resolve("ok");
  assert.deepEqual(await Promise.all(results), ["ok", "ok", "ok"]);
  const later = get("/d");
  await clock.advance(0);
  const besides = get("/e");
  await clock.advance(0);
  assert.deepEqual(client.asked.slice(3), ["/d", "/e"], "nothing waits while responses come");
  for (const { response } of held) response.resolve("ok");
  await Promise.all([later, besides]);
  await clock.advance(SECOND);
  for (const path of ["/f", "/g"]) get(path);
  await clock.advance(0);
  assert.deepEqual(client.asked.slice(5), ["/f"], "after a pause one goes ahead again");
  held.at(-1)?.response.resolve("ok");
  await clock.advance(0);
  held.at(-1)?.response.resolve("ok");
});

Deno.test("KeyGuard finds a bad key with two requests, whatever else was to be asked at the time", async () => {
  const { client, clock, held, get } = makeGuard();
  client.keyAccepted = false;
  const results = ["/a", "/b", "/c"].map((path) => get(path));
  await clock.advance(0);
  held[0]?.response.reject(statusError(401, "/a"));
  await clock.advance(0);
  for (const result of [...results, get("/d")]) await assert.rejects(result, BadKeyError);
  assert.deepEqual(client.asked, ["/a", KEY_CHECK]);
});

Deno.test("KeyGuard sends nothing while it finds out, and asks once for all that were answered 401", async () => {
  const { client, clock, held, get } = makeGuard();
  get("/first");
  await clock.advance(0);
  held[0]?.response.resolve("ok");
  await clock.advance(0);
  const check = Promise.withResolvers<boolean>();
  client.verifyKey = () => {
    client.asked.push(KEY_CHECK);
    return check.promise;
  };
  const sent = ["/a", "/b"].map((path) => get(path));
  await clock.advance(0);
  for (const { response, endpoint } of held) response.reject(statusError(401, endpoint));
  await clock.advance(0);
  const waiting = get("/c");
  await clock.advance(10 * SECOND);
  assert.deepEqual(client.asked, ["/first", "/a", "/b", KEY_CHECK]);
  check.resolve(false);
  for (const result of [...sent, waiting]) await assert.rejects(result, BadKeyError);
  assert.deepEqual(client.asked.length, 4);
});

Deno.test("KeyGuard leaves a 401 as it is when the key is accepted, and lets the others go on", async () => {
  const { client, clock, held, get } = makeGuard();
  const denied = get("/a");
  const other = get("/b");
  await clock.advance(0);
  held[0]?.response.reject(statusError(401, "/a"));
  await assert.rejects(denied, { name: "HttpStatusError", status: 401, endpoint: "/a" });
  await clock.advance(0);
  held[1]?.response.resolve("ok");
  assert.equal(await other, "ok");
  assert.deepEqual(client.asked, ["/a", KEY_CHECK, "/b"]);
});

Deno.test("KeyGuard waits two seconds for the request that goes ahead, no longer", async () => {
  const { client, clock, held, get } = makeGuard();
  const slow = get("/slow");
  const others = ["/b", "/c"].map((path) => get(path));
  await clock.advance(2 * SECOND - 1);
  assert.deepEqual(client.asked, ["/slow"]);
  await clock.advance(1);
  assert.deepEqual(client.asked, ["/slow", "/b", "/c"]);
  for (const { response } of held) response.resolve("ok");
  await Promise.all([slow, ...others]);
  assert.equal(clock.pending, 0);
});

Deno.test("KeyGuard ends the waiting of a request that is aborted", async () => {
  const { client, clock, held, get } = makeGuard();
  const first = get("/a");
  await clock.advance(0);
  const stop = new AbortController();
  const waiting = get("/b", stop.signal);
  await clock.advance(0);
  stop.abort(new Error("enough"));
  await assert.rejects(waiting, { message: "enough" });
  held[0]?.response.resolve("ok");
  await first;
  assert.deepEqual(client.asked, ["/a"]);
  assert.equal(clock.pending, 0);
});

Deno.test("KeyGuard says why the primary cannot be asked about the key", async () => {
  const { client, clock, held, get } = makeGuard();
  client.keyAccepted = new NetworkError({ site: "a", endpoint: "/x" }, "no route", {
    reason: "network",
    hint: "check it",
  });
  const result = get("/a");
  await clock.advance(0);
  held[0]?.response.reject(statusError(401, "/a"));
  await assert.rejects(result, NetworkError);
});

Deno.test("KeyGuard asks about the key anew when the run that asked was ended", async () => {
  const { client, clock, held, get } = makeGuard();
  get("/first");
  await clock.advance(0);
  held[0]?.response.resolve("ok");
  await clock.advance(0);
  const stop = new AbortController();
  client.verifyKey = (_version, { signal }) => {
    client.asked.push(KEY_CHECK);
    if (client.asked.filter((path) => path === KEY_CHECK).length > 1) return Promise.resolve(false);
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason))
    );
  };
  const asking = get("/a", stop.signal);
  const joining = get("/b");
  await clock.advance(0);
  for (const { response, endpoint } of held) response.reject(statusError(401, endpoint));
  await clock.advance(0);
  stop.abort(new Error("budget spent"));
  await assert.rejects(asking, { message: "budget spent" });
  await assert.rejects(joining, BadKeyError);
});
