import assert from "node:assert/strict";
import { hashSync } from "bcryptjs";
import { Secret } from "../../../src/base/secret.ts";
import { PasswordChecker } from "../../../src/server/web_config/password_checker.ts";
import { protect } from "../../../src/server/web_config/protect.ts";
import { RateLimiter } from "../../../src/server/web_config/rate_limiter.ts";
import { OPEN_WEB_CONFIG, type WebConfig } from "../../../src/server/web_config/types.ts";
import { createFakeClock } from "../../testing/fake_clock.ts";

const USERS = new Map([["alice", new Secret(hashSync("secret", 4))]]);

function setUp(changes: Partial<WebConfig>) {
  const clock = createFakeClock();
  const compared: string[] = [];
  const passwords = new PasswordChecker({
    clock,
    compare: (password, hash) => {
      compared.push(hash);
      return Promise.resolve(password === "secret" && hash === USERS.get("alice")?.reveal());
    },
  });
  const config = { ...OPEN_WEB_CONFIG, ...changes };
  const handler = protect(
    () => new Response("page", { headers: { "X-Frame-Options": "SAMEORIGIN" } }),
    { config, passwords, clock },
  );
  const get = async (credentials?: string) => {
    const headers = credentials === undefined
      ? undefined
      : { Authorization: `Basic ${btoa(credentials)}` };
    return await handler(new Request("http://localhost/", headers ? { headers } : {}));
  };
  return { clock, compared, get };
}

Deno.test("protect() lets everything through without a web configuration", async () => {
  const response = await setUp({}).get();
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "page");
});

Deno.test("protect() answers 401 without credentials, with a challenge and without any check", async () => {
  const { get, compared } = setUp({ users: USERS });
  const response = await get();
  assert.equal(response.status, 401);
  assert.match(response.headers.get("WWW-Authenticate") ?? "", /^Basic realm=/);
  assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff");
  assert.equal(compared.length, 0);
});

Deno.test("protect() lets the right password through, and nothing else", async () => {
  const { get } = setUp({ users: USERS });
  assert.equal((await get("alice:secret")).status, 200);
  for (const wrong of ["alice:", "alice:Secret", "bob:secret", ":", "ALICE:secret"]) {
    assert.equal((await get(wrong)).status, 401, wrong);
  }
});

Deno.test("protect() compares for an unknown user too, against a hash of the same cost", async () => {
  const { get, compared } = setUp({ users: USERS });
  await get("bob:secret");
  assert.equal(compared.length, 1);
  assert.equal(compared[0]?.slice(4, 6), "04");
  assert.notEqual(compared[0], USERS.get("alice")?.reveal());
});

Deno.test("protect() sets the configured headers on each response, over those of the page", async () => {
  const headers = new Map([["X-Frame-Options", "deny"], [
    "Strict-Transport-Security",
    "max-age=1",
  ]]);
  const { get } = setUp({ users: USERS, headers });
  for (const response of [await get("alice:secret"), await get()]) {
    assert.equal(response.headers.get("X-Frame-Options"), "deny");
    assert.equal(response.headers.get("Strict-Transport-Security"), "max-age=1");
  }
});

Deno.test("protect() answers 429 beyond the rate limit, before any check of a password", async () => {
  const { get, clock, compared } = setUp({
    users: USERS,
    rateLimit: { intervalMs: 1000, burst: 2 },
  });
  assert.equal((await get("alice:secret")).status, 200);
  assert.equal((await get("bob:x")).status, 401);
  assert.equal((await get("bob:y")).status, 429);
  assert.equal(compared.length, 2);
  await clock.advance(1000);
  assert.equal((await get("alice:secret")).status, 200);
});

Deno.test("RateLimiter.allow() gives a burst, then one for each interval, and saves no more than a burst", () => {
  const limiter = new RateLimiter({ intervalMs: 100, burst: 3 }, 0);
  const allowed = (now: number, times: number) =>
    Array.from({ length: times }, () => limiter.allow(now)).filter(Boolean).length;
  assert.equal(allowed(0, 5), 3);
  assert.equal(allowed(99, 1), 0);
  assert.equal(allowed(100, 5), 1);
  assert.equal(allowed(100_000, 5), 3);
});
