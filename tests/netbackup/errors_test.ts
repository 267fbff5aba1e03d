import assert from "node:assert/strict";
import {
  ERROR_REASONS,
  errorLogFields,
  HttpStatusError,
  NetBackupError,
  PagingError,
  REASON_TABLE,
  RetryAfterError,
  statusError,
} from "../../src/netbackup/errors.ts";
import { context, failure, json, setUpClient } from "./testing/fixtures.ts";

const PLACE = { site: "s", endpoint: "/e" };

Deno.test("REASON_TABLE has every reason once, each with what to do", () => {
  assert.equal(new Set(ERROR_REASONS).size, ERROR_REASONS.length);
  for (const { reason, meaning, remedy } of REASON_TABLE) {
    assert.match(reason, /^[a-z_]+$/);
    assert.match(meaning, /^[a-z].*[^.]$/, reason);
    assert.match(remedy, /^[A-Z].*\.$/, reason);
  }
});

Deno.test("NetBackupError has no cause where none was given", () => {
  const error = new NetBackupError("m", { reason: "auth", ...PLACE });
  assert.equal(error.cause, undefined);
  assert.equal("cause" in error, false);
});

Deno.test("a 401 does not say that the key is wrong: a permission may be missing", () => {
  const { message, reason } = statusError(PLACE, { status: 401 });
  assert.equal(reason, "auth");
  assert.match(message, /the API key is not valid, or its role may not view this$/);
});

Deno.test("errorLogFields() names endpoint, HTTP status, NetBackup's code and the attempt", async () => {
  const { client } = setUpClient(() => json({ errorCode: 8000 }, { status: 400 }));
  const request = { endpoint: "/admin/jobs", version: "14.0" };
  const error = await failure(client.getJson(request, context()), HttpStatusError);
  assert.deepEqual(errorLogFields(error), {
    error,
    reason: "http",
    endpoint: "/admin/jobs",
    http_status: 400,
    nbu_code: 8000,
    attempt: 1,
  });
});

Deno.test("errorLogFields() has the number of the last attempt", async () => {
  const { client, clock } = setUpClient(() => json({}, { status: 503 }));
  const result = client.getJson({ endpoint: "/x", version: "14.0" }, context())
    .catch((error: unknown) => error);
  await clock.advance(60_000);
  assert.equal(errorLogFields(await result).attempt, 4);
});

Deno.test("errorLogFields() takes the status from the cause of a better explanation", () => {
  const cause = statusError(PLACE, { status: 401, errorCode: 5 });
  const error = new NetBackupError("no permission", { reason: "forbidden", ...PLACE, cause });
  const fields = errorLogFields(error);
  assert.equal(fields.http_status, 401);
  assert.equal(fields.nbu_code, 5);
  assert.equal(fields.reason, "forbidden");
});

Deno.test("errorLogFields() says how long the primary wants to be left alone", () => {
  const error = new RetryAfterError(PLACE, 56_700);
  assert.equal(errorLogFields(error).retry_after_seconds, 57);
  const told = statusError(PLACE, { status: 503, retryAfterMs: 1_000 });
  assert.equal(errorLogFields(told).retry_after_seconds, 1);
});

Deno.test("errors that repeat themselves read the same, however long the wait would be", async () => {
  const seen = new Set<string>();
  for (const leftMs of [1_000, 2_000]) seen.add(new RetryAfterError(PLACE, leftMs).message);
  assert.equal(seen.size, 1);
  for (const random of [0.1, 0.9]) {
    const { client } = setUpClient(() => json({}, { status: 503 }), {}, { random: () => random });
    const request = { endpoint: "/x", version: "14.0" };
    const limits = context({ deadline: 1_000 * random });
    seen.add((await failure(client.getJson(request, limits), HttpStatusError)).message);
  }
  assert.equal(seen.size, 2);
});

Deno.test("errorLogFields() leaves out what is not known", () => {
  const paging = new PagingError(PLACE, "it is endless");
  assert.deepEqual(errorLogFields(paging), { error: paging, reason: "paging", endpoint: "/e" });
  const nowhere = new NetBackupError("m", { reason: "closed", site: "s", endpoint: "" });
  assert.deepEqual(errorLogFields(nowhere), { error: nowhere, reason: "closed" });
  const other = new TypeError("x");
  assert.deepEqual(errorLogFields(other), { error: other });
});

for (
  const page of [
    "Bad Request\nThis combination of host and port requires TLS.",
    "<center>The plain HTTP request was sent to HTTPS port</center>",
    "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.</p>",
  ]
) {
  Deno.test(`a 400 that says "${page.slice(0, 60)}" is told to use https`, async () => {
    const { client } = setUpClient(() => new Response(page, { status: 400 }), { scheme: "http" });
    const request = { endpoint: "/x", version: "14.0" };
    const error = await failure(client.getJson(request, context()), HttpStatusError);
    assert.equal(error.reason, "tls");
    assert.match(error.message, /set "scheme" to "https"/);
  });
}
