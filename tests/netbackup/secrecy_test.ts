import assert from "node:assert/strict";
import fc from "fast-check";
import { createRedactor } from "../../src/base/redactor.ts";
import { clean, messages, safeCause } from "../../src/netbackup/safe_text.ts";
import { parseProxy } from "../../src/netbackup/proxy.ts";
import { Secret } from "../../src/base/secret.ts";
import { context, json, KEY, recordingTracing, setUpClient } from "./testing/fixtures.ts";

/** Text with the key somewhere in it, in one of the forms in which it could be echoed. */
const withKey = fc.tuple(
  fc.string(),
  fc.constantFrom(
    KEY,
    encodeURIComponent(KEY),
    `${KEY}${KEY}`,
    `\u0000${KEY}`,
    `${KEY.slice(0, 9)}\u0007`,
  ),
  fc.string(),
).map((parts) => parts.join(""));

const echo = fc.oneof(withKey, fc.string());

const response = fc.record({
  status: fc.constantFrom(200, 302, 400, 401, 403, 404, 406, 429, 500, 503),
  contentType: fc.oneof(
    fc.constantFrom("application/json", "text/html", "text/plain", ""),
    fc.constant(`application/${KEY}`),
  ),
  body: fc.oneof(
    echo,
    fc.record({
      errorCode: fc.oneof(fc.integer(), echo),
      errorMessage: echo,
      errorDetails: fc.array(echo),
    }).map((value) => JSON.stringify(value)),
    fc.record({ data: fc.array(echo) }).map((value) => JSON.stringify(value)),
    echo.map((text) => JSON.stringify({ data: text }).slice(0, -1)),
    echo.map((text) => `<html>${text}</html>`),
  ),
  retryAfter: fc.constantFrom("1", KEY, "soon"),
});

const networkFailure = echo.map((text) =>
  new TypeError(`fetch failed ${text}`, { cause: new Error(text, { cause: new Error(text) }) })
);

/** All that could be seen of an error, its causes included. */
function visible(error: unknown): string {
  const parts = [Deno.inspect(error, { depth: 10, showHidden: true })];
  let current = error;
  while (current instanceof Error) {
    parts.push(current.message, current.stack ?? "", JSON.stringify(current));
    current = current.cause;
  }
  return parts.join("\n");
}

Deno.test("the key appears in no error, log line or span, whatever the server answers", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(response, networkFailure), async (scripted) => {
      const { tracing, spans } = recordingTracing();
      const { client, records } = setUpClient(
        () => {
          if (scripted instanceof Error) return Promise.reject(scripted);
          const { status, contentType, body, retryAfter } = scripted;
          const headers = { "content-type": contentType, "retry-after": retryAfter };
          return new Response(body, { status, headers });
        },
        { retry: { maxAttempts: 1, minWaitMs: 1, maxWaitMs: 1 } },
        { logBodies: true },
      );
      let error: unknown;
      try {
        await client.getJson({ endpoint: "/admin/jobs", version: "14.0" }, context({ tracing }));
      } catch (caught) {
        error = caught;
      }
      const seen = [visible(error), Deno.inspect(records, { depth: 10 }), JSON.stringify(records)];
      seen.push(JSON.stringify(spans));
      for (const text of seen) assert(!text.includes(KEY), text);
    }),
    { numRuns: 500 },
  );
});

Deno.test("the key appears in no cause, which is otherwise kept", async () => {
  const harmless = new TypeError("connection reset");
  const echoing = new TypeError(`header ${KEY} is bad`, { cause: new Error(KEY) });
  for (const thrown of [harmless, echoing]) {
    const { client } = setUpClient(() => Promise.reject(thrown), {
      retry: { maxAttempts: 1, minWaitMs: 1, maxWaitMs: 1 },
    });
    const error = await client.getJson({ endpoint: "/x", version: "14.0" }, context())
      .catch((caught: unknown) => caught);
    assert(error instanceof Error);
    assert(error.cause instanceof Error);
    assert.equal(error.cause.name, "TypeError");
    assert.equal(error.cause === harmless, thrown === harmless);
    assert(!visible(error).includes(KEY));
  }
});

Deno.test("a retry's log line is as free of the key as its error", async () => {
  const { client, clock, records } = setUpClient((_request, number) =>
    number === 1 ? json({ errorMessage: `bad ${KEY}` }, { status: 500 }) : json({})
  );
  const result = client.getJson({ endpoint: "/x", version: "14.0" }, context());
  await clock.advance(5_000);
  await result;
  assert(records.some(({ message }) => message === "request failed: retrying"));
  assert(!JSON.stringify(records).includes(KEY));
});

Deno.test("clean() makes one line without controls and cuts it", () => {
  const { redact } = createRedactor(["SECRET"]);
  assert.equal(clean(" a\r\n\tb\u200b  c\u2028d ", redact), "a b c d");
  assert.equal(clean("x".repeat(299) + "SECRET", redact, 300), "x".repeat(299) + "…");
  assert.equal(clean("x".repeat(300), redact, 300), "x".repeat(300));
});

Deno.test("messages() joins a chain without repeating itself", () => {
  const inner = new Error("inner");
  assert.equal(messages(new Error("outer", { cause: inner })), "outer: inner");
  assert.equal(messages(new Error("outer (inner)", { cause: inner })), "outer (inner)");
  assert.equal(messages("text"), "text");
  const refused = ["::1", "127.0.0.1"].map((host) => new Error(`connect ECONNREFUSED ${host}:1`));
  assert.equal(
    messages(new AggregateError(refused)),
    "connect ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1",
  );
  assert.equal(messages(new AggregateError([])), "AggregateError");
});

Deno.test("safeCause() ends with a chain that bites its own tail", () => {
  const error = new Error("loop SECRET");
  error.cause = error;
  const safe = safeCause(error, createRedactor(["SECRET"]).redact);
  assert.equal(safe?.message, "loop [redacted]");
  assert.equal(safeCause("text", createRedactor().redact), undefined);
});

Deno.test("parseProxy() keeps credentials apart from the address", () => {
  const proxy = parseProxy("s", new Secret("http://us%40er:p%3Aw@proxy.example.com"));
  assert.deepEqual(proxy, {
    url: "http://proxy.example.com/",
    hostname: "proxy.example.com",
    port: 80,
    protocol: "http:",
    credentials: { username: "us@er", password: "p:w" },
  });
  assert.equal(parseProxy("s", new Secret("https://[::1]:3128")).hostname, "::1");
  assert.equal(parseProxy("s", new Secret("https://p")).port, 443);
});

Deno.test("a body in a trace shows no proxy credentials, whichever way they are encoded", async () => {
  const credentials = "user:p@ssw0rd";
  const echoed = [credentials, "user:p%40ssw0rd", btoa(credentials), "p@ssw0rd"].join(" ");
  const { client, records } = setUpClient(
    () => json({ headers: `Proxy-Authorization: Basic ${echoed}` }),
    { proxy: new Secret("http://user:p%40ssw0rd@proxy.example.com:3128") },
    { logBodies: true },
  );
  await client.getJson({ endpoint: "/x", version: "14.0" }, context());
  const logged = JSON.stringify(records);
  assert.match(logged, /Proxy-Authorization: Basic \[redacted\]/);
  for (const secret of ["p@ssw0rd", "p%40ssw0rd", btoa(credentials)]) {
    assert(!logged.includes(secret), logged);
  }
});
