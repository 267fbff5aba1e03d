import assert from "node:assert/strict";
import { trace } from "@opentelemetry/api";
import { Secret } from "../../src/base/secret.ts";
import { createNetBackupClient } from "../../src/netbackup/client.ts";
import type { Tracing } from "../../src/telemetry/tracing.ts";
import {
  BodyTooLargeError,
  BudgetExceededError,
  ClientClosedError,
  ClientConfigError,
  HttpStatusError,
  NetBackupError,
  NetworkError,
  RequestTimeoutError,
  RetryAfterError,
  UnexpectedBodyError,
  UnsupportedError,
} from "../../src/netbackup/errors.ts";
import {
  context,
  failure,
  hang,
  json,
  KEY,
  recordingTracing,
  setUpClient,
  siteConfig,
} from "./testing/fixtures.ts";

const JOBS = { endpoint: "/admin/jobs", version: "13.0" };

/** Catches at once, so that an early failure is no unhandled rejection while time is moved. */
function caught(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

Deno.test("getJson() sends exactly the documented headers and a percent-encoded query", async () => {
  const { client, transport } = setUpClient(() => json({ data: [] }));
  const query = { "page[limit]": 100, filter: "state eq 'DONE' and jobId ge 1", sort: "-x+y" };
  assert.deepEqual(await client.getJson({ ...JOBS, query }, context()), { data: [] });
  assert.deepEqual(
    transport.requests.map(({ url, method, headers }) => ({ url, method, headers })),
    [{
      url: "https://nbu.example.com:1556/netbackup/admin/jobs?page%5Blimit%5D=100" +
        "&filter=state%20eq%20%27DONE%27%20and%20jobId%20ge%201&sort=-x%2By",
      method: "GET",
      headers: {
        "Accept": "application/vnd.netbackup+json;version=13.0",
        "Authorization": KEY,
        "User-Agent": "nbu_exporter/1.2.3",
        "Accept-Encoding": "identity",
      },
    }],
  );
});

Deno.test("getJson() sends headers of the endpoint, but for those that every request has", async () => {
  const { client, transport } = setUpClient(() => json({}));
  const headers = { "X-NetBackup-Policy-Use-Generic-Schema": "true", "Authorization": "other" };
  await client.getJson({ ...JOBS, headers }, context());
  assert.equal(transport.requests[0]?.headers["X-NetBackup-Policy-Use-Generic-Schema"], "true");
  assert.equal(transport.requests[0]?.headers["Authorization"], KEY);
});

Deno.test("getJson() sends a body by POST in the version asked for, and repeats it as any other read", async () => {
  const { client, transport, clock, observer } = setUpClient((_, number) =>
    number === 1 ? json({}, { status: 503 }) : json({ data: 1 })
  );
  const body = { data: { type: "jobCount", attributes: { filter: "state eq 'DONE'" } } };
  const { tracing, spans } = recordingTracing();
  const read = client.getJson({ ...JOBS, body }, context({ tracing }));
  await clock.advance(60_000);
  assert.deepEqual(await read, { data: 1 });
  assert.equal(transport.requests.length, 2);
  for (const request of transport.requests) {
    assert.equal(request.method, "POST");
    assert.equal(request.body, JSON.stringify(body));
    const mediaType = "application/vnd.netbackup+json;version=13.0";
    assert.equal(request.headers["Content-Type"], mediaType);
    assert.equal(request.headers["Accept"], mediaType);
    assert.equal(request.headers["Authorization"], KEY);
  }
  assert.deepEqual(observer.requests.map(({ code }) => code), ["503", "200"]);
  const exchanges = spans.filter(({ kind }) => kind === "client");
  assert.deepEqual(exchanges.map(({ name }) => name), ["POST /admin/jobs", "POST /admin/jobs"]);
  assert.equal(exchanges[0]?.attributes["http.request.method"], "POST");
  const refused = setUpClient(() => json({}, { status: 404 }));
  const error = await failure(
    refused.client.getJson({ ...JOBS, body }, context()),
    HttpStatusError,
  );
  assert.match(error.message, /^POST \/admin\/jobs of site "prod"/);
});

Deno.test("getJson() asks for the path where it differs from the template, and counts the template", async () => {
  const { client, transport, observer } = setUpClient(() => json({}));
  await client.getJson({ endpoint: "/x/{id}", path: "/x/a%3Ab", version: "14.0" }, context());
  assert.equal(transport.requests[0]?.url, "https://nbu.example.com:1556/netbackup/x/a%3Ab");
  assert.equal(observer.requests[0]?.endpoint, "/x/{id}");
});

Deno.test("getJson() quotes NetBackup's own error, the site, the endpoint and what to do", async () => {
  const body = {
    errorCode: 8000,
    errorMessage: "The\u0007 filter\n is wrong",
    errorDetails: ["at column 3", 7],
  };
  const { client } = setUpClient(() => json(body, { status: 400 }));
  const error = await failure(client.getJson(JOBS, context()), HttpStatusError);
  assert.equal(
    error.message,
    'GET /admin/jobs of site "prod" returned HTTP status 400, NetBackup status 8000, ' +
      '"The filter is wrong" ("at column 3"); NetBackup does not understand the query',
  );
  assert.equal(error.status, 400);
  assert.equal(error.errorCode, 8000);
  assert.equal(error.reason, "http");
  assert.equal(error.site, "prod");
  assert.equal(error.endpoint, "/admin/jobs");
});

Deno.test("getJson() clips what NetBackup says to 300 characters", async () => {
  const { client } = setUpClient(() => json({ errorMessage: "x".repeat(5000) }, { status: 400 }));
  const error = await failure(client.getJson(JOBS, context()), HttpStatusError);
  assert.equal(error.errorMessage?.length, 300);
});

for (
  const [status, reason, kind] of [
    [302, "http", HttpStatusError],
    [400, "http", HttpStatusError],
    [401, "auth", HttpStatusError],
    [403, "forbidden", HttpStatusError],
    [404, "unsupported", UnsupportedError],
    [406, "unsupported", UnsupportedError],
    [407, "proxy", HttpStatusError],
    [410, "unsupported", UnsupportedError],
  ] as const
) {
  Deno.test(`getJson() does not repeat status ${status} and gives it the reason "${reason}"`, async () => {
    const { client, transport, observer } = setUpClient(() => json({}, { status }));
    const error = await failure(client.getJson(JOBS, context()), kind);
    assert.equal(error.reason, reason);
    assert.equal(transport.requests.length, 1);
    assert.deepEqual(observer.requests.map(({ code }) => code), [String(status)]);
    assert.deepEqual(observer.retries, []);
  });
}

for (const status of [429, 500, 502, 503]) {
  Deno.test(`getJson() repeats status ${status} three times, after 5, 10 and 20 s, then gives up`, async () => {
    const { client, transport, clock, observer } = setUpClient(() => json({}, { status }), {
      timeoutMs: 1_000,
    });
    const result = caught(client.getJson(JOBS, context()));
    await clock.advance(4_999);
    assert.equal(transport.requests.length, 1);
    await clock.advance(1);
    assert.equal(transport.requests.length, 2);
    await clock.advance(10_000);
    assert.equal(transport.requests.length, 3);
    await clock.advance(19_999);
    assert.equal(transport.requests.length, 3);
    await clock.advance(1);
    const error = await result;
    assert(error instanceof HttpStatusError);
    assert.match(error.message, /given up after 4 attempts/);
    assert.equal(error.reason, status === 429 ? "rate_limited" : "http");
    assert.equal(transport.requests.length, 4);
    assert.equal(observer.retries.length, 3);
    assert.equal(observer.requests.length, 4);
    assert.equal(clock.pending, 0);
  });
}

Deno.test("getJson() succeeds when a repetition does", async () => {
  const { client, clock, observer } = setUpClient((_request, number) =>
    number < 3 ? new Response("busy", { status: 503 }) : json({ ok: true })
  );
  const result = caught(client.getJson(JOBS, context()));
  await clock.advance(15_000);
  assert.deepEqual(await result, { ok: true });
  assert.deepEqual(observer.requests.map(({ code }) => code), ["503", "503", "200"]);
});

Deno.test("getJson() warns of the first failed attempt at once, and of no other until one has worked", async () => {
  const working = new Set([4, 5]);
  const { client, clock, records } = setUpClient((_request, number) =>
    working.has(number) ? json({}) : new Response("busy", { status: 503 })
  );
  const levels = () =>
    records.filter(({ message }) => message === "request failed: retrying")
      .map(({ level }) => level);
  const first = caught(client.getJson(JOBS, context()));
  await clock.advance(0);
  assert.deepEqual(levels(), ["warn"], "before anything was repeated");
  await clock.advance(60_000);
  assert.deepEqual(await first, {});
  assert.deepEqual(levels(), ["warn", "debug", "debug"]);
  await client.getJson(JOBS, context());
  const next = caught(client.getJson(JOBS, context()));
  await clock.advance(60_000);
  await next;
  assert.deepEqual(levels().slice(3), ["warn", "debug", "debug"]);
});

Deno.test("getJson() obeys Retry-After in NetBackup's form even beyond the longest own wait", async () => {
  const { client, transport, clock } = setUpClient((_request, number) =>
    number === 1
      ? json({}, { status: 429, headers: { "retry-after": "2026-01-01T00:02:00.000Z" } })
      : json({})
  );
  const result = caught(client.getJson(JOBS, context()));
  await clock.advance(119_999);
  assert.equal(transport.requests.length, 1);
  await clock.advance(1);
  assert.deepEqual(await result, {});
});

Deno.test("what Retry-After says to one request holds for all of the client's", async () => {
  const { client, transport, clock } = setUpClient((_request, number) =>
    number === 1 ? json({}, { status: 429, headers: { "retry-after": "10" } }) : json({ number })
  );
  const first = caught(client.getJson(JOBS, context()));
  await clock.advance(1000);
  const second = caught(client.getJson(JOBS, context()));
  const impatient = failure(
    client.getJson(JOBS, context({ deadline: clock.monotonic() + 5000 })),
    RetryAfterError,
  );
  const left = await impatient;
  assert.match(left.message, /asked for a pause with the header Retry-After$/);
  assert.equal(left.leftMs, 9_000);
  await clock.advance(8999);
  assert.equal(transport.requests.length, 1);
  await clock.advance(1);
  assert.equal(transport.requests.length, 3);
  await first;
  await second;
  assert.equal(clock.pending, 0);
});

Deno.test("close() ends the wait for a primary that wants to be left alone", async () => {
  const { client, clock } = setUpClient(() =>
    json({}, { status: 503, headers: { "retry-after": "100" } })
  );
  const first = caught(client.getJson(JOBS, context({ deadline: clock.monotonic() + 50_000 })));
  await clock.advance(0);
  await first;
  const second = failure(client.getJson(JOBS, context()), ClientClosedError);
  await clock.advance(0);
  const closed = client.close();
  await clock.advance(0);
  await second;
  await closed;
  assert.equal(clock.pending, 0);
});

Deno.test("getJson() does not begin a wait that does not fit into the budget, and says so", async () => {
  const { client, transport, clock } = setUpClient(() =>
    json({}, { status: 503, headers: { "retry-after": "300" } })
  );
  const error = await failure(
    client.getJson(JOBS, context({ deadline: clock.monotonic() + 60_000 })),
    HttpStatusError,
  );
  assert.match(error.message, /the wait does not fit into what is left of the time budget$/);
  assert.equal(transport.requests.length, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("getJson() sends nothing once the budget is spent", async () => {
  const { client, transport, clock } = setUpClient(() => json({}));
  const error = await failure(
    client.getJson(JOBS, context({ deadline: clock.monotonic() })),
    BudgetExceededError,
  );
  assert.equal(error.reason, "budget");
  assert.equal(transport.requests.length, 0);
});

Deno.test("getJson() ends a wait for a retry at once on abort, with the reason given", async () => {
  const abort = new AbortController();
  const { client, clock } = setUpClient(() => json({}, { status: 503 }));
  const result = caught(client.getJson(JOBS, context({ signal: abort.signal })));
  await clock.advance(1_000);
  const reason = new Error("collection ended");
  abort.abort(reason);
  assert.equal(await result, reason);
  assert.equal(clock.pending, 0);
});

Deno.test("getJson() ends a request in flight at once on abort and counts it as aborted", async () => {
  const abort = new AbortController();
  const { client, clock, observer } = setUpClient(hang);
  const result = caught(client.getJson(JOBS, context({ signal: abort.signal })));
  await clock.advance(2_000);
  const reason = new Error("collection ended");
  abort.abort(reason);
  assert.equal(await result, reason);
  assert.deepEqual(observer.requests, [
    { endpoint: "/admin/jobs", code: "aborted", durationSeconds: 2, responded: false },
  ]);
  assert.equal(clock.pending, 0);
});

Deno.test("getJson() leaves no listener behind on the caller's signal", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
  signal.removeEventListener = (...args: Parameters<typeof add>) => (listeners--, remove(...args));
  const { client, clock } = setUpClient((_request, number) =>
    json({}, { status: number === 1 ? 503 : 200 })
  );
  const result = caught(client.getJson(JOBS, context({ signal })));
  await clock.advance(5_000);
  assert.deepEqual(await result, {});
  assert.equal(listeners, 0);
});

Deno.test("getJson() gives one request its own time limit, and repeats it", async () => {
  const { client, transport, clock, observer } = setUpClient(hang, { timeoutMs: 30_000 });
  const result = caught(client.getJson(JOBS, context({ deadline: 34_000 })));
  await clock.advance(29_999);
  assert.equal(observer.requests.length, 0);
  await clock.advance(1);
  const error = await result;
  assert(error instanceof RequestTimeoutError);
  assert.equal(error.reason, "timeout");
  assert.match(error.message, /no response within 30 s/);
  assert.equal(error.retryable, true);
  assert.equal(transport.requests.length, 1);
  assert.deepEqual(observer.requests, [
    { endpoint: "/admin/jobs", code: "timeout", durationSeconds: 30, responded: false },
  ]);
});

Deno.test("getJson() includes the body in the time limit of a request", async () => {
  const { client, clock } = setUpClient(
    () => new Response(new ReadableStream({ start: (to) => to.enqueue(new Uint8Array([123])) })),
    { timeoutMs: 10_000, retry: { maxAttempts: 1, minWaitMs: 1, maxWaitMs: 1 } },
  );
  const result = caught(client.getJson(JOBS, context()));
  await clock.advance(10_000);
  assert(await result instanceof RequestTimeoutError);
});

Deno.test("getJson() does not count the wait for a free slot into the time limit", async () => {
  const pending: (() => void)[] = [];
  const { client, clock, transport } = setUpClient(
    () => new Promise((resolve) => pending.push(() => resolve(json({})))),
    { maxConcurrentRequests: 1, timeoutMs: 10_000 },
  );
  const first = caught(client.getJson(JOBS, context()));
  const second = caught(client.getJson(JOBS, context()));
  await clock.advance(9_000);
  pending[0]?.();
  await clock.advance(9_000);
  assert.equal(transport.requests.length, 2);
  pending[1]?.();
  assert.deepEqual(await first, {});
  assert.deepEqual(await second, {});
});

Deno.test("getJson() never has more requests under way than allowed, and serves them in order", async () => {
  let underWay = 0;
  let most = 0;
  const order: string[] = [];
  const { client, clock } = setUpClient(async (request) => {
    most = Math.max(most, ++underWay);
    order.push(request.url.slice(-1));
    await clock.sleep(1_000);
    underWay--;
    return json({});
  }, { maxConcurrentRequests: 3 });
  const all = Array.from(
    { length: 9 },
    (_, n) => client.getJson({ endpoint: `/${n}`, version: "14.0" }, context()),
  );
  await clock.advance(3_000);
  await Promise.all(all);
  assert.equal(most, 3);
  assert.equal(order.join(""), "012345678");
});

Deno.test("getJson() frees the slot while it waits for a retry", async () => {
  const { client, clock } = setUpClient(
    (request) => request.url.endsWith("/a") ? json({}, { status: 503 }) : json({ b: 1 }),
    { maxConcurrentRequests: 1 },
  );
  const a = caught(client.getJson({ endpoint: "/a", version: "14.0" }, context()));
  const b = client.getJson({ endpoint: "/b", version: "14.0" }, context());
  assert.deepEqual(await b, { b: 1 });
  await clock.advance(60_000);
  assert(await a instanceof HttpStatusError);
});

Deno.test("getJson() turns whatever the network says into a NetworkError and repeats it", async () => {
  const cause = new TypeError("fetch failed", {
    cause: new Error("tcp connect error: Connection refused"),
  });
  const { client, clock, transport, observer } = setUpClient(() => Promise.reject(cause));
  const result = caught(client.getJson(JOBS, context()));
  await clock.advance(35_000);
  const error = await result;
  assert(error instanceof NetworkError);
  assert.equal(error.reason, "connect");
  assert.match(
    error.message,
    /failed without a response: tcp connect error: Connection refused; check "host" and "port"/,
  );
  assert.equal(error.cause, cause);
  assert.equal(transport.requests.length, 4);
  assert.deepEqual(observer.requests.map(({ code }) => code), Array(4).fill("connect"));
});

Deno.test("getJson() does not repeat a refused certificate, which stays refused", async () => {
  const { client, transport } = setUpClient(() =>
    Promise.reject(new TypeError("invalid peer certificate: UnknownIssuer"))
  );
  const error = await failure(client.getJson(JOBS, context()), NetworkError);
  assert.match(error.message, /put the certificate of the NetBackup CA into "caFile"/);
  assert.equal(transport.requests.length, 1);
});

Deno.test("getJson() takes a body cut short for a network error and repeats it", async () => {
  const { client, clock, observer } = setUpClient((_request, number) =>
    number === 1
      ? new Response(
        new ReadableStream({
          pull(controller) {
            controller.error(new TypeError("error reading a body from connection"));
          },
        }),
      )
      : json({ whole: true })
  );
  const result = caught(client.getJson(JOBS, context()));
  await clock.advance(5_000);
  assert.deepEqual(await result, { whole: true });
  assert.deepEqual(observer.requests.map(({ code }) => code), ["network", "200"]);
});

Deno.test("getJson() repeats JSON that ends too early", async () => {
  const { client, clock } = setUpClient((_request, number) =>
    number === 1
      ? new Response('{"data":[{"id"', { headers: { "content-type": "application/json" } })
      : json({ whole: true })
  );
  const result = caught(client.getJson(JOBS, context()));
  await clock.advance(5_000);
  assert.deepEqual(await result, { whole: true });
});

for (
  const [what, body, type, pattern] of [
    [
      "an HTML page",
      "<html>Sign in</html>",
      "text/html",
      /an HTML page instead of JSON: is a proxy in between/,
    ],
    [
      "an HTML page sent as JSON",
      " <!DOCTYPE html>",
      "application/json",
      /an HTML page instead of JSON/,
    ],
    ["plain text", "hello", "text/plain", /content type "text\/plain" instead of JSON/],
    ["invalid JSON", "{'a': 1}", "application/json", /invalid JSON/],
  ] as const
) {
  Deno.test(`getJson() recognises ${what} and does not repeat it`, async () => {
    const { client, transport } = setUpClient(() =>
      new Response(body, { headers: { "content-type": type } })
    );
    const error = await failure(client.getJson(JOBS, context()), UnexpectedBodyError);
    assert.match(error.message, pattern);
    assert.equal(error.reason, "parse");
    assert.equal(transport.requests.length, 1);
  });
}

Deno.test("getJson() names an HTML page behind an error status", async () => {
  const { client } = setUpClient(() =>
    new Response("<html>", { status: 403, headers: { "content-type": "text/html" } })
  );
  const error = await failure(client.getJson(JOBS, context()), HttpStatusError);
  assert.match(error.message, /HTML page instead of JSON: is a proxy in between/);
});

Deno.test("getJson() stops reading a body above the size limit", async () => {
  let sent = 0;
  const { client, transport, observer } = setUpClient(
    () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            sent += 1000;
            controller.enqueue(new Uint8Array(1000));
          },
        }),
      ),
    {},
    { maxBodyBytes: 10_000 },
  );
  const error = await failure(client.getJson(JOBS, context()), BodyTooLargeError);
  assert.match(error.message, /more than 10000 bytes/);
  assert(sent < 20_000);
  assert.equal(transport.requests.length, 1);
  assert.deepEqual(observer.requests.map(({ code }) => code), ["200"]);
});

