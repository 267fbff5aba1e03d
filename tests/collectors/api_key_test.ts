import assert from "node:assert/strict";
import { apiKey } from "../../src/collectors/api_key.ts";
import { runOnce } from "./_run.ts";
import { simulatedPrimary, VERSIONS } from "./_simulated.ts";

const ENDPOINT = "/security/api-keys";

function key(id: string, userName: string, expiryDateTime: unknown): unknown {
  return { type: "apiKeyDetails", id, attributes: { userName, expiryDateTime } };
}

const SPRING = "2026-04-25T08:28:30.000Z";
const SPRING_SECONDS = Date.UTC(2026, 3, 25, 8, 28, 30) / 1000;

for (const apiVersion of VERSIONS) {
  for (const granted of [true, false]) {
    const who = granted ? "may view all keys" : "sees its own key only";
    Deno.test(`apiKey finds the key in use of a user that ${who}, API ${apiVersion}`, async () => {
      // A key of the form that NetBackup gives: its tag is made from it.
      const primary = simulatedPrimary({ apiVersion, apiKey: "A1uMjmj93mrpsW9qTESTKEY" });
      if (!granted) primary.simulator.setGranted([]);
      const own = primary.rows(ENDPOINT).find(({ id }) => id === "A1uMjmj93mo=");
      assert.ok(own);
      const expires = Date.parse(String(own.attributes["expiryDateTime"])) / 1000;
      const result = await primary.run(apiKey);
      assert.deepEqual(result.series("nbu_api_key_expiry_timestamp_seconds"), [
        `user=exporter: ${expires}`,
      ]);
      assert.deepEqual(result.series("nbu_expiry_timestamp_seconds"), [
        `kind=api_key,name=exporter: ${expires}`,
      ]);
    });
  }
}

Deno.test("apiKey takes the only key there is for its own where the tag says nothing", async () => {
  for (const apiKeyTag of [undefined, "other"]) {
    const setup = apiKeyTag === undefined ? {} : { apiKeyTag };
    const result = await runOnce(apiKey, { [ENDPOINT]: [key("x", "u", SPRING)] }, setup);
    assert.equal(result.value("nbu_api_key_expiry_timestamp_seconds"), SPRING_SECONDS);
  }
});

Deno.test("apiKey does not guess among several keys, and says so", async () => {
  const rows = [key("x", "u", SPRING), key("", "v", SPRING)];
  const result = await runOnce(apiKey, { [ENDPOINT]: rows }, { apiKeyTag: "y" });
  assert.equal(result.count("nbu_expiry_timestamp_seconds"), 0);
  assert.match(
    result.records.find(({ level }) => level === "warn")?.message ?? "",
    /not in the list/,
  );
  assert.equal((await runOnce(apiKey, { [ENDPOINT]: [] })).records.at(-1)?.level, "warn");
});

Deno.test("apiKey gives nothing for a key without an end", async () => {
  const result = await runOnce(apiKey, { [ENDPOINT]: [key("x", "u", null)] }, { apiKeyTag: "x" });
  assert.equal(result.count("nbu_api_key_expiry_timestamp_seconds"), 0);
  assert.deepEqual(result.records.filter(({ level }) => level === "warn"), []);
});

Deno.test("apiKey drops a key that does not fit, and only that", async () => {
  const rows = [key("x", "u", "soon"), key("y", "v", SPRING)];
  const result = await runOnce(apiKey, { [ENDPOINT]: rows }, { apiKeyTag: "y" });
  assert.equal(result.value("nbu_expiry_timestamp_seconds", { name: "v" }), SPRING_SECONDS);
  assert.equal(result.client.rejected.get(ENDPOINT), 1);
});
