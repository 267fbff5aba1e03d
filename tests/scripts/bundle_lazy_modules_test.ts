import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { lazyRequire } from "../../scripts/bundle/lazy_modules.ts";

/** A `require` of Node's modules, and what was asked of it. */
function recordingRequire() {
  const required: string[] = [];
  const require = createRequire(import.meta.url);
  const lazy = lazyRequire((id) => {
    required.push(id);
    return require(id);
  });
  return { required, require, lazy };
}

Deno.test("lazyRequire() loads a module that is rarely used when a member is asked for, once", () => {
  const { required, require, lazy } = recordingRequire();
  const tls = lazy("node:tls");
  assert.deepEqual(required, []);
  assert.ok(typeof tls === "object" && tls !== null);
  assert.equal(Reflect.get(tls, "connect"), require("node:tls").connect);
  assert.ok("createServer" in tls);
  assert.ok(!("no member" in tls));
  assert.deepEqual(required, ["node:tls"]);
});

Deno.test("lazyRequire() gives what imports of a bundle can be made of, without loading it", () => {
  const { required, require, lazy } = recordingRequire();
  const fs = lazy("node:fs");
  // As esbuild does it: an heir, to which own members are copied.
  const imported = Object.create(Object.getPrototypeOf(fs), Object.getOwnPropertyDescriptors(fs));
  assert.deepEqual(required, []);
  assert.equal(imported.existsSync, require("node:fs").existsSync);
  assert.deepEqual(required, ["node:fs"]);
});

Deno.test("lazyRequire() loads all other modules at once", () => {
  const { required, require, lazy } = recordingRequire();
  assert.equal(lazy("node:path"), require("node:path"));
  assert.deepEqual(required, ["node:path"]);
});
