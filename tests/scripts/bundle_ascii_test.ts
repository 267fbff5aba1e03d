import assert from "node:assert/strict";
import { asciiOnly } from "../../scripts/bundle/ascii.ts";

Deno.test("asciiOnly() leaves a program that means the same", () => {
  const source = "const grün = /[ä-ü]/.test('ö') + `…${'🙂'.length}` + \"−\"; grün /* ß */";
  const ascii = asciiOnly(source);
  // deno-lint-ignore no-control-regex -- the range of ASCII
  assert.match(ascii, /^[\x00-\x7f]*$/);
  // deno-lint-ignore no-eval -- it is the meaning that counts
  assert.equal(eval(ascii), "true…2−");
});
