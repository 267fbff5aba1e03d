import assert from "node:assert/strict";
import fc from "fast-check";
import { createPause, jsonPieces, NumberList, readJson } from "../../src/state/json_pieces.ts";

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
  const list = new NumberList(1001, (index) => index / 2);
  const value = { list, empty: new NumberList(0, () => 0), none: undefined };
  assert.equal(await textOf(value), JSON.stringify(value));
});

const read = (text: string, pause = noPause) =>
  readJson(new TextEncoder().encode(text), "mark", pause);

Deno.test("readJson() reads what jsonPieces() writes, long lists too", async () => {
  const json = fc.jsonValue();
  // Long lists are made of others, for want of time.
  const long = fc.tuple(json, json, fc.integer({ min: 90, max: 350 }))
    .map(([a, b, length]) => Array.from({ length }, (_, index) => index % 7 === 0 ? a : b));
  const value = fc.oneof(json, long, fc.dictionary(fc.string(), fc.oneof(json, long)));
  await fc.assert(
    fc.asyncProperty(value, async (value) => {
      const again = await read(await textOf(value));
      assert.equal(JSON.stringify(again), JSON.stringify(value));
      assert.equal(JSON.stringify(await read(JSON.stringify(value))), JSON.stringify(value));
    }),
    { numRuns: 300 },
  );
});

Deno.test("readJson() gives long lists of numbers as such, and no line is long", async () => {
  const at = (index: number) => 1.7e12 + index * 1.5;
  const text = await textOf({ a: { b: new NumberList(5001, at) }, c: [1, 2] });
  assert.ok(text.split("\n").every((line) => line.length < 40_000));
  const again = await read(text);
  assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(again)));
  assert.ok(typeof again === "object" && again !== null && "a" in again);
  const { a } = again;
  assert.ok(typeof a === "object" && a !== null && "b" in a && a.b instanceof NumberList);
  assert.equal(a.b.length, 5001);
  assert.equal(a.b.at(5000), at(5000));
});

Deno.test("readJson() throws for what is no JSON, and for what is not UTF-8", async () => {
  for (const text of ["", "{", "[\n\t1,2\n", "[\n\t1,,2\n]", '[\n\t"a\n]']) {
    await assert.rejects(read(text), SyntaxError, JSON.stringify(text));
  }
  await assert.rejects(readJson(Uint8Array.of(0x22, 0xff, 0x22), "mark", noPause), TypeError);
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
