import assert from "node:assert/strict";
import { type ConfigDiff, diffConfig } from "../../src/config/diff.ts";
import type { MemoryWorld } from "./memory_environment.ts";
import { loadText } from "./memory_environment.ts";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n";

const UNCHANGED: ConfigDiff = {
  sitesAdded: [],
  sitesRemoved: [],
  sitesChanged: [],
  sitesUnchanged: ["a"],
  listenChanged: false,
  pathChanged: false,
  loggingChanged: false,
  collectionChanged: false,
  tracingChanged: false,
  anythingChanged: false,
};

async function diff(
  old: string,
  next: string,
  oldWorld: MemoryWorld = {},
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

const SITE_CHANGES: readonly string[] = [
  ", port: 1",
  ", scheme: http",
  ", uri: /x",
  ", apiVersion: 14.0",
  ", insecureSkipVerify: true",
  ", timeout: 1s",
  ", maxConcurrentRequests: 1",
  ", retry: {maxAttempts: 1}",
  ", retry: {minWait: 1s}",
  ", proxy: 'http://p:1'",
];

Deno.test("diffConfig() marks a site changed by any of its settings, and nothing else", async () => {
  for (const change of SITE_CHANGES) {
    assert.deepEqual(
      await diff(text(), text(change)),
      { ...UNCHANGED, sitesChanged: ["a"], sitesUnchanged: [], anythingChanged: true },
      change,
    );
  }
});

Deno.test("diffConfig() sees another key or proxy password behind the secret", async () => {
  const changed = { ...UNCHANGED, sitesChanged: ["a"], sitesUnchanged: [], anythingChanged: true };
  assert.deepEqual(await diff(text(), text().replace("apiKey: k", "apiKey: other")), changed);
  const proxy = (password: string) => text(`, proxy: 'http://u:${password}@p:1'`);
  assert.deepEqual(await diff(proxy("one"), proxy("two")), changed);
});

Deno.test("diffConfig() sees new contents of a file under the same name", async () => {
  const site = "nbuservers: [{site: a, host: h, apiKeyFile: key, caFile: ca.pem}]\n";
  const world = (key: string, ca: string) => ({
    files: { "/etc/nbu/key": key, "/etc/nbu/ca.pem": ca },
  });
  const first = world("k", CERTIFICATE);
  assert.deepEqual((await diff(site, site, first, world("k2", CERTIFICATE))).sitesChanged, ["a"]);
  assert.deepEqual((await diff(site, site, first, world("k", `${CERTIFICATE}x`))).sitesChanged, [
    "a",
  ]);
  assert.deepEqual((await diff(site, site, first, world("k\n", CERTIFICATE))).sitesChanged, []);
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
    sitesChanged: ["b"],
    sitesUnchanged: ["d", "a"],
    anythingChanged: true,
  });
});

Deno.test("diffConfig() takes the order of the sites for nothing", async () => {
  const a = "{site: a, host: a, apiKey: k}";
  const b = "{site: b, host: b, apiKey: k}";
  const result = await diff(`nbuservers: [${a}, ${b}]`, `nbuservers: [${b}, ${a}]`);
  assert.equal(result.anythingChanged, false);
});

const TOP_CHANGES: readonly (readonly [string, keyof ConfigDiff])[] = [
  ["server: {host: 127.0.0.1}", "listenChanged"],
  ["server: {port: 9441}", "listenChanged"],
  ["server: {uri: /m}", "pathChanged"],
  ["server: {logName: x.log}", "loggingChanged"],
  ["logging: {level: debug}", "loggingChanged"],
  ["logging: {format: json}", "loggingChanged"],
  ["server: {scrapingInterval: 2h}", "collectionChanged"],
  ["server: {collectionInterval: 1m}", "collectionChanged"],
  ["server: {cacheTTL: 1m}", "collectionChanged"],
  ["collectors: {tape: {enabled: true}}", "collectionChanged"],
  ["collectors: {perClient: {allowlist: [x]}}", "collectionChanged"],
  ["opentelemetry: {samplingRate: 0.5}", "tracingChanged"],
];

Deno.test("diffConfig() flags what changed outside of the sites, and nothing else", async () => {
  for (const [change, flag] of TOP_CHANGES) {
    const expected = { ...UNCHANGED, [flag]: true, anythingChanged: true };
    assert.deepEqual(await diff(text(), text("", change)), expected, change);
    assert.deepEqual(await diff(text("", change), text()), expected, change);
  }
});

Deno.test("diffConfig() tells lists of different length apart", async () => {
  const list = (names: string) => text("", `collectors: {perClient: {allowlist: [${names}]}}`);
  assert.equal((await diff(list("x"), list("x, y"))).collectionChanged, true);
  assert.equal((await diff(list("x, y"), list("x, y"))).collectionChanged, false);
});
