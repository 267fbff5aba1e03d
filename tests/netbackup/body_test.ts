import assert from "node:assert/strict";
import { readBody } from "../../src/netbackup/body.ts";
import { BodyBuffers } from "../../src/netbackup/body_buffers.ts";
import { BodyTooLargeError } from "../../src/netbackup/errors.ts";

const PLACE = { site: "a", endpoint: "/admin/jobs" };

function read(
  response: Response,
  limitBytes = 1000,
  buffers = new BodyBuffers(),
): Promise<string> {
  const { signal } = new AbortController();
  return readBody(response, { limitBytes, buffers, place: PLACE, signal });
}

/** A body in pieces, as the network brings it. */
function streamed(...chunks: readonly Uint8Array<ArrayBuffer>[]): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    }),
  );
}

Deno.test("readBody() decodes characters that are split between chunks", async () => {
  const bytes = new TextEncoder().encode('{"clientName":"münchen-💾"}');
  const chunks = Array.from(bytes, (byte) => new Uint8Array([byte]));
  assert.equal(await read(streamed(...chunks)), '{"clientName":"münchen-💾"}');
});

Deno.test("readBody() frees each chunk once it is decoded: garbage outside the heap piles up", async () => {
  const chunks = ["one ", "two"].map((text) => new TextEncoder().encode(text));
  assert.equal(await read(streamed(...chunks)), "one two");
  assert.deepEqual(chunks.map(({ length }) => length), [0, 0]);
});

Deno.test("readBody() leaves alone what a response was made of", async () => {
  const bytes = new TextEncoder().encode("text");
  const headers = { "content-length": "4" };
  assert.equal(await read(new Response(bytes, { headers })), "text");
  assert.equal(bytes.length, 4);
});

Deno.test("readBody() refuses what is larger than the limit, announced or not", async () => {
  const headers = { "content-length": "5" };
  await assert.rejects(read(new Response("12345", { headers }), 4), BodyTooLargeError);
  const chunks = ["123", "45"].map((text) => new TextEncoder().encode(text));
  await assert.rejects(read(streamed(...chunks), 4), BodyTooLargeError);
});

/** A body in pieces that are written into the memory of whoever reads them, as `fetch` has it. */
function filled(...chunks: readonly string[]): Response {
  const left = chunks.map((text) => new TextEncoder().encode(text));
  return new Response(
    new ReadableStream({
      type: "bytes",
      pull(controller) {
        const { byobRequest } = controller;
        const chunk = left.shift();
        if (!chunk) {
          controller.close();
          byobRequest?.respond(0);
          return;
        }
        assert.ok(byobRequest?.view, "it is read into memory of the reader's");
        const { buffer, byteOffset, byteLength } = byobRequest.view;
        const part = chunk.subarray(0, byteLength);
        new Uint8Array(buffer, byteOffset).set(part);
        if (part.length < chunk.length) left.unshift(chunk.subarray(part.length));
        byobRequest.respond(part.length);
      },
    }),
  );
}

Deno.test("readBody() reads pieces of any size into one buffer, which serves the next body again", async () => {
  const buffers = new BodyBuffers();
  const buffer = buffers.take();
  const { byteLength } = buffer;
  buffers.give(buffer);
  const texts = [
    ["one ", "two"],
    [],
    // One byte short of the buffer, just as much, one more, and several buffers; the character of two
    // bytes is split between two of them.
    ["a".repeat(byteLength - 1)],
    ["a".repeat(byteLength)],
    ["a".repeat(byteLength - 1), "ü", "b"],
    ["ü".repeat(byteLength), "c".repeat(byteLength)],
    ["short"],
  ];
  for (const chunks of texts) {
    const text = chunks.join("");
    assert.equal(await read(filled(...chunks), 10 * byteLength, buffers), text);
  }
  await assert.rejects(read(filled("123", "45"), 4, buffers), BodyTooLargeError);
});

Deno.test("readBody() escapes what is not ASCII in JSON of a success only", async () => {
  const json = '{"clientName":"münchen"}';
  const headers = { "content-type": "application/vnd.netbackup+json;version=14.0" };
  const text = (init: ResponseInit) => read(new Response(filled(json).body, init));
  assert.equal(await text({ headers }), '{"clientName":"m\\u00fcnchen"}');
  assert.equal(await text({ headers, status: 400 }), json);
  assert.equal(await text({}), json);
});

Deno.test("BodyBuffers keeps a few buffers, frees the others, and hands out no buffer twice", () => {
  const buffers = new BodyBuffers();
  const taken = Array.from({ length: 20 }, () => buffers.take());
  assert.equal(new Set(taken.map(({ buffer }) => buffer)).size, 20);
  for (const buffer of taken) buffers.give(buffer);
  assert.equal(taken.filter(({ length }) => length > 0).length, 8);
  const again = Array.from({ length: 20 }, () => buffers.take());
  assert.equal(new Set(again.map(({ buffer }) => buffer)).size, 20);
  const known = new Set(taken.map(({ buffer }) => buffer));
  assert.equal(again.filter(({ buffer }) => known.has(buffer)).length, 8);
});
