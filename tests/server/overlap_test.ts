import assert from "node:assert/strict";
import { covers, overlap, reachableHost } from "../../src/server/overlap.ts";

const at = (host: string, port = 9440) => ({ host, port });

Deno.test("covers() knows which address gets the connections to another", () => {
  assert.ok(covers(at("0.0.0.0"), at("127.0.0.1")));
  assert.ok(covers(at("::"), at("127.0.0.1")));
  assert.ok(covers(at("::"), at("::1")));
  assert.ok(covers(at("127.0.0.1"), at("127.0.0.1")));
  assert.ok(!covers(at("0.0.0.0"), at("::1")));
  assert.ok(!covers(at("127.0.0.1"), at("0.0.0.0")));
  assert.ok(!covers(at("0.0.0.0"), at("127.0.0.1", 9441)));
});

Deno.test("overlap() is the same from both sides", () => {
  assert.ok(overlap(at("127.0.0.1"), at("0.0.0.0")));
  assert.ok(overlap(at("0.0.0.0"), at("127.0.0.1")));
  assert.ok(!overlap(at("127.0.0.1"), at("127.0.0.2")));
});

Deno.test("reachableHost() names an address that no other listener claims", () => {
  assert.equal(reachableHost(at("10.1.2.3"), []), "10.1.2.3");
  assert.equal(reachableHost(at("0.0.0.0"), []), "127.0.0.1");
  assert.equal(reachableHost(at("0.0.0.0"), [at("127.0.0.1")]), "127.0.0.2");
  assert.equal(reachableHost(at("0.0.0.0"), [at("127.0.0.1", 1)]), "127.0.0.1");
  assert.equal(reachableHost(at("::"), []), "::1");
  assert.equal(reachableHost(at("::"), [at("::1")]), "127.0.0.1");
});
