import assert from "node:assert/strict";
import { ListenError } from "../../src/server/listen_error.ts";
import type { Handler } from "../../src/server/listener.ts";
import { ListenerManager } from "../../src/server/listener_manager.ts";
import { silentLogger } from "../testing/silent_logger.ts";
import { recordingLogger } from "./_state.ts";

const HOST = "127.0.0.1";

const hello: Handler = () => new Response("hello");

function start(
  handler: Handler = hello,
  port = 0,
  logger = silentLogger,
): Promise<ListenerManager> {
  return ListenerManager.start({ host: HOST, port, handler, logger });
}

function urlOf({ address }: ListenerManager): string {
  return `http://${address.host}:${address.port}/`;
}

/** Status and text of one request on a connection of its own. */
async function get(url: string): Promise<string> {
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  try {
    const response = await fetch(url, { client });
    return `${response.status} ${await response.text()}`;
  } finally {
    client.close();
  }
}

/** A handler that answers when told to. */
function gate(): { handler: Handler; reached: Promise<void>; open: () => void } {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const handler = async () => {
    reached.resolve();
    await opened.promise;
    return new Response("at last");
  };
  return { handler, reached: reached.promise, open: opened.resolve };
}

Deno.test("ListenerManager.start() answers requests until it is closed", async () => {
  const listener = await start();
  const url = urlOf(listener);
  assert.ok(listener.address.port > 0);
  assert.equal(await get(url), "200 hello");
  await listener.close();
  await assert.rejects(get(url), TypeError);
});

Deno.test("ListenerManager.start() refuses a port that is taken by another server", async () => {
  const first = await start();
  await assert.rejects(start(hello, first.address.port), (error) => {
    assert.ok(error instanceof ListenError);
    assert.equal(error.reason, "in-use");
    assert.match(error.message, /^cannot listen on 127\.0\.0\.1:\d+: the address is in use by/);
    return true;
  });
  await first.close();
});

Deno.test("ListenerManager.start() refuses a port that is taken on all addresses", async () => {
  const first = await ListenerManager.start({
    ...{ host: "0.0.0.0", port: 0, handler: hello, logger: silentLogger },
  });
  await assert.rejects(start(hello, first.address.port), ListenError);
  await first.close();
});

Deno.test("ListenerManager.start() refuses a port that is taken by another process", async () => {
  const code = `const l = Deno.serve({ hostname: "127.0.0.1", port: 0,
    onListen: ({ port }) => Deno.stdout.writeSync(new TextEncoder().encode(String(port) + " ")) },
    () => new Response());`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  try {
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) {
      text += decoder.decode(chunk);
      if (text.endsWith(" ")) break;
    }
    await assert.rejects(start(hello, Number(text)), /in use by another process/);
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
});

Deno.test("ListenerManager.start() refuses an address of another machine", async () => {
  // Addresses of this block are for documentation only (RFC 5737).
  const options = { host: "203.0.113.9", port: 0, handler: hello, logger: silentLogger };
  await assert.rejects(ListenerManager.start(options), /"203\.0\.113\.9" is not a local address/);
});

Deno.test({
  name: "ListenerManager.start() says when Deno itself may not listen",
  permissions: { net: false },
  async fn() {
    await assert.rejects(start(hello, 9440), /Deno was started without --allow-net/);
  },
});

Deno.test("ListenerManager.setHandler() takes effect for the next request, on the same connection", async () => {
  const listener = await start();
  const url = urlOf(listener);
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 1 });
  assert.equal(await (await fetch(url, { client })).text(), "hello");
  listener.setHandler(() => new Response("other"));
  assert.equal(await (await fetch(url, { client })).text(), "other");
  client.close();
  await listener.close();
});

Deno.test("ListenerManager.close() lets a request in flight end, and takes no new one", async () => {
  const { handler, reached, open } = gate();
  const listener = await start(handler);
  const url = urlOf(listener);
  const request = get(url);
  await reached;
  const closed = listener.close({ timeoutMs: 60_000 });
  await assert.rejects(get(url), TypeError);
  open();
  assert.equal(await request, "200 at last");
  await closed;
});

Deno.test("ListenerManager.close() cuts off what takes longer than its time, and says so", async () => {
  const { logger, lines } = recordingLogger();
  let inFlight = 0;
  const never = Promise.withResolvers<Response>();
  const listener = await start(
    () => {
      inFlight += 1;
      return never.promise;
    },
    0,
    logger,
  );
  const requests = [get(urlOf(listener)), get(urlOf(listener))];
  await waitUntil(() => inFlight === 2);
  await listener.close({ timeoutMs: 50 });
  assert.deepEqual(await Promise.all(requests), ["503 Shutting down\n", "503 Shutting down\n"]);
  const line = lines.find(({ message }) => message === "aborted requests in flight");
  assert.equal(line?.fields["requests"], 2);
});

Deno.test("ListenerManager.close() answers 503 to a request it cuts off", async () => {
  const { handler, reached, open } = gate();
  const listener = await start(handler);
  const request = get(urlOf(listener));
  await reached;
  const controller = new AbortController();
  const closed = listener.close({ timeoutMs: 60_000, signal: controller.signal });
  controller.abort();
  assert.equal(await request, "503 Shutting down\n");
  await closed;
  open();
});

Deno.test("ListenerManager.close() with a signal that is aborted already does not wait", async () => {
  const { handler, reached, open } = gate();
  const listener = await start(handler);
  const request = get(urlOf(listener));
  await reached;
  await listener.close({ timeoutMs: 60_000, signal: AbortSignal.abort() });
  assert.equal(await request, "503 Shutting down\n");
  open();
});

Deno.test("ListenerManager.close() is one close however often it is called", async () => {
  const listener = await start();
  await Promise.all([listener.close(), listener.close()]);
  await listener.close();
});

Deno.test("a handler that throws answers 500 without details and is logged", async () => {
  const { logger, lines } = recordingLogger();
  const listener = await start(
    () => {
      throw new Error("detail");
    },
    0,
    logger,
  );
  assert.equal(await get(urlOf(listener)), "500 Internal server error\n");
  listener.setHandler(() => Promise.reject(new Error("detail")));
  assert.equal(await get(urlOf(listener)), "500 Internal server error\n");
  const faults = lines.filter(({ message }) => message === "request failed: internal error");
  assert.equal(faults.length, 2);
  await listener.close();
});

Deno.test("a hundred listeners one after the other leave nothing behind", async () => {
  for (let i = 0; i < 100; i++) {
    const listener = await start();
    await listener.close();
  }
});

/** Waits for a condition, for a long time. */
async function waitUntil(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.ok(condition());
}
