import assert from "node:assert/strict";
import { type ConfigDiff, diffConfig, SITE_KEYS } from "../../../src/config/comparison/diff.ts";
import type { MemoryWorld } from "../memory_environment.ts";
import { makeConfigSchema } from "../../../src/config/schema/schema.ts";
import { listKeys } from "../../../scripts/docs/schema_keys.ts";
import { CA, CLIENT_CERTIFICATE, CLIENT_KEY, CLIENT_KEY_SEC1 } from "../pem.ts";
import { loadText } from "../memory_environment.ts";

const UNCHANGED: ConfigDiff = {
  sitesAdded: [],
  sitesRemoved: [],
  sitesChanged: [],
  sitesUnchanged: ["a"],
  collectorsAdded: [],
  collectorsRemoved: [],
  collectorsChanged: [],
  listenChanged: false,
  pathChanged: false,
  loggingChanged: false,
  tracingChanged: false,
};

async function diff(
  old: string,
  next: string,
  oldWorld: MemoryWorld = { directories: ["/etc/nbu"] },
  nextWorld: MemoryWorld = oldWorld,
): Promise<ConfigDiff> {
  return diffConfig(
    (await loadText(old, oldWorld)).config,
    (await loadText(next, nextWorld)).config,
  );
}

const text = (site = "", top = "") =>
  `nbuservers:\n- {site: a, host: h, apiKey: k${site}}\n${top}\n`;

Deno.test("diffConfig() finds nothing between two loads of the same file", async () => {
  assert.deepEqual(
    await diff(text(", proxy: 'http://u:p@p:1'"), text(", proxy: 'http://u:p@p:1'")),
    UNCHANGED,
  );
});

Deno.test("diffConfig() finds nothing in what only looks different", async () => {
  assert.deepEqual(
    await diff(text(", port: '1556', timeout: 1m"), text(", timeout: 60s")),
    UNCHANGED,
  );
});

const SITE_CHANGES: readonly (readonly [string, string])[] = [
  [", port: 1", "port"],
  [", scheme: http", "scheme"],
  [", uri: /x", "uri"],
  [", apiVersion: 14.0", "apiVersion"],
  [", insecureSkipVerify: true", "insecureSkipVerify"],
  [", timeout: 1s", "timeout"],
  [", maxConcurrentRequests: 1", "maxConcurrentRequests"],
  [", retry: {maxAttempts: 1}", "retry.maxAttempts"],
  [", retry: {minWait: 1s}", "retry.minWait"],
  [", retry: {maxWait: 9s}", "retry.maxWait"],
  [", proxy: 'http://p:1'", "proxy"],
];

Deno.test("diffConfig() names the changed key of a site, and nothing else", async () => {
  for (const [change, key] of SITE_CHANGES) {
    assert.deepEqual(
      await diff(text(), text(change)),
      { ...UNCHANGED, sitesChanged: [{ site: "a", keys: [key] }], sitesUnchanged: [] },
      change,
    );
  }
});

Deno.test("diffConfig() sees another key or proxy password behind the secret", async () => {
  const changed = (key: string) => ({
    ...UNCHANGED,
    sitesChanged: [{ site: "a", keys: [key] }],
    sitesUnchanged: [],
  });
  const otherKey = text().replace("apiKey: k", "apiKey: other");
  assert.deepEqual(await diff(text(), otherKey), changed("apiKey"));
  const proxy = (password: string) => text(`, proxy: 'http://u:${password}@p:1'`);
  assert.deepEqual(await diff(proxy("one"), proxy("two")), changed("proxy"));
});

Deno.test("diffConfig() sees new contents of a file under the same name", async () => {
  const site = "nbuservers: [{site: a, host: h, apiKeyFile: key, caFile: ca.pem}]\n";
  const world = (key: string, ca: string) => ({
    files: { "/etc/nbu/key": key, "/etc/nbu/ca.pem": ca },
  });
  const first = world("k", CA);
  assert.deepEqual((await diff(site, site, first, world("k2", CA))).sitesChanged, [
    { site: "a", keys: ["apiKeyFile"] },
  ]);
  assert.deepEqual((await diff(site, site, first, world("k", CLIENT_CERTIFICATE))).sitesChanged, [
    { site: "a", keys: ["caFile"] },
  ]);
  assert.deepEqual(
    (await diff(site, site, first, world("k\n", `comment\n${CA}`))).sitesChanged,
    [],
  );
});

Deno.test("diffConfig() names certificate and key of a client apart", async () => {
  const site =
    "nbuservers: [{site: a, host: h, apiKey: k, clientCertFile: c, clientKeyFile: pk}]\n";
  const world = (key: string) => ({
    files: { "/etc/nbu/c": CLIENT_CERTIFICATE, "/etc/nbu/pk": key },
  });
  const result = await diff(site, site, world(CLIENT_KEY), world(CLIENT_KEY_SEC1));
  assert.deepEqual(result.sitesChanged, [{ site: "a", keys: ["clientKeyFile"] }]);
});

