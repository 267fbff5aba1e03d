import assert from "node:assert/strict";
import { COLLECTOR_SECTIONS } from "../../../src/collectors/sections.ts";
import { makeConfigSchema } from "../../../src/config/schema/schema.ts";
import { listKeys } from "../../../scripts/docs/schema_keys.ts";

Deno.test("the keys that hold a secret are marked by the type of their value", () => {
  const secret = listKeys(makeConfigSchema(COLLECTOR_SECTIONS))
    .filter(({ notes }) => notes.secret)
    .map(({ path }) => path);
  assert.deepEqual(secret, [
    "nbuservers[].apiKey",
    "nbuservers[].proxy",
    "nbuserver.apiKey",
    "nbuserver.proxy",
    "opentelemetry.headers",
  ]);
});
