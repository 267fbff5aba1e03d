import assert from "node:assert/strict";
import { readBody } from "../../src/netbackup/body.ts";
import { BodyTooLargeError } from "../../src/netbackup/errors.ts";

const PLACE = { site: "a", endpoint: "/admin/jobs" };

function read(response: Response, limitBytes = 1000): Promise<string> {
  return readBody(response, limitBytes, PLACE, new AbortController().signal);
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
