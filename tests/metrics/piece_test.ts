import assert from "node:assert/strict";
import { joinPlain } from "../../src/metrics/page/gzip.ts";
import { Piece, type PieceOptions } from "../../src/metrics/page/piece.ts";

function countedPiece(
  { anyFormat = false, text = "x 1\n" }: { anyFormat?: boolean; text?: string } = {},
): { piece: Piece; renderings: () => number } {
  let renderings = 0;
  const render: PieceOptions["render"] = (format) => {
    renderings++;
    return Promise.resolve(anyFormat ? text : `${format} ${text}`);
  };
  return { piece: new Piece({ render, anyFormat }), renderings: () => renderings };
}

async function textOf(piece: Piece, format: "text" | "openmetrics"): Promise<string> {
  return new TextDecoder().decode(joinPlain([await piece.part(format)]));
}

Deno.test("Piece.part() is a promise until the part is made, and the part itself from then on", async () => {
  const { piece, renderings } = countedPiece();
  const first = piece.part("text");
  assert.ok(first instanceof Promise);
  assert.equal(piece.part("text"), first, "asked for twice, made once");
  const part = await first;
  assert.equal(piece.part("text"), part);
  assert.equal(renderings(), 1);
  assert.equal(await textOf(piece, "text"), "text x 1\n");
});

Deno.test("Piece.part() renders each format for itself where they differ", async () => {
  const { piece, renderings } = countedPiece();
  assert.equal(await textOf(piece, "text"), "text x 1\n");
  assert.equal(await textOf(piece, "openmetrics"), "openmetrics x 1\n");
  assert.equal(renderings(), 2);
});

Deno.test("Piece.part() renders once, and lets go of the samples, where the formats are the same", async () => {
  const { piece, renderings } = countedPiece({ anyFormat: true });
  const [text, openMetrics] = await Promise.all([piece.part("text"), piece.part("openmetrics")]);
  assert.equal(text, openMetrics);
  piece.evict("text");
  piece.evict("openmetrics");
  assert.equal(await textOf(piece, "openmetrics"), "x 1\n", "the only form there is stays");
  assert.equal(renderings(), 1);
});

Deno.test("Piece keeps its text compressed", async () => {
  const { piece } = countedPiece({ text: "x ".repeat(10_000) });
  const { bytes, length } = await piece.part("text");
  assert.ok(bytes.length < length / 10);
  assert.equal(bytes.buffer.byteLength, bytes.length, "no larger buffer is kept");
});

Deno.test("Piece.evict() forgets one format", async () => {
  const { piece, renderings } = countedPiece();
  await piece.part("text");
  await piece.part("openmetrics");
  piece.evict("openmetrics");
  assert.ok(!(piece.part("text") instanceof Promise));
  await piece.part("openmetrics");
  assert.equal(renderings(), 3);
});

Deno.test("Piece.part() rejects while it cannot be made, and is tried again", async () => {
  let broken = true;
  const render = () => broken ? Promise.reject(new Error("broken")) : Promise.resolve("x");
  const piece = new Piece({ render, anyFormat: true });
  await assert.rejects(async () => await piece.part("text"), /broken/);
  await assert.rejects(async () => await piece.part("text"), /broken/);
  broken = false;
  assert.equal(await textOf(piece, "text"), "x");
});
