import assert from "node:assert/strict";
import type { ApiSession } from "../../src/netbackup/api.ts";
import { NetworkError } from "../../src/netbackup/errors.ts";
import { BadKeyError } from "../../src/site/errors.ts";
import { createSessionHolder, type SessionOptions } from "../../src/site/session.ts";
import { createFakeClient, statusError, unlimited } from "../testing/fake_client.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";

const MINUTE = 60_000;
const LIST = { endpoint: "/admin/jobs", version: "14.0" };

function makeHolder(changes: Partial<SessionOptions> = {}) {
  const client = createFakeClient();
  const clock = createFakeClock();
  const { logger, records } = createRecordingLogger();
  const holder = createSessionHolder({
    ...{ site: "a", client, clock, logger },
    configuredVersion: undefined,
    pollIntervalMs: 5 * MINUTE,
    ...changes,
  });
  const asked = (path: string) => client.asked.filter((each) => each === path).length;
  return { client, clock, records, holder, asked };
}

Deno.test("SessionHolder negotiates once for callers at the same time, and once for all after", async () => {
  const { holder, client } = makeHolder();
  assert.equal(holder.version, undefined);
  const sessions = await Promise.all([1, 2, 3].map(() => holder.ensure(unlimited())));
  assert.equal(new Set(sessions).size, 1);
  assert.equal(await holder.ensure(unlimited()), sessions[0]);
  assert.deepEqual(client.asked, ["ping", "authorization-context"]);
  assert.equal(holder.version, "14.0");
});

Deno.test("SessionHolder takes the configured version without asking, and never another", async () => {
  const { holder, client, clock } = makeHolder({ configuredVersion: "13.0" });
  const session = await holder.ensure(unlimited());
  assert.equal(session.version, "13.0");
  await clock.advance(60 * MINUTE);
  assert.equal(await holder.renegotiate(session, true, unlimited()), false);
  assert.deepEqual(client.asked, ["authorization-context"]);
});

Deno.test("SessionHolder.version is that of the site before, until another is negotiated", async () => {
  const { holder } = makeHolder({ knownVersion: "13.0" });
  assert.equal(holder.version, "13.0");
  await holder.ensure(unlimited());
  assert.equal(holder.version, "14.0");
});

Deno.test("SessionHolder refuses without a request while a refused key is not to be tried", async () => {
  const { holder, client, clock, asked } = makeHolder();
  client.keyAccepted = false;
  await assert.rejects(holder.ensure(unlimited()), BadKeyError);
  await assert.rejects(holder.ensure(unlimited()), BadKeyError);
  assert.equal(asked("authorization-context"), 1);
  await clock.advance(5 * MINUTE);
  await assert.rejects(holder.ensure(unlimited()), BadKeyError);
  assert.equal(asked("authorization-context"), 2);
  await clock.advance(5 * MINUTE);
  await assert.rejects(holder.ensure(unlimited()), BadKeyError);
  assert.equal(asked("authorization-context"), 2, "the second pause is longer");
  client.keyAccepted = true;
  await clock.advance(5 * MINUTE);
  assert.equal((await holder.ensure(unlimited())).version, "14.0");
});

Deno.test("SessionHolder begins with the first pause again after a key was accepted", async () => {
  const { holder, client, clock, asked } = makeHolder();
  let session: ApiSession | undefined;
  for (let round = 1; round <= 2; round++) {
    client.keyAccepted = false;
    client.respond = () => {
      throw statusError(401);
    };
    const refused = session
      ? session.client.getJson(LIST, unlimited())
      : holder.ensure(unlimited());
    await assert.rejects(refused, BadKeyError);
    await assert.rejects(holder.ensure(unlimited()), BadKeyError, "the session is gone");
    client.keyAccepted = true;
    await clock.advance(5 * MINUTE);
    session = await holder.ensure(unlimited());
  }
  assert.equal(asked("authorization-context"), 4);
});

Deno.test("SessionHolder finds a bad key with one request more where finding the version takes the key", async () => {
  const { holder, client, asked } = makeHolder();
  client.detectFailure = statusError(401);
  client.keyAccepted = false;
  await assert.rejects(holder.ensure(unlimited()), BadKeyError);
  await assert.rejects(holder.ensure(unlimited()), BadKeyError);
  assert.deepEqual([asked("ping"), asked("authorization-context")], [1, 1]);
});

Deno.test("SessionHolder takes 401 while it finds the version for a missing permission when the key is good", async () => {
  const { holder, client } = makeHolder();
  client.detectFailure = statusError(401);
  await assert.rejects(holder.ensure(unlimited()), { name: "HttpStatusError", status: 401 });
});

Deno.test("SessionHolder.renegotiate() shares one that is under way, surprising or not", async () => {
  const { holder, client, asked } = makeHolder();
  const session = await holder.ensure(unlimited());
  client.version = "13.0";
  const found = await Promise.all([
    holder.renegotiate(session, true, unlimited()),
    holder.renegotiate(session, false, unlimited()),
    holder.renegotiate(session, true, unlimited()),
  ]);
  assert.deepEqual(found, [true, true, true]);
  assert.equal(asked("ping"), 2);
  assert.equal(await holder.renegotiate(session, false, unlimited()), true, "known by now");
  assert.equal(asked("ping"), 2);
});

Deno.test("SessionHolder.renegotiate() does not doubt a version of the last ten minutes", async () => {
  const { holder, clock, asked } = makeHolder();
  const session = await holder.ensure(unlimited());
  await clock.advance(10 * MINUTE - 1);
  assert.equal(await holder.renegotiate(session, false, unlimited()), false);
  assert.equal(asked("ping"), 1);
  await clock.advance(1);
  assert.equal(await holder.renegotiate(session, false, unlimited()), false);
  assert.equal(asked("ping"), 2);
});

Deno.test("SessionHolder.renegotiate() asks again after one that failed", async () => {
  const { holder, client, asked } = makeHolder();
  const session = await holder.ensure(unlimited());
  client.detectFailure = new NetworkError({ site: "a", endpoint: "/ping" }, "no route", {
    reason: "network",
    hint: "check it",
  });
  await assert.rejects(holder.renegotiate(session, true, unlimited()), NetworkError);
  client.detectFailure = undefined;
  client.version = "13.0";
  assert.equal(await holder.renegotiate(session, true, unlimited()), true);
  assert.equal(asked("ping"), 3);
});

Deno.test("SessionHolder takes any other error of the key check for an accepted key, but for no contact", async () => {
  const { holder, client } = makeHolder();
  client.keyAccepted = new NetworkError({ site: "a", endpoint: "/x" }, "no route", {
    reason: "network",
    hint: "check it",
  });
  await assert.rejects(holder.ensure(unlimited()), NetworkError);
  client.keyAccepted = statusError(404, "/authorization-context");
  assert.equal((await holder.ensure(unlimited())).version, "14.0");
});

Deno.test("SessionHolder logs the version when it changes, and only then", async () => {
  const { holder, client, clock, records } = makeHolder();
  const session = await holder.ensure(unlimited());
  await clock.advance(20 * MINUTE);
  await holder.renegotiate(session, false, unlimited());
  client.version = "13.0";
  await clock.advance(20 * MINUTE);
  await holder.renegotiate(session, false, unlimited());
  assert.deepEqual(records.map(({ fields }) => fields["version"]), ["14.0", "13.0"]);
});
