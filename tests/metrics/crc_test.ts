import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { combineCrc, crcShift } from "../../src/metrics/page/crc.ts";

/** The checksum of parts joined, combined from that of each. */
function combined(parts: readonly Uint8Array[]): number {
  const crc = parts.reduce(
    (sum, part) => combineCrc(sum, crc32(part), crcShift(part.length)),
    0,
  );
  return crc >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

Deno.test("combineCrc() gives the checksum of the bytes joined, whatever they are", () => {
  const part = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      assert.equal(combined(parts), crc32(joined(parts)));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("combineCrc() takes empty parts anywhere", () => {
  const text = new TextEncoder().encode("123456789");
  const empty = new Uint8Array();
  assert.equal(combined([]), 0);
  assert.equal(combined([empty]), 0);
  assert.equal(combined([empty, empty]), 0);
  for (const parts of [[text], [empty, text], [text, empty], [empty, text, empty]]) {
    assert.equal(combined(parts), 0xcbf43926, "the check value of CRC-32");
  }
});

Deno.test("crcShift() of any length is that of as many single bytes one after the other", () => {
  const byte = Uint8Array.of(0);
  let one = crc32("x");
  for (let length = 1; length <= 5000; length++) {
    one = combineCrc(one, crc32(byte), crcShift(1)) >>> 0;
    if (length % 617 !== 0) continue;
    const zeros = new Uint8Array(length);
    assert.equal(combineCrc(crc32("x"), crc32(zeros), crcShift(length)) >>> 0, one);
  }
});

Deno.test("crcShift() holds for parts of many megabytes", () => {
  const large = new Uint8Array(20_000_001).fill(7);
  const parts = [large.subarray(0, 1), large.subarray(1, 16_777_217), large.subarray(16_777_217)];
  assert.equal(combined(parts), crc32(large));
});
