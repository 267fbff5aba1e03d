import assert from "node:assert/strict";
import { ConfigError } from "../../../src/config/errors.ts";
import { systemEnvironment } from "../../../src/config/load.ts";
import { loadWebConfig } from "../../../src/server/web_config/load.ts";
import type { LoadedWebConfig } from "../../../src/server/web_config/types.ts";
import { memoryEnvironment } from "../../config/memory_environment.ts";
import { otherCertificates, pkiTest } from "./_pki.ts";

const HASH = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";
const FILE = "/etc/nbu/web.yml";

function load(text: string, files: Record<string, string> = {}): Promise<LoadedWebConfig> {
  return loadWebConfig(FILE, memoryEnvironment({ files: { ...files, [FILE]: text } }));
}

/** The problems of a file, as `line:column key: message`. */
async function problems(
  text: string,
  read: (text: string) => Promise<LoadedWebConfig> = load,
): Promise<string[]> {
  try {
    await read(text);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    assert.ok(!error.message.includes("geheim"), "a secret is shown");
    return error.issues.map(({ line, column, key, message }) =>
      `${line}:${column} ${key ?? ""}: ${message}`
    );
  }
  throw new Error("the file was accepted");
}

Deno.test("loadWebConfig() takes an empty file for one without settings", async () => {
  for (const text of ["", "# nothing\n", "tls_server_config:\n", "basic_auth_users: {}\n"]) {
    const { config } = await load(text);
    assert.equal(config.tls, undefined);
    assert.equal(config.users.size, 0);
    assert.equal(config.headers.size, 0);
    assert.equal(config.rateLimit, undefined);
  }
});

Deno.test("loadWebConfig() reads users, headers and rate limit of the toolkit's format", async () => {
  const { config, files } = await load(`
http_server_config:
  http2: false
  headers:
    Strict-Transport-Security: max-age=31536000
    X-Frame-Options: deny
    X-XSS-Protection: ""
basic_auth_users:
  alice: ${HASH}
  "bob: the builder": ${HASH}
rate_limit:
  interval: "250ms"
  burst: 20
`);
  assert.deepEqual([...config.headers], [
    ["X-Frame-Options", "deny"],
    ["Strict-Transport-Security", "max-age=31536000"],
  ]);
  assert.deepEqual([...config.users.keys()], ["alice", "bob: the builder"]);
  assert.equal(config.users.get("alice")?.reveal(), HASH);
  assert.deepEqual(config.rateLimit, { intervalMs: 250, burst: 20 });
  assert.deepEqual(files, [FILE]);
});

const TLS = "tls_server_config: {cert_file: a, key_file: b, ";

const REFUSED: readonly [text: string, problem: RegExp][] = [
  [
    "tls_server_confg: {}",
    /^1:1 tls_server_confg: unknown key; did you mean "tls_server_config"\?$/,
  ],
  [
    "http_server_config:\n  headers:\n    X-Frame-Option: deny",
    /^3:5 .*did you mean "X-Frame-Options"/,
  ],
  ["http_server_config: {headers: {X-Frame-Options: DENY}}", /found "DENY", expected deny or same/],
  ['http_server_config: {headers: {X-XSS-Protection: "a\\nSet-Cookie: b"}}', /printable ASCII/],
  [
    "basic_auth_users:\n  alice: geheim",
    /^2:10 .*alice: found \[redacted\], expected a bcrypt hash/,
  ],
  [`basic_auth_users: {a: ${HASH.replace("$10$", "$17$")}}`, /its cost is above 16/],
  [`basic_auth_users: {a: ${HASH.replace("$10$", "$03$")}}`, /its cost is below 4/],
  ["rate_limit: {interval: 1s}", /rate_limit\.burst: must be 1 or more|rate_limit.*must be 1/],
  ["rate_limit: {interval: soon, burst: 1}", /found "soon", expected a duration/],
  [`${TLS}min_version: TLS11}`, /found "TLS11", expected TLS12 or TLS13 \(Deno has no older/],
  [`${TLS}max_version: TLS10}`, /found "TLS10", expected TLS12 or TLS13/],
  [`${TLS}client_auth_type: Some}`, /found "Some", expected NoClientCert, RequestClientCert/],
  [`${TLS}cipher_suites: [TLS_AES_128_GCM_SHA256]}`, /cipher_suites: cannot be set: Deno ignores/],
  [`${TLS}curve_preferences: [X25519]}`, /curve_preferences: cannot be set: Deno ignores/],
  [`${TLS}prefer_server_cipher_suites: true}`, /prefer_server_cipher_suites: cannot be set/],
  [`${TLS}client_allowed_sans: [a.example]}`, /client_allowed_sans: cannot be set/],
  ["http_server_config: {http2: true}", /http2: cannot be true: .*HTTP\/1\.1 only/],
  ["tls_server_config: {min_version: TLS13}", /cert_file is missing; TLS needs a certificate/],
  ["tls_server_config: {cert_file: a}", /key_file is missing/],
  ["tls_server_config: {cert: x, cert_file: a, key_file: b}", /cert and cert_file are both set/],
  [`${TLS}min_version: TLS13, max_version: TLS12}`, /min_version: is above max_version/],
  [`${TLS}client_auth_type: RequireAndVerifyClientCert}`, /needs client_ca_file/],
  [`${TLS}client_ca_file: c}`, /client_ca_file: is of no use without client_auth_type/],
  [
    "tls_server_config: {cert_file: gone.pem, key_file: b}",
    /cert_file: cannot be read: there is no/,
  ],
  ["tls_server_config: {cert: geheim, key: geheim}", /cert: cannot be used: it is not PEM/],
  ["geheim", /found a single value, expected a mapping/],
  [
    `basic_auth_users: {"__proto__": "${HASH}"}`,
    /__proto__: cannot be used: .*name that is reserved/,
  ],
  [`basic_auth_users: {constructor: "${HASH}"}`, /constructor: cannot be used/],
  ["basic_auth_users: {alice: }", /alice: cannot be used: the user has no hash/],
  [`basic_auth_users: ["${HASH}"]`, /basic_auth_users: found a list, expected a mapping/],
  ["tls_server_config: []", /tls_server_config: found a list, expected a mapping/],
  ["- geheim", /found a list, expected a mapping/],
  ["a: [geheim", /^1:\d+ : not valid YAML/],
  ["{}\n---\n{}", /only one document/],
];

for (const [text, problem] of REFUSED) {
  Deno.test(`loadWebConfig() refuses ${JSON.stringify(text)}`, async () => {
    const found = await problems(text);
    assert.ok(found.some((line) => problem.test(line)), found.join("\n"));
  });
}

Deno.test("loadWebConfig() accepts the default written out where the toolkit has one", async () => {
  await load("http_server_config: {http2: false}\n");
  const lists = "cipher_suites: [], curve_preferences: [], client_allowed_sans: []";
  const found = await problems(`${TLS}${lists}}\n`);
  // Nothing but the files that do not exist in this test.
  assert.equal(found.filter((line) => !line.includes("cannot be read")).length, 0, `${found}`);
});

Deno.test("loadWebConfig() says which files it read or missed, for a watcher", async () => {
  const text = "tls_server_config: {cert_file: c.pem, key_file: /keys/k.pem}\n";
  await assert.rejects(load(text), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.deepEqual(error.files, [FILE, "/etc/nbu/c.pem", "/keys/k.pem"]);
    assert.equal(error.fingerprints.get("/etc/nbu/c.pem"), "absent");
    return true;
  });
});