Deno.test("getJson() reads no byte of a body that announces too much", async () => {
  let cancelled = false;
  const { client } = setUpClient(
    () =>
      new Response(new ReadableStream({ cancel: () => void (cancelled = true) }), {
        headers: { "content-length": "10001" },
      }),
    {},
    { maxBodyBytes: 10_000 },
  );
  await failure(client.getJson(JOBS, context()), BodyTooLargeError);
  assert(cancelled);
});

Deno.test("getJson() reads no byte of a compressed body, which could expand to anything", async () => {
  let pulled = 0;
  const compressed = (status: number) => {
    const body = new ReadableStream({ pull: () => void pulled++ }, { highWaterMark: 0 });
    return new Response(body, { status, headers: { "content-encoding": "gzip" } });
  };
  const ok = setUpClient(() => compressed(200));
  const error = await failure(ok.client.getJson(JOBS, context()), UnexpectedBodyError);
  assert.match(error.message, /a compressed body, although an uncompressed one was asked for/);
  assert.deepEqual(ok.observer.requests.map(({ code }) => code), ["200"]);
  const refused = setUpClient(() => compressed(403));
  assert.equal(
    (await failure(refused.client.getJson(JOBS, context()), HttpStatusError)).status,
    403,
  );
  assert.equal(pulled, 0);
});

