import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import fc from "fast-check";
import { createRedactor } from "../../src/base/redactor.ts";

Deno.test("redact() finds a secret in clear, percent-encoded, JSON-escaped and in base64", () => {
  const secret = 'a"b/c d\\e';
  const { redact } = createRedactor([secret]);
  assert.equal(redact(`<${secret}>`), "<[redacted]>");
  assert.equal(redact(encodeURIComponent(secret)), "[redacted]");
  assert.equal(redact(JSON.stringify({ a: secret })), '{"a":"[redacted]"}');
  assert.equal(redact(btoa(secret)), "[redacted]");
  assert.equal(redact("nothing"), "nothing");
});

Deno.test("redact() knows no secret until it is told, and never forgets one", () => {
  const redactor = createRedactor();
  assert.equal(redactor.redact("first second"), "first second");
  redactor.register(["first"]);
  redactor.register(["second"]);
  assert.equal(redactor.redact("first second"), "[redacted] [redacted]");
});

Deno.test("redact() leaves alone what is too short to be no chance, and copes with broken text", () => {
  assert.equal(createRedactor(["", "abc"]).redact("abc"), "abc");
  assert.equal(createRedactor(["\ud800xyz"]).redact("\ud800xyz"), "[redacted]");
});

Deno.test("redact() finds the credentials of a proxy's URL in whatever form they are sent", () => {
  const { redact } = createRedactor(["http://us%40er:p%3Ass@proxy.example.com:3128"]);
  for (
    const text of [
      "p%3Ass",
      "p:ss",
      "us%40er:p%3Ass",
      `Proxy-Authorization: Basic ${btoa("us@er:p:ss")}`,
      `Proxy-Authorization: Basic ${btoa("us%40er:p%3Ass")}`,
    ]
  ) {
    assert.match(redact(text), /^(Proxy-Authorization: Basic )?\[redacted\]$/, text);
  }
  assert.equal(redact("proxy.example.com"), "proxy.example.com", "its address is no secret");
});

Deno.test("redact() finds short credentials in a Basic header", () => {
  const { redact } = createRedactor(["http://u:pw@proxy"]);
  assert.equal(redact(`Basic ${btoa("u:pw")}`), "Basic [redacted]");
});

Deno.test("redact() takes the user name for the secret where a proxy's URL has no password", () => {
  const { redact } = createRedactor(["http://token123@proxy"]);
  assert.equal(redact("token123"), "[redacted]");
  assert.equal(redact(btoa("token123:")), "[redacted]");
});

Deno.test("redact() property: no secret is left in any form, wherever it stands", () => {
  const secret = fc.string({ minLength: 8, maxLength: 20, unit: "binary-ascii" })
    .filter((text) => text.trim().length >= 8);
  fc.assert(fc.property(secret, fc.string(), fc.string(), (text, before, after) => {
    const { redact } = createRedactor([text]);
    assert(!redact(before + text + after).includes(text));
    const seen = redact(Buffer.from(before + text + after).toString("base64"));
    assert(!Buffer.from(seen.replaceAll("[redacted]", ""), "base64").toString().includes(text));
  }));
});