Deno.test("diffConfig() names a key that moves from the configuration to a file", async () => {
  const file = "nbuservers: [{site: a, host: h, apiKeyFile: key}]\n";
  const result = await diff(text(), file, { files: { "/etc/nbu/key": "k" } });
  assert.deepEqual(result.sitesChanged, [{ site: "a", keys: ["apiKey", "apiKeyFile"] }]);
});

Deno.test("diffConfig() knows every key of a site", () => {
  const keys = listKeys(makeConfigSchema([]))
    .filter(({ path, kind, notes }) =>
      path.startsWith("nbuservers[].") && kind === "value" && !notes.ignored
    )
    .map(({ path }) => path.replace("nbuservers[].", ""));
  assert.deepEqual(["site", ...Object.keys(SITE_KEYS)], keys);
});

Deno.test("diffConfig() tells added, removed, changed and unchanged sites apart", async () => {
  const sites = (...list: string[]) => `nbuservers: [${list.join(", ")}]\n`;
  const site = (name: string, host = name) => `{site: ${name}, host: ${host}, apiKey: k}`;
  const result = await diff(
    sites(site("a"), site("b"), site("c"), site("d")),
    sites(site("e"), site("d"), site("b", "other"), site("a")),
  );
  assert.deepEqual(result, {
    ...UNCHANGED,
    sitesAdded: ["e"],
    sitesRemoved: ["c"],
    sitesChanged: [{ site: "b", keys: ["host"] }],
    sitesUnchanged: ["d", "a"],
  });
});

Deno.test("diffConfig() takes the order of the sites for nothing", async () => {
  const a = "{site: a, host: a, apiKey: k}";
  const b = "{site: b, host: b, apiKey: k}";
  const result = await diff(`nbuservers: [${a}, ${b}]`, `nbuservers: [${b}, ${a}]`);
  assert.deepEqual(result, { ...UNCHANGED, sitesUnchanged: ["b", "a"] });
});

const TOP_CHANGES: readonly (readonly [string, keyof ConfigDiff])[] = [
  ["server: {host: 127.0.0.1}", "listenChanged"],
  ["server: {port: 9441}", "listenChanged"],
  ["server: {uri: /m}", "pathChanged"],
  ["server: {logName: x.log}", "loggingChanged"],
  ["logging: {level: debug}", "loggingChanged"],
  ["logging: {format: json}", "loggingChanged"],
  ["opentelemetry: {samplingRate: 0.5}", "tracingChanged"],
  ["opentelemetry: {headers: a=b}", "tracingChanged"],
  ["opentelemetry: {protocol: http/protobuf}", "tracingChanged"],
];

Deno.test("diffConfig() flags what changed outside of the sites, and nothing else", async () => {
  for (const [change, flag] of TOP_CHANGES) {
    const expected = { ...UNCHANGED, [flag]: true };
    assert.deepEqual(await diff(text(), text("", change)), expected, change);
    assert.deepEqual(await diff(text("", change), text()), expected, change);
  }
});

Deno.test("diffConfig() tells collectors that are turned on and off", async () => {
  const on = text("", "collectors: {tape: {enabled: true}, storage: {enabled: false}}");
  assert.deepEqual(await diff(text(), on), {
    ...UNCHANGED,
    collectorsAdded: ["tape"],
    collectorsRemoved: ["storage"],
  });
});

Deno.test("diffConfig() tells collectors with other settings, and only those that are on", async () => {
  const jobs = (settings: string) =>
    text("", `collectors: {jobs: {${settings}}, perClient: {allowlist: [x]}}`);
  const settings = ["interval: 1m", "timeout: 1m", "maxSeries: 5", "maxStatusCodes: 7"];
  for (const change of settings) {
    assert.deepEqual(await diff(jobs(""), jobs(change)), {
      ...UNCHANGED,
      collectorsChanged: ["jobs"],
    }, change);
  }
  assert.deepEqual(await diff(text(), jobs("")), UNCHANGED, "perClient is off");
});

Deno.test("diffConfig() compares lists in the options of a collector", async () => {
  const list = (names: string) =>
    text("", `collectors: {perClient: {enabled: true, allowlist: [${names}]}}`);
  const changed = async (old: string, next: string) => (await diff(old, next)).collectorsChanged;
  assert.deepEqual(await changed(list("x"), list("x, y")), ["perClient"]);
  assert.deepEqual(await changed(list("x, y"), list("y, x")), ["perClient"]);
  assert.deepEqual(await changed(list("x, y"), list("x, y")), []);
});

Deno.test("diffConfig() takes the order of the keys in the options of a collector for nothing", async () => {
  const units = (keys: string) => text("", `collectors: {storage: {units: {${keys}}}}`);
  const [old, next] = [units("include: [a], exclude: [b]"), units("exclude: [b], include: [a]")];
  assert.deepEqual(await diff(old, next), UNCHANGED);
});