Deno.test("getJson() reads a body whose coding is identity", async () => {
  const { client } = setUpClient(() =>
    json({ ok: true }, { headers: { "content-encoding": " Identity " } })
  );
  assert.deepEqual(await client.getJson(JOBS, context()), { ok: true });
});

Deno.test("the observer is told which durations are response times: those of complete responses", async () => {
  const cut = () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new Error("cut")) });
    return new Response(body, { headers: { "content-type": "application/json" } });
  };
  const large = () => new Response(null, { headers: { "content-length": "0" } });
  for (
    const [respond, code, responded] of [
      [() => json({}), "200", true],
      [() => json({}, { status: 403 }), "403", true],
      [large, "200", true],
      [() => json({ long: "x".repeat(100) }), "200", false],
      [cut, "network", false],
      [() => Promise.reject(new Error("Connection refused")), "connect", false],
      [() => Promise.reject(new Error("dns error: x")), "dns", false],
      [() => Promise.reject(new Error("invalid peer certificate: Expired")), "tls", false],
    ] as const
  ) {
    const { client, observer } = setUpClient(respond, {
      retry: { maxAttempts: 1, minWaitMs: 1, maxWaitMs: 1 },
    }, { maxBodyBytes: 50 });
    await caught(client.getJson(JOBS, context()));
    assert.deepEqual(observer.requests, [
      { endpoint: "/admin/jobs", code, durationSeconds: 0, responded },
    ]);
  }
});

