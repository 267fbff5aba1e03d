import assert from "node:assert/strict";
import { createServer, IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { createApp } from "../../src/server/app.ts";
import { sendResponse, sharedBody, toRequest } from "../../src/server/exchange.ts";
import { testState } from "./_state.ts";

function incoming(method: string, url: string, rawHeaders: string[] = []): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  return Object.assign(message, { method, url, rawHeaders });
}

Deno.test("sharedBody() hands out the very bytes, and only when they are read", async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const response = new Response(sharedBody(bytes));
  const chunks = await Array.fromAsync(response.body ?? []);
  assert.equal(chunks.length, 1);
  assert.equal(chunks[0], bytes);
});

Deno.test("the metrics page is sent from the bytes that were rendered, without a copy", async () => {
  const bytes = new TextEncoder().encode("up 1\n");
  const app = createApp(testState({
    metrics: () => Promise.resolve({ bytes, contentType: "text/plain" }),
  }));
  const response = await app.request("/metrics");
  const chunks = await Array.fromAsync(response.body ?? []);
  assert.equal(chunks[0], bytes);
});

Deno.test("toRequest() takes over method, path and headers; HEAD becomes GET", () => {
  const request = toRequest(incoming("HEAD", "/a?b=c", ["Accept", "x", "ACCEPT", "y"]));
  assert.equal(request?.method, "GET");
  assert.equal(request?.url, "http://localhost/a?b=c");
  assert.equal(request?.headers.get("accept"), "x, y");
  assert.equal(toRequest(incoming("POST", "/"))?.method, "POST");
  // A path that begins with two slashes is no other host.
  assert.equal(new URL(toRequest(incoming("GET", "//evil/x"))?.url ?? "").host, "localhost");
});

Deno.test("toRequest() refuses what is no request", () => {
  assert.equal(toRequest(incoming("GET", "*")), undefined);
  assert.equal(toRequest(incoming("GET", "http://[")), undefined);
  assert.equal(toRequest(incoming("TRACE", "/")), undefined);
});

Deno.test("sendResponse() sends status, headers, length and all pieces of the body", async () => {
  const pieces = ReadableStream.from(["one ", "two"].map((text) => new TextEncoder().encode(text)));
  const response = new Response(pieces, { status: 201, headers: { "X-A": "b" } });
  const server = createServer((_request, outgoing) => sendResponse(outgoing, response, true));
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const got = await fetch(`http://127.0.0.1:${address.port}/`, { client });
  assert.equal(got.status, 201);
  assert.equal(got.headers.get("x-a"), "b");
  assert.equal(got.headers.get("content-length"), "7");
  assert.equal(await got.text(), "one two");
  client.close();
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
});
