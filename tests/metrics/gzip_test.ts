import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { gzipHead, gzipTogether } from "../../src/metrics/gzip.ts";

/** As a browser reads it: it takes one member and nothing after it. */
async function decompress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("gzipTogether() is one stream of both parts, whatever they hold", async () => {
  const bytes = fc.uint8Array({ maxLength: 5000 });
  await fc.assert(
    fc.asyncProperty(bytes, bytes, async (head, tail) => {
      const compressed = gzipTogether(gzipHead(head), tail);
      const expected = [...head, ...tail];
      assert.deepEqual([...gunzipSync(compressed)], expected);
      assert.deepEqual([...await decompress(compressed)], expected);
    }),
    { numRuns: 60 },
  );
});

Deno.test("gzipTogether() uses a head many times", () => {
  const encoder = new TextEncoder();
  const head = gzipHead(encoder.encode("head ".repeat(100_000)));
  for (const tail of ["", "one", "two"]) {
    const text = gunzipSync(gzipTogether(head, encoder.encode(tail))).toString();
    assert.equal(text, "head ".repeat(100_000) + tail);
  }
});

Deno.test("gzipHead() compresses", () => {
  const head = gzipHead(new TextEncoder().encode('nbu_jobs_count{site="a"} 1\n'.repeat(10_000)));
  assert.ok(head.deflated.length < head.length / 20, `${head.deflated.length} of ${head.length}`);
});