Deno.test("getJson() opens a span per request and one per attempt, without filter and key", async () => {
  const { tracing, spans } = recordingTracing();
  const { client, clock } = setUpClient((_request, number) =>
    number === 1 ? json({}, { status: 500 }) : json({})
  );
  const query = { filter: "a", "page[offset]": 100 };
  const result = caught(client.getJson({ ...JOBS, query }, context({ tracing })));
  await clock.advance(5_000);
  await result;
  const { origin, pathname, hostname, port } = new URL(`${siteConfig().baseUrl}/admin/jobs`);
  const common = {
    "http.request.method": "GET",
    "server.address": hostname,
    "server.port": Number(port),
    "url.full": `${origin}${pathname}`,
    "url.template": "/admin/jobs",
    "nbu.site": "prod",
  };
  assert.deepEqual(spans.map(({ name, attributes, kind }) => ({ name, attributes, kind })), [
    {
      name: "nbu.request",
      kind: "internal",
      attributes: { "nbu.site": "prod", "url.template": "/admin/jobs", "nbu.page.offset": 100 },
    },
    {
      name: "GET /admin/jobs",
      kind: "client",
      attributes: { ...common, "http.response.status_code": 500, "error.type": "500" },
    },
    {
      name: "GET /admin/jobs",
      kind: "client",
      attributes: {
        ...common,
        "http.request.resend_count": 1,
        "http.response.status_code": 200,
      },
    },
  ]);
  assert.deepEqual(spans.map(({ error }) => /HTTP status 500/.test(error ?? "")), [
    false,
    true,
    false,
  ]);
  const [event] = spans[0]?.events ?? [];
  assert.equal(event?.name, "retry");
  assert.equal(event?.attributes?.["nbu.retry"], 1);
  assert.equal(event?.attributes?.["error.type"], "http");
});

