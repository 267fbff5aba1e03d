import assert from "node:assert/strict";
import { untestedApiVersion } from "../../../src/config/schema/advice.ts";
import { SUPPORTED_VERSIONS } from "../../../src/netbackup/version.ts";
import { COLLECTOR_SECTIONS } from "../../../src/collectors/sections.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { loadText, memoryEnvironment, type MemoryWorld, siteText } from "../memory_environment.ts";

async function warningsOf(text: string, world: MemoryWorld = {}): Promise<string[]> {
  const { warnings } = await loadText(text, world);
  return warnings.map(({ kind, line, message }) => `${line} ${kind}: ${message}`);
}

/** Lines of a site, and the one warning about them; undefined = none. */
const SITES: readonly (readonly [string, RegExp | undefined])[] = [
  ["port: 09443", /^3 doubtful: nbuservers\[0\]\.port begins with 0 and is read as decimal/],
  ["port: 1", /^3 doubtful: nbuservers\[0\]\.port belongs to another service/],
  ["port: 443", undefined],
  ['insecureSkipVerify: ""', /insecureSkipVerify is empty, so false is used/],
  ["insecureSkipVerify: f", undefined],
  ["apiVersion: 3.0", /apiVersion is not tested with this exporter \(tested: 14\.0, /],
  ["apiVersion: 9.0", /not tested/],
  ["apiVersion: 15.0", /not tested/],
  ["apiVersion: 10.0", undefined],
  ['apiVersion: ""', undefined],
  ["apiKey: '${E'", /^3 doubtful: nbuservers\[0\]\.apiKey looks like a variable/],
  ["apiKey: $E", /looks like a variable/],
  ["apiKey: Bearer abc", /begins with an authorization scheme/],
  ["apiKey: changeme", /looks like a placeholder/],
  ["apiKey: <your key>", /looks like a placeholder/],
  [`apiKey: ${"k".repeat(5000)}`, /is longer than any NetBackup API key/],
  ["apiKey: A1uMjmj93mrpsW9q", undefined],
  [
    "scheme: http",
    /^3 insecure: site "paris" is polled over plain HTTP, so its API key is sent/,
  ],
  ["host: 127.0.0.1\n    scheme: http", undefined],
  ["host: localhost\n    scheme: http", undefined],
];

Deno.test("loadConfig() warns of values of a site that are probably not meant", async () => {
  for (const [line, message] of SITES) {
    const found = await warningsOf(siteText(line.split("\n    ")));
    assert.equal(found.length, message === undefined ? 0 : 1, `${line}: ${found.join("; ")}`);
    if (message) assert.match(found[0] ?? "", message, line);
  }
});

const SERVERS: readonly (readonly [string, RegExp | undefined])[] = [
  ['server: {collectionInterval: ""}', /^1 doubtful: server\.collectionInterval is empty, so 5m/],
  ['server: {cacheTTL: ""}', /server\.cacheTTL is empty, so 5m is used/],
  ["server: {collectionInterval: 1s}", /collectionInterval is below 10s, which puts load on the/],
  ["server: {collectionInterval: 9999ms}", /below 10s/],
  ["server: {collectionInterval: 10s}", undefined],
  ["collectors: {jobs: {interval: 5s}}", /collectors\.jobs\.interval is below 10s/],
  ["server: {cacheTTL: 0}", undefined],
  ["server: {port: 09440}", /server\.port begins with 0/],
];

Deno.test("loadConfig() warns of values elsewhere that are probably not meant", async () => {
  for (const [line, message] of SERVERS) {
    const found = await warningsOf(siteText([], [line]));
    assert.equal(found.length, message === undefined ? 0 : 1, `${line}: ${found.join("; ")}`);
    if (message) assert.match(found[0] ?? "", message, line);
  }
});

Deno.test("loadConfig() starts with what the Go exporter starts with", async () => {
  const { config } = await loadText(
    siteText(["port: 01556", 'insecureSkipVerify: "${EMPTY}"'], [
      'server: {port: 09440, collectionInterval: "", cacheTTL: "${EMPTY}"}',
    ]),
    { variables: { EMPTY: "" } },
  );
  assert.equal(config.server.port, 9440);
  assert.equal(config.server.collectionIntervalMs, 300_000);
  assert.equal(config.server.cacheTtlMs, 300_000);
  assert.equal(config.sites[0]?.port, 1556);
  assert.equal(config.sites[0]?.insecureSkipVerify, false);
  for (const [word, value] of [["t", true], ["T", true], ["f", false], ["F", false]] as const) {
    const site = (await loadText(siteText([`insecureSkipVerify: ${word}`]))).config.sites[0];
    assert.equal(site?.insecureSkipVerify, value, word);
  }
});

Deno.test("loadConfig() reads the first of two documents and warns of the second", async () => {
  const { config, warnings } = await loadText(`${siteText()}---\nnbuservers: nonsense\n`);
  assert.deepEqual(config.sites.map(({ site }) => site), ["paris"]);
  assert.deepEqual(warnings.map(({ kind, line, message }) => [kind, line, message]), [
    ["ignored-key", 5, "only the first document of the file is read"],
  ]);
});

Deno.test("loadConfig() warns of a suspicious key in a file, without its text", async () => {
  const files = { "/etc/nbu/key": "Bearer s3cret\n" };
  const found = await warningsOf(siteText(["apiKeyFile: key"]), { files });
  assert.deepEqual(found, [
    "3 doubtful: the key in nbuservers[0].apiKeyFile begins with an authorization scheme; " +
    "NetBackup expects the key alone",
  ]);
});

Deno.test("loadConfig() warns of sites whose names look the same", async () => {
  const sites = ["a", "'a '", "b", "'b\\tc'", '"d\\u0000"']
    .map((site) => `- {site: ${site}, host: h, apiKey: k}`);
  const { warnings } = await loadText(`nbuservers:\n${sites.join("\n")}\n`);
  assert.deepEqual(warnings.map(({ line, key }) => [line, key]), [
    [3, "nbuservers[1].site"],
    [6, "nbuservers[4].site"],
  ]);
  assert.match(
    warnings[0]?.message ?? "",
    /differs from another site's name in spaces or capitals only/,
  );
  assert.match(warnings[1]?.message ?? "", /"d\\u0000" has leading or trailing spaces/);
});

Deno.test("loadConfig() warns that insecureSkipVerify goes around the environment's proxy", async () => {
  const variables = { HTTPS_PROXY: "http://u:s3cret@proxy" };
  const found = await warningsOf(siteText(["insecureSkipVerify: true"]), { variables });
  assert.equal(found.length, 2);
  assert.match(found.join(), /do not use the proxy of HTTPS_PROXY/);
  assert.ok(!found.join().includes("s3cret"));
});

Deno.test("loadConfig() does without the proxy variables where Deno may not read them", async () => {
  const files = { "/etc/nbu/config.yaml": siteText(["insecureSkipVerify: true"]) };
  const environment = {
    ...memoryEnvironment({ files }),
    get: (name: string) => {
      throw new Deno.errors.NotCapable(name);
    },
  };
  const { warnings } = await loadConfig("/etc/nbu/config.yaml", environment, COLLECTOR_SECTIONS);
  assert.deepEqual(warnings.map(({ kind }) => kind), ["insecure"]);
});

Deno.test("the versions that pass without a warning are those the client supports", () => {
  for (const version of SUPPORTED_VERSIONS) assert.equal(untestedApiVersion(version), undefined);
  const tested = `(tested: ${SUPPORTED_VERSIONS.join(", ")})`;
  assert.ok(untestedApiVersion("9.0")?.message.includes(tested));
});

Deno.test("loadConfig() warns of collectors that count jobs while nobody reads any", async () => {
  const on = "perClient: {enabled: true, allowlist: [db01]}";
  const off = await warningsOf(siteText([], [`collectors: {jobs: {enabled: false}, ${on}}`]));
  assert.equal(off.length, 1);
  assert.match(
    off[0] ?? "",
    /^\d+ doubtful: collector "perClient" is on but counts finished jobs, and the collector "jobs"/,
  );
  assert.deepEqual(await warningsOf(siteText([], [`collectors: {${on}}`])), []);
  assert.deepEqual(await warningsOf(siteText([], ["collectors: {jobs: {enabled: false}}"])), []);
});
