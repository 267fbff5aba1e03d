import assert from "node:assert/strict";
import { usesProxy } from "../../src/netbackup/environment_proxy.ts";
import { Secret } from "../../src/base/secret.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { json, setUpClient, siteConfig } from "./testing/fixtures.ts";

const PROXY = "http://user:secret@proxy:3128";

function uses(variables: Record<string, string>, change: Parameters<typeof siteConfig>[0] = {}) {
  const { logger, records } = createRecordingLogger();
  const proxied = usesProxy(siteConfig(change), (name) => variables[name], logger);
  return { proxied, records };
}

Deno.test("usesProxy() knows the variables that fetch obeys", () => {
  for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) {
    assert.equal(uses({ [name]: PROXY }).proxied, true, name);
  }
  assert.equal(uses({ HTTP_PROXY: PROXY }).proxied, false);
  assert.equal(uses({ HTTP_PROXY: PROXY }, { scheme: "http" }).proxied, true);
  assert.equal(uses({ HTTPS_PROXY: "" }).proxied, false);
  assert.equal(uses({}).proxied, false);
  assert.equal(uses({}, { proxy: new Secret(PROXY) }).proxied, true);
});

Deno.test("usesProxy() obeys NO_PROXY", () => {
  for (const entry of ["*", "nbu.example.com", "EXAMPLE.com", ".example.com", "a, example.com"]) {
    assert.equal(uses({ HTTPS_PROXY: PROXY, NO_PROXY: entry }).proxied, false, entry);
    assert.equal(uses({ HTTPS_PROXY: PROXY, no_proxy: entry }).proxied, false, entry);
  }
  for (const entry of ["", "ample.com", "other.com", "nbu"]) {
    assert.equal(uses({ HTTPS_PROXY: PROXY, NO_PROXY: entry }).proxied, true, entry);
  }
});

Deno.test("usesProxy() warns where insecureSkipVerify passes the proxy by, without showing it", () => {
  const { proxied, records } = uses({ HTTPS_PROXY: PROXY }, { insecureSkipVerify: true });
  assert.equal(proxied, false);
  assert.equal(records.length, 1);
  assert.equal(records[0]?.level, "warn");
  assert.match(records[0]?.message ?? "", /"insecureSkipVerify" bypasses the proxy/);
  assert.deepEqual(records[0]?.fields, { variable: "HTTPS_PROXY" });
  assert.equal(uses({}, { insecureSkipVerify: true }).records.length, 0);
  assert.equal(uses({ HTTPS_PROXY: PROXY }).records.length, 0);
});

Deno.test("createNetBackupClient() says so when it is made", () => {
  const environment = (name: string) => name === "ALL_PROXY" ? PROXY : undefined;
  const { records } = setUpClient(() => json({}), { insecureSkipVerify: true }, { environment });
  assert.deepEqual(records.map(({ fields }) => fields), [{ site: "prod", variable: "ALL_PROXY" }]);
});