Deno.test("getJson() notes on the span why there was no response", async () => {
  const { tracing, spans } = recordingTracing();
  const { client } = setUpClient(() => Promise.reject(new TypeError("connection refused")), {
    retry: { maxAttempts: 1, minWaitMs: 1, maxWaitMs: 1 },
  });
  await caught(client.getJson(JOBS, context({ tracing })));
  assert.equal(spans[1]?.attributes["error.type"], "connect");
});

Deno.test("getJson() sends the trace to NetBackup only where there is one", async () => {
  const sent: (string | null)[] = [];
  const { client } = setUpClient(({ headers }) => {
    sent.push(new Headers({ ...headers }).get("traceparent"));
    return json({});
  });
  await client.getJson(JOBS, context());
  const traced: Tracing = {
    span: (_name, _attributes, work) => {
      const span = trace.wrapSpanContext({
        ...{ traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 },
      });
      return work(span, traced);
    },
  };
  await client.getJson(JOBS, context({ tracing: traced }));
  assert.deepEqual(sent, [null, `00-${"a".repeat(32)}-${"b".repeat(16)}-01`]);
});

Deno.test("getJson() logs a debug line per request and no body unless asked to", async () => {
  const { client, records } = setUpClient(() => json({ secret: "body" }));
  await client.getJson(JOBS, context());
  assert.deepEqual(records.map(({ level, message }) => ({ level, message })), [
    { level: "debug", message: "NetBackup request" },
  ]);
  const [record] = records;
  assert.equal(record?.fields["site"], "prod");
  assert.equal(record?.fields["endpoint"], "/admin/jobs");
  assert.equal(record?.fields["code"], "200");
});

