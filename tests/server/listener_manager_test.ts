import assert from "node:assert/strict";
import { ListenError } from "../../src/server/listen_error.ts";
import type { Handler } from "../../src/server/listener.ts";
import { ListenerManager } from "../../src/server/listener_manager.ts";
import { silentLogger } from "../testing/silent_logger.ts";
import { skipped, unlessOn } from "../testing/skipped.ts";

const logger = silentLogger;

function answering(text: string): Handler {
  return () => new Response(text);
}

async function get(port: number): Promise<string> {
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  try {
    return await (await fetch(`http://127.0.0.1:${port}/`, { client })).text();
  } finally {
    client.close();
  }
}

/** A port that was free a moment ago. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  listener.close();
  return listener.addr.port;
}

async function withManager(
  host: string,
  work: (manager: ListenerManager) => Promise<void>,
): Promise<void> {
  const options = { host, port: freePort(), handler: answering("one"), logger };
  const manager = await ListenerManager.start(options);
  try {
    await work(manager);
  } finally {
    await manager.close();
  }
}

Deno.test("ListenerManager.move() listens on the new port and no more on the old", async () => {
  await withManager("127.0.0.1", async (manager) => {
    const old = manager.address.port;
    const port = freePort();
    await manager.move({ host: "127.0.0.1", port });
    assert.deepEqual(manager.address, { host: "127.0.0.1", port });
    assert.equal(await get(port), "one");
    await assert.rejects(get(old), TypeError);
  });
});

Deno.test("ListenerManager.move() listens on the new address before it leaves the old", async () => {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const slow: Handler = async () => {
    reached.resolve();
    await opened.promise;
    return new Response("slow");
  };
  await withManager("127.0.0.1", async (manager) => {
    manager.setHandler(slow);
    const inFlight = get(manager.address.port);
    await reached.promise;
    manager.setHandler(answering("fast"));
    const port = freePort();
    const moved = manager.move({ host: "127.0.0.1", port });
    // The old listener is still draining, and the new one answers.
    for (let i = 0; manager.address.port !== port && i < 1000; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(await get(port), "fast");
    opened.resolve();
    assert.equal(await inFlight, "slow");
    await moved;
  });
});

for (const [from, to] of [["127.0.0.1", "0.0.0.0"], ["0.0.0.0", "127.0.0.1"]] as const) {
  Deno.test(`ListenerManager.move() goes from ${from} to ${to} on the same port`, async () => {
    await withManager(from, async (manager) => {
      const { port } = manager.address;
      await manager.move({ host: to, port });
      assert.deepEqual(manager.address, { host: to, port });
      assert.equal(await get(port), "one");
    });
  });
}

Deno.test("ListenerManager.move() to the present address keeps the listener", async () => {
  await withManager("127.0.0.1", async (manager) => {
    const client = Deno.createHttpClient({ poolMaxIdlePerHost: 1 });
    const url = `http://127.0.0.1:${manager.address.port}/`;
    assert.equal(await (await fetch(url, { client })).text(), "one");
    await manager.move({ ...manager.address });
    assert.equal(await (await fetch(url, { client })).text(), "one");
    client.close();
  });
});

Deno.test("ListenerManager.move() stays where it is when the new port is taken", async () => {
  const other = await ListenerManager.start({
    ...{ host: "127.0.0.1", port: 0, handler: answering("other"), logger },
  });
  await withManager("127.0.0.1", async (manager) => {
    const before = manager.address;
    await assert.rejects(manager.move(other.address), ListenError);
    assert.deepEqual(manager.address, before);
    assert.equal(await get(before.port), "one");
  });
  await other.close();
});

Deno.test({
  name: "ListenerManager.move() comes back when the same port on another address is taken",
  // Elsewhere 127.0.0.2 is no address.
  ignore: skipped("a move that comes back to its address", unlessOn("linux")),
  fn: comesBack,
});

async function comesBack(): Promise<void> {
  // Another program holds the port on 127.0.0.2, so that neither it nor 0.0.0.0 can be had.
  await withManager("127.0.0.1", async (manager) => {
    const before = manager.address;
    const other = Deno.listen({ hostname: "127.0.0.2", port: before.port });
    manager.setHandler(answering("two"));
    await assert.rejects(manager.move({ host: "0.0.0.0", port: before.port }), (error) => {
      assert.ok(error instanceof ListenError);
      assert.equal(error.reason, "in-use");
      return true;
    });
    assert.deepEqual(manager.address, before);
    assert.equal(await get(before.port), "two");
    other.close();
  });
}

Deno.test("ListenerManager.setHandler() stays in force after a move", async () => {
  await withManager("127.0.0.1", async (manager) => {
    manager.setHandler(answering("two"));
    assert.equal(await get(manager.address.port), "two");
    await manager.move({ host: "127.0.0.1", port: freePort() });
    assert.equal(await get(manager.address.port), "two");
  });
});

Deno.test("ListenerManager.start() throws when the address is taken", async () => {
  await withManager("127.0.0.1", async ({ address }) => {
    const options = { ...address, handler: answering("x"), logger };
    await assert.rejects(ListenerManager.start(options), ListenError);
  });
});
