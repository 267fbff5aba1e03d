import assert from "node:assert/strict";
import { apiKeyTag } from "../../src/netbackup/api_key.ts";
import { backoffMs } from "../../src/netbackup/retry/backoff.ts";
import {
  allOf,
  anyOf,
  compare,
  contains,
  endsWith,
  not,
  startsWith,
} from "../../src/netbackup/filters.ts";
import { createSemaphore } from "../../src/netbackup/semaphore.ts";
import { buildUrl } from "../../src/netbackup/url.ts";
import { compareVersions, parseVersion, SUPPORTED_VERSIONS } from "../../src/netbackup/version.ts";

const RETRY = { maxAttempts: 4, minWaitMs: 5_000, maxWaitMs: 60_000 };

Deno.test("backoffMs() doubles from the shortest to the longest wait", () => {
  const waits = [1, 2, 3, 4, 5, 6].map((retry) => backoffMs(RETRY, retry, () => 0.5));
  assert.deepEqual(waits, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
});

Deno.test("backoffMs() varies by a tenth and never exceeds the longest wait", () => {
  assert.equal(backoffMs(RETRY, 1, () => 0), 4_500);
  assert.equal(backoffMs(RETRY, 1, () => 0.999999), 5_500);
  assert.equal(backoffMs(RETRY, 9, () => 0.999999), 60_000);
  assert.equal(backoffMs(RETRY, 2000, () => 0), 54_000);
});

Deno.test("backoffMs() never undercuts Retry-After, and exceeds the longest wait for it", () => {
  assert.equal(backoffMs(RETRY, 1, () => 0.5, 90_000), 90_000);
  assert.equal(backoffMs(RETRY, 1, () => 0.5, 0), 5_000);
});

Deno.test("createSemaphore() gives up a place in the queue on abort and passes slots on", async () => {
  const semaphore = createSemaphore(1);
  const abort = new AbortController();
  const never = new AbortController().signal;
  const release = await semaphore.acquire(never);
  const second = semaphore.acquire(abort.signal);
  const third = semaphore.acquire(never);
  const reason = new Error("no longer");
  abort.abort(reason);
  await assert.rejects(second, reason);
  release();
  release();
  const releaseThird = await third;
  const fourth = semaphore.acquire(never);
  let entered = false;
  fourth.then(() => entered = true);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(entered, false, "releasing twice must not free two slots");
  releaseThird();
  (await fourth)();
  await assert.rejects(semaphore.acquire(abort.signal), reason);
});

Deno.test("compareVersions() compares as numbers", () => {
  assert(compareVersions("9.0", "10.0") < 0);
  assert(compareVersions("13.1", "13.0") > 0);
  assert(compareVersions("13.10", "13.9") > 0);
  assert.equal(compareVersions("14.0", "14.0"), 0);
  const sorted = [...SUPPORTED_VERSIONS].sort((a, b) => compareVersions(b, a));
  assert.deepEqual(sorted, ["14.0", "13.0", "12.0", "11.0", "10.0"]);
});

Deno.test("parseVersion() understands versions and nothing else", () => {
  assert.equal(parseVersion("12.0"), "12.0");
  assert.equal(parseVersion("012.00"), "12.0");
  for (const text of [null, "", "v12", "12.0.1", "12.x", "-1.0", "12.0, 13.0"]) {
    assert.equal(parseVersion(text), undefined);
  }
});

Deno.test("buildUrl() encodes names and values as RFC 3986 says", () => {
  assert.equal(
    buildUrl("https://h/n", "/p", { "page[after]": "a+b/c=", q: "it's (x)*!~é", n: 0 }),
    "https://h/n/p?page%5Bafter%5D=a%2Bb%2Fc%3D&q=it%27s%20%28x%29%2A%21~%C3%A9&n=0",
  );
  assert.equal(buildUrl("https://h/n", "/p"), "https://h/n/p");
});

Deno.test("filters write dates bare, texts quoted, numbers as they are", () => {
  const since = new Date("2024-01-01T00:00:00Z");
  assert.equal(
    allOf(compare("state", "eq", "DONE"), compare("endTime", "ge", since)),
    "state eq 'DONE' and endTime ge 2024-01-01T00:00:00.000Z",
  );
  assert.equal(compare("clientName", "eq", "O'Brien's"), "clientName eq 'O''Brien''s'");
  assert.equal(
    allOf(anyOf(compare("jobId", "eq", 1), compare("jobId", "eq", 2)), compare("status", "ne", 0)),
    "(jobId eq 1 or jobId eq 2) and status ne 0",
  );
  assert.equal(anyOf("a eq 1"), "a eq 1");
  assert.throws(() => compare("jobId", "eq", NaN), RangeError);
  assert.throws(() => compare("endTime", "ge", new Date(NaN)), RangeError);
});

Deno.test("contains(), startsWith() and endsWith() are functions, as the vendor's guide has them", () => {
  assert.equal(contains("policyName", "gold"), "contains(policyName,'gold')");
  assert.equal(startsWith("clientName", "O'B"), "startswith(clientName,'O''B')");
  assert.equal(endsWith("clientName", ".example.com"), "endswith(clientName,'.example.com')");
  assert.equal(
    allOf(not(contains("policyName", "gold")), compare("state", "eq", "DONE")),
    "not contains(policyName,'gold') and state eq 'DONE'",
  );
});

Deno.test("apiKeyTag() is the first eight bytes of the key, as in the vendor's example", () => {
  assert.equal(apiKeyTag("A1uMjmj93mrpsW9qTESTKEY"), "A1uMjmj93mo=");
  assert.equal(apiKeyTag("-_8AAAAAAAAA"), "+/8AAAAAAAA=", "keys are in base64url");
  for (const other of ["", "short", "simulator key", "A1uMjmj93m=="]) {
    assert.equal(apiKeyTag(other), undefined, other);
  }
});
