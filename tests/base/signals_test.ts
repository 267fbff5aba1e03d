import assert from "node:assert/strict";
import { abortable, linkSignals } from "../../src/base/signals.ts";
import { countListeners } from "../testing/count_listeners.ts";

Deno.test("linkSignals() follows each of its signals with its reason, and aborts itself alone", () => {
  for (const which of [0, 1]) {
    const controllers = [new AbortController(), new AbortController()] as const;
    using linked = linkSignals(...controllers.map(({ signal }) => signal));
    assert.equal(linked.signal.aborted, false);
    controllers[which]?.abort("closing");
    assert.equal(linked.signal.reason, "closing");
  }
  const { signal } = new AbortController();
  using own = linkSignals(signal);
  own.abort("own");
  assert.equal(own.signal.reason, "own");
  assert.equal(signal.aborted, false);
});

Deno.test("linkSignals() is aborted from the start by a signal that already was", () => {
  using linked = linkSignals(new AbortController().signal, AbortSignal.abort("before"));
  assert.equal(linked.signal.reason, "before");
});

Deno.test("linkSignals() leaves no listener behind, and follows nothing once disposed of", () => {
  const controller = new AbortController();
  const counted = countListeners(controller.signal);
  const linked = linkSignals(counted.signal);
  assert.equal(counted.listeners, 1);
  linked[Symbol.dispose]();
  assert.equal(counted.listeners, 0);
  controller.abort("late");
  assert.equal(linked.signal.aborted, false);
});

Deno.test("abortable() gives what the promise gives, and leaves no listener behind", async () => {
  const counted = countListeners(new AbortController().signal);
  const { promise, resolve } = Promise.withResolvers<string>();
  const waiting = abortable(promise, counted.signal);
  assert.equal(counted.listeners, 1);
  resolve("result");
  assert.equal(await waiting, "result");
  await assert.rejects(
    abortable(Promise.reject(new Error("broken")), counted.signal),
    /broken/,
  );
  assert.equal(counted.listeners, 0);
});

Deno.test("abortable() ends with the reason of the signal, whatever becomes of the promise", async () => {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<string>();
  const waiting = abortable(promise, controller.signal);
  controller.abort("closing");
  await assert.rejects(waiting, (reason) => reason === "closing");
  reject(new Error("too late")); // Is not unhandled: that would end the program.
  const never = abortable(new Promise(() => {}), AbortSignal.abort("before"));
  await assert.rejects(never, (reason) => reason === "before");
});
