import assert from "node:assert/strict";
import fc from "fast-check";
import { createPause, jsonPieces, NumberList } from "../../src/state/json_pieces.ts";

const noPause = () => Promise.resolve();

async function textOf(value: unknown, pause = noPause): Promise<string> {
  let text = "";
  for await (const piece of jsonPieces(value, pause)) text += piece;
  return text;
}

Deno.test("jsonPieces() writes what JSON.stringify() writes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      assert.equal(await textOf(value), JSON.stringify(value));
    }),
    { numRuns: 500 },
  );
  const list = new NumberList(5001, (index) => index / 2);
  const value = { list, empty: new NumberList(0, () => 0), none: undefined };
  assert.equal(await textOf(value), JSON.stringify(value));
});

Deno.test("jsonPieces() lets others work while it writes millions of numbers", async () => {
  // Time passes with every number, so that nothing depends on the speed of this machine.
  let now = 0;
  let longest = 0;
  let begun = 0;
  const column = new NumberList(1_000_000, (index) => {
    now += 0.0002;
    return index;
  });
  const due = createPause(() => now);
  const pause = async () => {
    longest = Math.max(longest, now - begun);
    await due();
    begun = now;
  };
  let length = 0;
  for await (const piece of jsonPieces({ first: column, second: column }, pause)) {
    length += piece.length;
  }
  assert.ok(length > 10_000_000);
  assert.ok(longest < 20, `${longest} ms in one go`);
});

Deno.test("createPause() turns the event loop once enough time has passed, and only then", async () => {
  let now = 0;
  let turned = 0;
  const pause = createPause(() => now);
  const timer = setInterval(() => turned++, 0);
  await pause();
  assert.equal(turned, 0);
  for (let time = 0; turned === 0 && time < 1000; time++) {
    now += 10;
    await pause();
  }
  clearInterval(timer);
  assert.ok(turned > 0);
});
