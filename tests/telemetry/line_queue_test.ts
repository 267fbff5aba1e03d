import assert from "node:assert/strict";
import { LineQueue } from "../../src/telemetry/logging/line_queue.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Longer than any test waits in earnest. */
const LONG_MS = 60_000;

/** A writer that settles when told to, and what a queue tells of its losses. */
function harness(maxBytes?: number) {
  const writes: { text: string; done: PromiseWithResolvers<void> }[] = [];
  const losses = { dropped: 0, recovered: <number[]> [], errors: <unknown[]> [] };
  const queue = new LineQueue({
    write(bytes) {
      const done = Promise.withResolvers<void>();
      writes.push({ text: decoder.decode(bytes), done });
      return done.promise;
    },
    onDropped: (lines) => losses.dropped += lines,
    onRecovered: (lines) => losses.recovered.push(lines),
    onError: (error) => losses.errors.push(error),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  const add = (...lines: string[]) => {
    for (const line of lines) queue.add(encoder.encode(`${line}\n`));
  };
  return { queue, writes, losses, add };
}

/** Lets promises that are settled have their effect. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

Deno.test("LineQueue.add() begins to write at once and joins what comes meanwhile", async () => {
  const { writes, add, queue } = harness();
  add("one", "two", "three");
  assert.deepEqual(writes.map(({ text }) => text), ["one\n"]);
  writes[0]?.done.resolve();
  await settle();
  assert.deepEqual(writes.map(({ text }) => text), ["one\n", "two\nthree\n"]);
  writes[1]?.done.resolve();
  assert.equal(await queue.flush(LONG_MS), true);
});

Deno.test("LineQueue.add() drops and counts lines that do not fit, and keeps the order", async () => {
  const { writes, losses, add, queue } = harness(10);
  add("1234", "5678", "dropped", "dropped");
  assert.equal(losses.dropped, 2);
  writes[0]?.done.resolve();
  await settle();
  assert.equal(writes[1]?.text, "5678\n");
  add("abcd");
  writes[1]?.done.resolve();
  await settle();
  assert.equal(writes[2]?.text, "abcd\n");
  assert.deepEqual(losses.recovered, []);
  writes[2]?.done.resolve();
  await queue.flush(LONG_MS);
  assert.deepEqual(losses, { dropped: 2, recovered: [2], errors: [] });
});

Deno.test("LineQueue.add() takes a line of any length into an empty queue", async () => {
  const { writes, losses, add, queue } = harness(3);
  add("much longer than three bytes");
  writes[0]?.done.resolve();
  await queue.flush(LONG_MS);
  assert.equal(losses.dropped, 0);
});

Deno.test("LineQueue counts lines whose writing failed, and goes on", async () => {
  const { writes, losses, add, queue } = harness();
  const full = new Error("disk full");
  add("one");
  writes[0]?.done.reject(full);
  await queue.flush(LONG_MS);
  add("two");
  writes[1]?.done.resolve();
  await queue.flush(LONG_MS);
  assert.deepEqual(losses, { dropped: 1, recovered: [1], errors: [full] });
});

Deno.test("LineQueue.flush() does not wait for a reader that has stalled", async () => {
  const { writes, add, queue } = harness();
  add("one", "two");
  assert.equal(await queue.flush(5), false);
  for (let i = 0; i < 2; i++) {
    writes[i]?.done.resolve();
    await settle();
  }
  assert.equal(await queue.flush(LONG_MS), true);
});

Deno.test("LineQueue writes a long backlog in pieces", async () => {
  const { writes, add, queue } = harness();
  const line = "x".repeat(40_000);
  add("first", line, line, line);
  for (let i = 0; i < 4; i++) {
    assert.equal(writes.length, i + 1);
    writes[i]?.done.resolve();
    await settle();
  }
  assert.equal(await queue.flush(LONG_MS), true);
});
