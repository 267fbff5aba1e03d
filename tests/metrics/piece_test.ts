import assert from "node:assert/strict";
import { Piece } from "../../src/metrics/page/piece.ts";
import { variantOf } from "../../src/metrics/page/variant.ts";

const PLAIN = variantOf("text", "identity");
const GZIP = variantOf("text", "gzip");

function countedPiece(text = "x 1\n"): { piece: Piece; renderings: () => number } {
  let renderings = 0;
  const piece = new Piece((format) => {
    renderings++;
    return Promise.resolve(`${format} ${text}`);
  });
  return { piece, renderings: () => renderings };
}

Deno.test("Piece.part() is a promise until the form is made, and the part itself from then on", async () => {
  const { piece, renderings } = countedPiece();
  const first = piece.part(PLAIN);
  assert.ok(first instanceof Promise);
  assert.equal(piece.part(PLAIN), first, "asked for twice, made once");
  const part = await first;
  assert.equal(piece.part(PLAIN), part);
  assert.equal(renderings(), 1);
  assert.equal(new TextDecoder().decode(part.bytes), "text x 1\n");
});

Deno.test("Piece.part() makes each form for itself", async () => {
  const { piece, renderings } = countedPiece("x ".repeat(1000));
  const plain = await piece.part(PLAIN);
  const gzip = await piece.part(GZIP);
  const other = await piece.part(variantOf("openmetrics", "identity"));
  assert.equal(renderings(), 3);
  assert.ok(gzip.bytes.length < plain.bytes.length / 10);
  assert.match(new TextDecoder().decode(other.bytes), /^openmetrics x /);
});

Deno.test("Piece.evict() forgets one form", async () => {
  const { piece, renderings } = countedPiece();
  await piece.part(PLAIN);
  await piece.part(GZIP);
  piece.evict(GZIP);
  assert.ok(!(piece.part(PLAIN) instanceof Promise));
  await piece.part(GZIP);
  assert.equal(renderings(), 3);
});

Deno.test("Piece.part() rejects while it cannot be made, and is tried again", async () => {
  let broken = true;
  const piece = new Piece(() =>
    broken ? Promise.reject(new Error("broken")) : Promise.resolve("x")
  );
  await assert.rejects(async () => await piece.part(PLAIN), /broken/);
  await assert.rejects(async () => await piece.part(PLAIN), /broken/);
  broken = false;
  assert.equal((await piece.part(PLAIN)).bytes.length, 1);
});