Deno.test("getJson() logs bodies at info level when asked to, clipped and without the key", async () => {
  const long = "y".repeat(100_000);
  const { client, records } = setUpClient(() => json({ echo: KEY, long }), {}, { logBodies: true });
  await client.getJson(JOBS, context());
  const bodies = records.filter(({ level }) => level === "info");
  assert.equal(bodies.length, 1);
  const body = String(bodies[0]?.fields["body"]);
  assert.match(body, /^\{"echo":"\[redacted\]"/);
  assert.equal(body.length, 64 * 1024 + 1);
  assert(!JSON.stringify(records).includes(KEY));
});

for (const endpoint of ["/authorization-context", "/login", "/tokenkey", "/security/api-keys"]) {
  Deno.test(`getJson() never logs the body of ${endpoint}`, async () => {
    const { client, records } = setUpClient(() => json({ a: 1 }), {}, { logBodies: true });
    await client.getJson({ endpoint, version: "14.0" }, context());
    assert.deepEqual(records.map(({ level }) => level), ["debug"]);
  });
}

Deno.test("verifyKey() is true for 2xx and false for 401", async () => {
  const good = setUpClient(() => json({ data: {} }));
  assert.equal(await good.client.verifyKey("14.0", context()), true);
  assert.equal(
    good.transport.requests[0]?.url,
    "https://nbu.example.com:1556/netbackup/authorization-context",
  );
  const bad = setUpClient(() => json({ errorCode: 8001, errorMessage: "no" }, { status: 401 }));
  assert.equal(await bad.client.verifyKey("14.0", context()), false);
  assert.equal(bad.transport.requests.length, 1);
});

for (const status of [403, 404, 406]) {
  Deno.test(`verifyKey() throws on ${status}, which says nothing about the key`, async () => {
    const { client } = setUpClient(() => json({}, { status }));
    await failure(client.verifyKey("14.0", context()), HttpStatusError);
  });
}

Deno.test("verifyKey() throws when a proxy's page answers instead of NetBackup", async () => {
  const { client } = setUpClient(() => new Response("<html>"));
  await failure(client.verifyKey("14.0", context()), UnexpectedBodyError);
});

for (const key of ["", " key", "key\nX-Evil: 1", "schlüssel"]) {
  Deno.test(`createNetBackupClient() refuses the unsendable key ${JSON.stringify(key)} without showing it`, () => {
    const { clock, observer, logger, transport } = setUpClient(() => json({}));
    const site = siteConfig({ apiKey: new Secret(key) });
    assert.throws(
      () => createNetBackupClient(site, { clock, observer, logger, transport }),
      (error) =>
        error instanceof ClientConfigError && error instanceof NetBackupError &&
        (key === "" || !error.message.includes(key)),
    );
  });
}
