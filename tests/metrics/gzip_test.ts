import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { deflatePart, joinGzip } from "../../src/metrics/page/gzip.ts";

/** As a browser reads it: it takes one member and nothing after it. */
async function decompress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("joinGzip() is one stream of all parts, whatever they hold", async () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(parts, async (parts) => {
      const compressed = joinGzip(parts.map(deflatePart));
      const expected = parts.flatMap((part) => [...part]);
      assert.deepEqual([...gunzipSync(compressed)], expected);
      assert.deepEqual([...await decompress(compressed)], expected);
    }),
    { numRuns: 60 },
  );
});

Deno.test("deflatePart() takes a line as it is, and compresses a few", () => {
  const line = new TextEncoder().encode('nbu_up{site="a"} 1\n');
  const few = new TextEncoder().encode('nbu_collector_success{site="a"} 1\n'.repeat(4));
  assert.deepEqual([...deflatePart(line).bytes.subarray(-line.length)], [...line]);
  assert.ok(deflatePart(few).bytes.length < few.length);
});

Deno.test("joinGzip() of nothing is an empty stream", async () => {
  assert.equal(gunzipSync(joinGzip([])).length, 0);
  assert.equal((await decompress(joinGzip([deflatePart(new Uint8Array())]))).length, 0);
});

Deno.test("joinGzip() uses a part many times, and in any order", () => {
  const encoder = new TextEncoder();
  const long = deflatePart(encoder.encode("long ".repeat(100_000)));
  const short = deflatePart(encoder.encode("short "));
  for (const parts of [[long, short], [short, long], [short, short, short]]) {
    const expected = parts.map((part) => part === long ? "long ".repeat(100_000) : "short ");
    assert.equal(gunzipSync(joinGzip(parts)).toString(), expected.join(""));
  }
});

Deno.test("deflatePart() compresses, and keeps no more than what it needs", () => {
  const plain = new TextEncoder().encode('nbu_jobs_count{site="a"} 1\n'.repeat(10_000));
  const { bytes, length } = deflatePart(plain);
  assert.equal(length, plain.length);
  assert.ok(bytes.length < length / 20, `${bytes.length} of ${length}`);
  assert.equal(bytes.buffer.byteLength, bytes.length);
});
