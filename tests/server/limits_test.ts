import assert from "node:assert/strict";
import { SERVER_LIMITS, type ServerLimits } from "../../src/server/limits.ts";
import type { Handler } from "../../src/server/listener.ts";
import { ListenerManager } from "../../src/server/listener_manager.ts";
import { silentLogger } from "../testing/silent_logger.ts";
import { eventually, RawConnection, requestText } from "./_raw.ts";

/** More than the system keeps for a client that does not read. */
const LARGE = "x".repeat(20_000_000);

const hello: Handler = () => new Response("hello");

async function serving(
  limits: Partial<ServerLimits>,
  handler: Handler,
  work: (manager: ListenerManager, port: number) => Promise<void>,
): Promise<void> {
  const manager = await ListenerManager.start({
    ...{ host: "127.0.0.1", port: 0, handler, logger: silentLogger },
    limits: { ...SERVER_LIMITS, ...limits },
  });
  try {
    await work(manager, manager.address.port);
  } finally {
    await manager.close({ timeoutMs: 0 });
  }
}

Deno.test("a connection beyond the limit takes the place of the one that was idle longest", async () => {
  await serving({ maxConnections: 3 }, hello, async (manager, port) => {
    const idle: RawConnection[] = [];
    for (let i = 0; i < 10; i++) idle.push(await RawConnection.open(port));
    await eventually("only three are left", () => {
      const { connections, connectionsClosed } = manager.figures();
      return connections === 3 && connectionsClosed.limit === 7;
    });
    const client = await RawConnection.open(port, requestText("GET", "/"));
    await client.readUntil("hello");
    for (const connection of idle.slice(0, 8)) assert.equal(await connection.readToEnd(), "");
    for (const connection of [...idle, client]) connection.close();
  });
});

Deno.test("a connection is refused when every other is being answered", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const waits: Handler = () => promise;
  await serving({ maxConnections: 2 }, waits, async (_manager, port) => {
    const busy = [1, 2].map(() => RawConnection.open(port, requestText("GET", "/")));
    const [one, two] = await Promise.all(busy);
    const third = await RawConnection.open(port);
    assert.equal(await third.readToEnd(), "");
    resolve(new Response("at last"));
    assert.match(await one?.readUntil("at last") ?? "", /200 OK/);
    for (const connection of [one, two, third]) connection?.close();
  });
});

Deno.test("a connection without a whole request is closed after its time", async () => {
  await serving({ firstRequestMs: 50 }, hello, async (manager, port) => {
    const silent = await RawConnection.open(port);
    const slow = await RawConnection.open(port, "GET / HTTP/1.1\r\nHost:");
    assert.equal(await silent.readToEnd(), "");
    assert.equal(await slow.readToEnd(), "");
    assert.equal(manager.figures().connectionsClosed.timeout, 2);
    silent.close();
    slow.close();
  });
});

Deno.test("a connection that is idle after a response is closed after its time, and not before", async () => {
  await serving({ firstRequestMs: 1, idleMs: 60_000 }, hello, async (_manager, port) => {
    const client = await RawConnection.open(port, requestText("GET", "/"));
    await client.readUntil("hello");
    // Longer than the time for a first request, and than it takes to look at all connections.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await client.send(requestText("GET", "/"));
    await client.readUntil("hello", 2);
    client.close();
  });
  await serving({ idleMs: 50 }, hello, async (_manager, port) => {
    const client = await RawConnection.open(port, requestText("GET", "/"));
    assert.match(await client.readToEnd(), /hello$/);
    client.close();
  });
});

Deno.test("a client that does not read its response is closed after its time", async () => {
  await serving({ responseMs: 50 }, () => new Response(LARGE), async (manager, port) => {
    const client = await RawConnection.open(port, requestText("GET", "/"));
    await eventually("it is closed", () => manager.figures().connectionsClosed.timeout === 1);
    assert.equal(manager.figures().connections, 0);
    client.close();
  });
});

