import assert from "node:assert/strict";
import { messageOf } from "../../src/base/message_of.ts";

Deno.test("messageOf() gives the message of an error, and as text whatever else was thrown", () => {
  assert.equal(messageOf(new TypeError("no such file")), "no such file");
  for (const [thrown, text] of [["text", "text"], [undefined, "undefined"], [5, "5"]] as const) {
    assert.equal(messageOf(thrown), text);
  }
});
