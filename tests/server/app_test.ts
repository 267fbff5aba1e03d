import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { createApp } from "../../src/server/app.ts";
import { parseExposition } from "../metrics/_parse.ts";
import { recordingLogger, testState } from "./_state.ts";

const OPENMETRICS = "application/openmetrics-text;version=1.0.0";

Deno.test("GET of the metrics path gives the text format", async () => {
  const response = await createApp(testState()).request("/metrics");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(response.headers.get("Vary"), "Accept, Accept-Encoding");
  assert.equal(response.headers.get("Content-Encoding"), null);
  const text = await response.text();
  assert.equal(response.headers.get("Content-Length"), String(text.length));
  const names = parseExposition(text, "text").map(({ name }) => name);
  assert.deepEqual(names, ["nbu_up", "nbu_api_retries_total"]);
});

Deno.test("GET of the metrics path gives OpenMetrics to whom it prefers", async () => {
  const response = await createApp(testState()).request("/metrics", {
    headers: { Accept: OPENMETRICS },
  });
  assert.equal(
    response.headers.get("Content-Type"),
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
  );
  const names = parseExposition(await response.text(), "openmetrics").map(({ name }) => name);
  assert.deepEqual(names, ["nbu_up", "nbu_api_retries"]);
});

Deno.test("GET of the metrics path is compressed on request only", async () => {
  const app = createApp(testState());
  const plain = await (await app.request("/metrics")).text();
  const response = await app.request("/metrics", { headers: { "Accept-Encoding": "gzip" } });
  assert.equal(response.headers.get("Content-Encoding"), "gzip");
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.equal(response.headers.get("Content-Length"), String(bytes.length));
  assert.equal(gunzipSync(bytes).toString(), plain);
  const refused = await app.request("/metrics", { headers: { "Accept-Encoding": "gzip;q=0" } });
  assert.equal(refused.headers.get("Content-Encoding"), null);
  assert.equal(await refused.text(), plain);
});

Deno.test("the metrics path is the one of the configuration, letter by letter", async () => {
  const app = createApp(testState({ metricsPath: "/a:b/*/{c}" }));
  assert.equal((await app.request("/a:b/*/{c}")).status, 200);
  for (const path of ["/metrics", "/axx/y/z", "/a:b/*/{c}/", "/a:b/x/c"]) {
    assert.equal((await app.request(path)).status, 404, path);
  }
});

Deno.test("HEAD answers what GET does, without the body", async () => {
  const app = createApp(testState());
  for (const path of ["/metrics", "/", "/config", "/sd", "/health", "/-/healthy", "/-/ready"]) {
    const get = await app.request(path);
    const head = await app.request(path, { method: "HEAD" });
    assert.equal(head.status, get.status, path);
    assert.equal(head.headers.get("Content-Type"), get.headers.get("Content-Type"));
    assert.equal(await head.text(), "");
    assert.notEqual(await get.text(), "");
  }
});

Deno.test("/health answers OK while NetBackup can be reached, else 503, as users know it", async () => {
  let health: "ok" | "unreachable" = "ok";
  const app = createApp(testState({ health: () => health }));
  const ok = await app.request("/health");
  assert.deepEqual([ok.status, await ok.text()], [200, "OK"]);
  health = "unreachable";
  const bad = await app.request("/health");
  assert.deepEqual([bad.status, await bad.text()], [503, "UNHEALTHY: NetBackup API unreachable"]);
});

Deno.test("/-/healthy answers 200 whatever NetBackup does", async () => {
  const app = createApp(testState({
    health: () => "unreachable",
    ready: () => ({ ready: false, waitingFor: ["a"] }),
  }));
  assert.equal((await app.request("/-/healthy")).status, 200);
});

Deno.test("/-/ready answers 503 and names the sites until all have ended a cycle", async () => {
  let waitingFor = ["a", 'b"\n'];
  const app = createApp(
    testState({ ready: () => ({ ready: waitingFor.length === 0, waitingFor }) }),
  );
  const before = await app.request("/-/ready");
  assert.equal(before.status, 503);
  assert.equal(
    await before.text(),
    'Not ready: waiting for the first collection of "a", "b\\"\\n"\n',
  );
  waitingFor = [];
  assert.equal((await app.request("/-/ready")).status, 200);
});

Deno.test("an unknown path answers 404 in plain text to programs, with any method", async () => {
  const app = createApp(testState());
  for (const method of ["GET", "POST", "DELETE"]) {
    const response = await app.request("/nothing", { method });
    assert.equal(response.status, 404);
    assert.match(response.headers.get("Content-Type") ?? "", /^text\/plain/);
    assert.equal(await response.text(), "Not found\n");
  }
});

Deno.test("a known path answers 405 to any other method and says which are allowed", async () => {
  const app = createApp(testState());
  for (const path of ["/metrics", "/", "/site/a", "/config", "/health", "/-/healthy", "/-/ready"]) {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      const response = await app.request(path, { method });
      assert.equal(response.status, 405, `${method} ${path}`);
      assert.equal(response.headers.get("Allow"), "GET, HEAD");
    }
  }
});

Deno.test("browsers get a page with a way home where something cannot be served", async () => {
  const app = createApp(testState());
  const headers = { Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };
  for (
    const [path, method, status, title] of [
      ["/nothing", "GET", 404, "Not found"],
      ["/metrics", "POST", 405, "Method not allowed"],
      ["/metrics?site=x", "GET", 404, "Not found"],
    ] as const
  ) {
    const response = await app.request(path, { method, headers });
    assert.equal(response.status, status);
    assert.match(response.headers.get("Content-Type") ?? "", /^text\/html/);
    assert.equal(response.headers.get("Vary"), "Accept");
    const html = await response.text();
    assert.match(html, new RegExp(`<h1>${title}</h1>`));
    assert.match(html, /<a href="\/">Go to the status page<\/a>/);
  }
  for (const accept of ["*/*", "text/plain", "text/html;q=0, */*", "text/html;q=0.5, text/plain"]) {
    const response = await app.request("/nothing", { headers: { Accept: accept } });
    assert.match(response.headers.get("Content-Type") ?? "", /^text\/plain/, accept);
  }
});

Deno.test("a failure inside answers 500 without details and is logged", async () => {
  const { logger, lines } = recordingLogger();
  const failure = new Error("inner detail");
  const app = createApp(testState({ logger, metrics: () => Promise.reject(failure) }));
  const response = await app.request("/metrics?x=1");
  assert.equal(response.status, 500);
  assert.match(response.headers.get("Content-Type") ?? "", /^text\/plain/);
  assert.equal(await response.text(), "Internal server error\n");
  assert.deepEqual(lines.map(({ level, fields }) => [level, fields]), [
    ["error", { method: "GET", path: "/metrics", error: failure }],
  ]);
});

Deno.test("every response forbids to guess its type and to keep it", async () => {
  const app = createApp(testState({ metrics: () => Promise.reject(new Error("x")) }));
  const requests = [["/", "GET"], ["/health", "GET"], ["/none", "GET"], ["/", "POST"], [
    "/sd",
    "GET",
  ]] as const;
  for (const [path, method] of [...requests, ["/metrics", "GET"] as const]) {
    const { headers } = await app.request(path, { method });
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff", path);
    assert.equal(headers.get("Cache-Control"), "no-store", path);
  }
});
