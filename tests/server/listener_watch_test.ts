import assert from "node:assert/strict";
import { type AcceptCheck, checkAccepting } from "../../src/server/accept_check.ts";
import { Listener } from "../../src/server/listener.ts";
import { ListenerSet } from "../../src/server/listener_set.ts";
import { ListenerWatch } from "../../src/server/listener_watch.ts";
import { recordingLogger } from "./_state.ts";
import { eventually } from "./_raw.ts";

const HOST = "127.0.0.1";
const LONG_MS = 60_000;

async function withSet(
  work: (set: ListenerSet, lines: ReturnType<typeof recordingLogger>["lines"]) => Promise<void>,
): Promise<void> {
  const { logger, lines } = recordingLogger();
  const set = new ListenerSet({
    logger,
    resolve: (host) => Promise.resolve([host]),
    onConnection: (socket) => socket.destroy(),
  });
  set.replace(await set.open({ host: HOST, port: 0 }));
  try {
    await work(set, lines);
  } finally {
    for (const listener of set.all) listener.close();
  }
}

function only(set: ListenerSet): Listener {
  const [listener] = set.all;
  assert.ok(listener && set.all.length === 1);
  return listener;
}

Deno.test("checkAccepting() tells a listener that accepts from one that has ended", async () => {
  await withSet(async (set) => {
    const listener = only(set);
    const check = (): Promise<AcceptCheck> => checkAccepting(listener, HOST, LONG_MS);
    assert.equal(await check(), "accepts");
    assert.equal(await check(), "accepts");
    listener.close();
    assert.equal(await check(), "stalled");
  });
});

Deno.test("checkAccepting() does not wait for ever for a socket that listens and accepts nothing", async () => {
  await withSet(async (set) => {
    const deaf = Deno.listen({ hostname: HOST, port: 0 });
    // The connection reaches the other socket, as it would a listener that has died unnoticed.
    const listener = Object.create(only(set), { address: { value: deaf.addr } });
    assert.equal(await checkAccepting(listener, HOST, 20), "stalled");
    deaf.close();
  });
});

Deno.test({
  name: "checkAccepting() without the permission to connect says nothing on the listener",
  permissions: { net: [] },
  async fn() {
    const listener = Object.create(Listener.prototype, {
      address: { value: { host: HOST, port: 9 } },
      nextAccepted: { value: () => new Promise(() => {}) },
    });
    assert.equal(await checkAccepting(listener, HOST, LONG_MS), "forbidden");
  },
});

Deno.test("ListenerWatch listens again where nothing is accepted any more, and says so", async () => {
  await withSet(async (set, lines) => {
    let restarts = 0;
    const watch = new ListenerWatch({
      listeners: set,
      logger: recordingLogger().logger,
      onRestart: () => restarts += 1,
      onLost: () => assert.fail("not lost"),
      everyMs: 1,
    });
    const dead = only(set);
    dead.close();
    watch.start();
    await eventually("it listens again", () => restarts === 1);
    const next = only(set);
    assert.notEqual(next, dead);
    assert.deepEqual(next.address, dead.address);
    assert.equal(await checkAccepting(next, HOST, LONG_MS), "accepts");
    await eventually("it counts as accepting", () => watch.isAccepting(next));
    watch.close();
    await watch.pauseDuring(() => Promise.resolve());
    assert.equal(restarts, 1);
    assert.match(lines[0]?.message ?? "", /^listening on http:\/\/127\.0\.0\.1:\d+$/);
  });
});

Deno.test("ListenerWatch tells once that the port is lost when another program has it", async () => {
  await withSet(async (set) => {
    const lost: unknown[] = [];
    const { logger, lines } = recordingLogger();
    const watch = new ListenerWatch({
      listeners: set,
      logger,
      onRestart: () => {},
      onLost: (error) => lost.push(error),
      everyMs: 1,
      acceptTimeoutMs: 20,
    });
    const { address } = only(set);
    only(set).close();
    const thief = Deno.listen({ hostname: HOST, port: address.port });
    // The connections of the checks are not accepted by us, whoever else takes them.
    (async () => {
      for await (const connection of thief) connection.close();
    })();
    watch.start();
    const message = "listener stopped accepting connections: cannot reopen";
    await eventually("it gives up", () => lost.length === 1);
    assert.match(String(lost[0]), /in use by another process/);
    assert.equal(lines.filter((line) => line.message === message).length, 6);
    assert.equal(watch.isAccepting(only(set)), false);
    await watch.pauseDuring(() => Promise.resolve());
    watch.close();
    thief.close();
  });
});
