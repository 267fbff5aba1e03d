import assert from "node:assert/strict";
import { release } from "../../src/base/release.ts";

Deno.test("release() frees the memory of its bytes, and may be called again", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const { buffer } = bytes;
  release(bytes);
  assert.equal(bytes.length, 0);
  assert.ok(buffer.detached);
  release(bytes);
});

Deno.test("release() leaves memory alone that is shared with other threads", () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(3));
  release(bytes);
  assert.equal(bytes.length, 3);
});
