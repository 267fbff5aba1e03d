import assert from "node:assert/strict";
import fc from "fast-check";
import { BodyBuffers } from "../../src/netbackup/body_buffers.ts";
import { decodeJson } from "../../src/netbackup/json_text.ts";

const buffers = new BodyBuffers();

function decoded(text: string): string {
  return decodeJson(new TextEncoder().encode(text), buffers);
}

/** What comes of parsing a text; undefined when it is no JSON. */
function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

Deno.test("decodeJson() leaves ASCII as it is, and escapes the rest", () => {
  assert.equal(decoded('{"a": 1}'), '{"a": 1}');
  assert.equal(decoded('{"ü":"💾"}'), '{"\\u00fc":"\\ud83d\\udcbe"}');
  assert.equal(decoded(""), "");
});

Deno.test("decodeJson() means what the text means that the bytes are", () => {
  const texts = [
    // The escape's backslash would be escaped by the one before.
    String.raw`{"path":"C:\\ü"}`,
    String.raw`{"path":"\ü"}`,
    '\ufeff{"name":"\ufeffä"}',
    '\ufeff\ufeff{"name":1}',
    '{"name":"ü"',
    'ü{"name":1}',
    `{"name":"${"ü".repeat(200_000)}"}`,
    `{"name":"ü${"a".repeat(300_000)}"}`,
    "\u2028",
  ];
  for (const text of texts) {
    const plain = new TextDecoder().decode(new TextEncoder().encode(text));
    assert.deepEqual(parsed(decoded(text)), parsed(plain), text.slice(0, 100));
  }
});

Deno.test("decodeJson() means what the text means that the bytes are, whatever they are", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: "binary" }), (text) => {
      assert.deepEqual(parsed(decoded(text)), parsed(text.toWellFormed()));
    }),
    { numRuns: 500 },
  );
  // Broken UTF-8 between quotation marks, at any offset within the buffer.
  const text = fc.constantFrom("a", "a longer text", "\\\\", "ü").map((part) =>
    new TextEncoder().encode(part)
  );
  const pieces = fc.array(fc.oneof(fc.uint8Array({ min: 0x80, maxLength: 4 }), text));
  fc.assert(
    fc.property(pieces, fc.nat(7), (chunks, offset) => {
      const bytes = new Uint8Array([
        ...new Uint8Array(offset),
        0x22,
        ...chunks.flatMap((chunk) => [...chunk]),
        0x22,
      ]).subarray(offset);
      assert.deepEqual(parsed(decodeJson(bytes, buffers)), parsed(new TextDecoder().decode(bytes)));
    }),
    { numRuns: 500 },
  );
});