Deno.test("loadWebConfig() refuses a file that is not there", async () => {
  const read = () => loadWebConfig("gone.yml", memoryEnvironment());
  const [found] = await problems("", read);
  assert.match(found ?? "", /cannot read the web configuration: there is no such file/);
});

Deno.test("loadWebConfig() ends at once when it is told to, whatever file it waits for", async () => {
  const text = "tls_server_config: {cert_file: c.pem, key_file: k.pem}\n";
  for (const slow of [FILE, "/etc/nbu/c.pem"]) {
    const stop = new AbortController();
    const { readTextFile, ...rest } = memoryEnvironment({ files: { [FILE]: text } });
    const loading = loadWebConfig(FILE, {
      ...rest,
      readTextFile: (path, signal) => {
        if (path !== slow) return readTextFile(path, signal);
        assert.equal(signal, stop.signal);
        stop.abort(new Error("stopping"));
        return Promise.reject(stop.signal.reason);
      },
    }, stop.signal);
    await assert.rejects(loading, /^Error: stopping$/, slow);
  }
});

pkiTest("loadWebConfig() reads certificates from files and inline", async (pki, directory) => {
  const file = `${directory}/web.yml`;
  const names = `
tls_server_config:
  cert_file: server.pem
  key_file: ${pki.serverKeyFile}
  client_ca_file: ca.pem
  client_auth_type: RequireAndVerifyClientCert
  min_version: TLS13
`;
  await Deno.writeTextFile(file, names);
  const { config, files } = await loadWebConfig(file, systemEnvironment());
  assert.deepEqual(files, [file, pki.serverCertFile, pki.serverKeyFile, pki.caFile]);
  assert.equal(config.tls?.clientAuth, "RequireAndVerifyClientCert");
  assert.equal(config.tls?.minVersion, "TLSv1.3");
  assert.equal(config.tls?.maxVersion, "TLSv1.3");

  const [cert, key] = [pki.serverCertFile, pki.serverKeyFile].map((f) => Deno.readTextFileSync(f));
  await Deno.writeTextFile(file, JSON.stringify({ tls_server_config: { cert, key } }));
  const inline = await loadWebConfig(file, systemEnvironment());
  assert.equal(inline.config.tls?.cert, config.tls?.cert);
  assert.equal(inline.config.tls?.key.reveal(), key);
  assert.ok(!JSON.stringify(inline.config).includes("PRIVATE"));
});

pkiTest(
  "loadWebConfig() refuses a key that is not that of the certificate",
  async (pki, directory) => {
    const other = await otherCertificates(directory);
    const file = `${directory}/web.yml`;
    const tls = { cert_file: pki.serverCertFile, key_file: other.serverKeyFile };
    await Deno.writeTextFile(file, JSON.stringify({ tls_server_config: tls }));
    const found = await problems("", () => loadWebConfig(file, systemEnvironment()));
    assert.match(found.join(), /key_file: is not the private key of the certificate/);
  },
);