Deno.test("a request beyond the responses under way waits for one, and gets 503 in the end", async () => {
  const limits = { maxResponses: 2, responseWaitMs: 50 };
  const { promise, resolve } = Promise.withResolvers<void>();
  let calls = 0;
  const waits: Handler = async () => {
    calls += 1;
    await promise;
    return new Response("hello");
  };
  await serving(limits, waits, async (manager, port) => {
    const busy = await Promise.all(
      [1, 2].map(() => RawConnection.open(port, requestText("GET", "/metrics"))),
    );
    await eventually("both are under way", () => calls === 2);
    const refused = await RawConnection.open(port, requestText("GET", "/metrics"));
    const response = await refused.readUntil("try again later");
    assert.match(response, /^HTTP\/1\.1 503 Service Unavailable\r\n/);
    assert.equal(manager.figures().requestsRefused, 1);
    assert.equal(calls, 2);
    resolve();
    for (const client of busy) await client.readUntil("hello");
    await refused.send(requestText("GET", "/metrics"));
    await refused.readUntil("hello");
    assert.equal(calls, 3);
    for (const client of [...busy, refused]) client.close();
  });
});

Deno.test("requests that wait for a slot are served in order once responses end", async () => {
  await serving({ maxResponses: 1, responseWaitMs: 60_000 }, hello, async (_manager, port) => {
    const clients = await Promise.all(
      Array.from({ length: 50 }, () => RawConnection.open(port, requestText("GET", "/"))),
    );
    for (const client of clients) assert.match(await client.readUntil("hello"), /200 OK/);
    for (const client of clients) client.close();
  });
});

Deno.test("probes are answered whatever else is under way", async () => {
  const handler: Handler = ({ url }) =>
    url.endsWith("/-/healthy") ? new Response("alive") : new Promise(() => {});
  await serving({ maxResponses: 1 }, handler, async (_manager, port) => {
    const busy = await RawConnection.open(port, requestText("GET", "/metrics"));
    const probe = await RawConnection.open(port, requestText("GET", "/-/healthy"));
    assert.match(await probe.readUntil("alive"), /200 OK/);
    busy.close();
    probe.close();
  });
});

Deno.test("a client that goes away in mid-response gives its slot back, with all it asked for", async () => {
  const limits = { maxResponses: 4, responseWaitMs: 60_000 };
  await serving(limits, () => new Response(LARGE), async (manager, port) => {
    for (let i = 0; i < 3; i++) {
      // Four requests at once on one connection, of whose responses it reads nothing.
      const rude = await RawConnection.open(port, requestText("GET", "/").repeat(4));
      await rude.readUntil("x");
      rude.close();
    }
    const client = await RawConnection.open(port, requestText("HEAD", "/"));
    assert.match(await client.readUntil("\r\n\r\n"), /200 OK/);
    client.close();
    await eventually("all are gone", () => manager.figures().connections === 0);
  });
});

Deno.test("a connection that sends many requests ahead of their responses is closed", async () => {
  const never: Handler = () => new Promise(() => {});
  await serving({}, never, async (manager, port) => {
    const client = await RawConnection.open(port, requestText("GET", "/").repeat(1000));
    assert.equal(await client.readToEnd(), "");
    assert.deepEqual(manager.figures().connectionsClosed, { limit: 1, timeout: 0 });
    client.close();
  });
});

Deno.test("HTTP/2 without encryption is refused", async () => {
  await serving({}, hello, async (_manager, port) => {
    const client = await RawConnection.open(port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assert.match(await client.readToEnd(), /^(HTTP\/1\.1 400 Bad Request\r\n.*)?$/s);
    client.close();
  });
});

Deno.test("a request body is not read: the connection ends with the response", async () => {
  await serving({}, hello, async (_manager, port) => {
    const text = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc";
    const client = await RawConnection.open(port, text);
    const response = await client.readToEnd();
    assert.match(response, /\r\nconnection: close\r\n/i);
    assert.match(response, /hello$/);
    client.close();
  });
});

Deno.test("a request target that is no URL gets 400", async () => {
  await serving({}, hello, async (_manager, port) => {
    const client = await RawConnection.open(port, requestText("GET", "http://["));
    assert.match(await client.readUntil("Bad request"), /^HTTP\/1\.1 400 /);
    client.close();
  });
});

Deno.test("HEAD tells the length of what GET sends, and sends no body", async () => {
  await serving({}, ({ method }) => new Response(method), async (_manager, port) => {
    const client = await RawConnection.open(port, requestText("HEAD", "/"));
    const head = await client.readUntil("\r\n\r\n");
    assert.match(head, /\r\ncontent-length: 3\r\n/i);
    await client.send(requestText("GET", "/"));
    const all = await client.readUntil("GET");
    assert.equal(all.split("\r\n\r\n")[2], "GET");
    client.close();
  });
});
