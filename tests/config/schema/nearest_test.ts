import assert from "node:assert/strict";
import fc from "fast-check";
import { editDistance, nearest } from "../../../src/config/schema/nearest.ts";

Deno.test("nearest() finds the key that was meant", () => {
  const keys = ["apiKey", "apiKeyFile", "apiVersion", "host", "port", "insecureSkipVerify"];
  assert.equal(nearest("apikey", keys), "apiKey");
  assert.equal(nearest("apiKeyy", keys), "apiKey");
  assert.equal(nearest("api_key", keys), "apiKey");
  assert.equal(nearest("apiKeyfiles", keys), "apiKeyFile");
  assert.equal(nearest("hosts", keys), "host");
  assert.equal(nearest("insecureskipverfy", keys), "insecureSkipVerify");
});

Deno.test("nearest() suggests nothing for something else altogether", () => {
  assert.equal(nearest("colour", ["host", "port"]), undefined);
  assert.equal(nearest("xy", ["on"]), undefined);
  assert.equal(nearest("x".repeat(100_000), ["host"]), undefined);
  assert.equal(nearest("host", []), undefined);
});

Deno.test("editDistance() is a distance", () => {
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("", "abc"), 3);
  const word = fc.string({ maxLength: 8 });
  fc.assert(fc.property(word, word, word, (a, b, c) => {
    assert.equal(editDistance(a, a), 0);
    assert.equal(editDistance(a, b), editDistance(b, a));
    assert.ok(editDistance(a, c) <= editDistance(a, b) + editDistance(b, c));
  }));
});
