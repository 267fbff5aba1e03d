import assert from "node:assert/strict";
import { createServer, IncomingMessage, type Server } from "node:http";
import { Socket } from "node:net";
import { release } from "../../src/base/release.ts";
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
    metrics: () => Promise.resolve({ bytes, contentType: "text/plain", done() {} }),
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
  const port = await listen(server);
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const got = await fetch(`http://127.0.0.1:${port}/`, { client });
  assert.equal(got.status, 201);
  assert.equal(got.headers.get("x-a"), "b");
  assert.equal(got.headers.get("content-length"), "7");
  assert.equal(await got.text(), "one two");
  client.close();
  await close(server);
});

Deno.test("sendResponse() says that it is done with shared bytes when all of them are sent", async () => {
  const size = 20_000_000;
  const bytes = new Uint8Array(size).fill(7);
  const done = Promise.withResolvers<void>();
  let calls = 0;
  const server = createServer((_request, outgoing) => {
    const body = sharedBody(bytes, () => {
      calls++;
      // As the page does it: what is not sent by now is lost.
      release(bytes);
      done.resolve();
    });
    sendResponse(outgoing, new Response(body), true);
  });
  const port = await listen(server);
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.0\r\n\r\n"));
  // A client that is slow to begin.
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(calls, 0);
  let sevens = 0;
  for await (const chunk of connection.readable) {
    sevens += chunk.filter((byte) => byte === 7).length;
  }
  assert.equal(sevens, size);
  await done.promise;
  assert.equal(calls, 1);
  await close(server);
});

Deno.test("sendResponse() says that it is done with shared bytes when the client has gone", async () => {
  const done = Promise.withResolvers<void>();
  const server = createServer((_request, outgoing) => {
    const body = sharedBody(new Uint8Array(20_000_000), done.resolve);
    sendResponse(outgoing, new Response(body), true);
  });
  const port = await listen(server);
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.0\r\n\r\n"));
  await connection.read(new Uint8Array(1000));
  connection.close();
  await done.promise;
  await close(server);
});

async function listen(server: Server): Promise<number> {
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  return address.port;
}

async function close(server: Server): Promise<void> {
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
}
