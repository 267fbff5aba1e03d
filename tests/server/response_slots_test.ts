import assert from "node:assert/strict";
import { ResponseSlots } from "../../src/server/response_slots.ts";

const LONG_MS = 60_000;

Deno.test("ResponseSlots.take() gives so many slots at once, and the next when one is given back", async () => {
  const slots = new ResponseSlots(2, LONG_MS);
  assert.equal(slots.take(), true);
  assert.equal(slots.take(), true);
  const order: string[] = [];
  const first = Promise.resolve(slots.take()).then((granted) => order.push(`first ${granted}`));
  const second = Promise.resolve(slots.take()).then((granted) => order.push(`second ${granted}`));
  slots.release();
  await first;
  slots.release();
  await second;
  assert.deepEqual(order, ["first true", "second true"]);
  slots.release();
  slots.release();
  assert.equal(slots.take(), true);
  slots.close();
});

Deno.test("ResponseSlots.take() gives up after its time, and leaves the slots as they are", async () => {
  const slots = new ResponseSlots(1, 5);
  assert.equal(slots.take(), true);
  assert.deepEqual(await Promise.all([slots.take(), slots.take()]), [false, false]);
  assert.equal(await slots.take(), false);
  slots.release();
  assert.equal(slots.take(), true);
});

Deno.test("ResponseSlots.close() lets nobody wait", async () => {
  const slots = new ResponseSlots(1, LONG_MS);
  slots.take();
  const waiting = slots.take();
  slots.close();
  assert.equal(await waiting, false);
});
