import assert from "node:assert/strict";
import { COLLECTOR_SECTIONS } from "../../src/collectors/sections.ts";
import { loadConfig } from "../../src/config/load.ts";
import { Secret } from "../../src/base/secret.ts";
import { otlpHeaders } from "../../src/telemetry/tracing/headers.ts";
import { collectorConfig } from "../testing/site_config.ts";
import { loadText, memoryEnvironment, siteText } from "./memory_environment.ts";
import { CA } from "./pem.ts";

/** Written as the Go exporter's users write theirs: quoted numbers, keys of old releases. */
const GO_SINGLE = `---
server:
    host: "localhost"
    port: "2112"
    uri: "/metrics"
    scrapingInterval: "1h"
    logName: "log/nbu-exporter.log"
nbuserver:
    scheme: "https"
    uri: "/netbackup"
    domain: "my.domain"
    domainType: "NT"
    host: "master.my.domain"
    port: "1556"
    apiVersion: "13.0"
    apiKey: "a-key"
    contentType: "application/vnd.netbackup+json; version=\${NOT_SET_AND_NOT_ASKED_FOR}"
    insecureSkipVerify: false
opentelemetry:
    enabled: false
    endpoint: "http://no-endpoint"
    insecure: true
    samplingRate: 7
`;

const GO_LIST = `
server: {host: 0.0.0.0, port: 9440, uri: /metrics, scrapingInterval: 1h30m, collectionInterval: 1.5h,
  cacheTTL: 0, logName: "-"}
nbuservers:
- site: paris
  host: \${HOST}
  port: 1556
  scheme: https
  uri: ""
  apiKey: \${KEY}
  apiVersion: 14.0
  insecureSkipVerify: "\${INSECURE}"
- site: lyon
  host: 10.0.0.1
  port: 1557
  scheme: http
  uri: /api/netbackup/
  apiKey: 010
  insecureSkipVerify: no
collectors:
  alerts: {enabled: yes}
  tape: {enabled: on}
  perClient: {enabled: true, allowlist: [db01, "\${HOST}", 0042]}
opentelemetry: {enabled: true, endpoint: "localhost:4317", samplingRate: 0.1}
`;

Deno.test("loadConfig() loads a single-primary file of the Go exporter unedited", async () => {
  const { config, warnings } = await loadText(GO_SINGLE, { directories: ["/etc/nbu/log"] });
  assert.deepEqual(config.server, {
    host: "localhost",
    port: 2112,
    uri: "/metrics",
    scrapingIntervalMs: 3_600_000,
    collectionIntervalMs: 300_000,
    cacheTtlMs: 300_000,
    logFile: "/etc/nbu/log/nbu-exporter.log",
  });
  assert.equal(config.sites.length, 1);
  const [site] = config.sites;
  assert.equal(site?.site, "master.my.domain");
  assert.equal(site?.baseUrl, "https://master.my.domain:1556/netbackup");
  assert.equal(site?.apiVersion, "13.0");
  assert.equal(site?.apiKey.reveal(), "a-key");
  assert.deepEqual(warnings.map(({ kind, key, line }) => [kind, key, line]), [
    ["ignored-key", "nbuserver.domain", 11],
    ["ignored-key", "nbuserver.domainType", 12],
    ["ignored-key", "nbuserver.contentType", 17],
  ]);
});

Deno.test("loadConfig() loads a list of primaries of the Go exporter unedited", async () => {
  const variables = { HOST: "nbu-paris", KEY: "k:y #1", INSECURE: "true" };
  const { config, warnings } = await loadText(GO_LIST, { variables });
  const [paris, lyon] = config.sites;
  assert.equal(config.server.scrapingIntervalMs, 5_400_000);
  assert.equal(config.server.collectionIntervalMs, 5_400_000);
  assert.equal(config.server.cacheTtlMs, 0);
  assert.equal(config.server.logFile, undefined);
  assert.equal(paris?.host, "nbu-paris");
  assert.equal(paris?.apiVersion, "14.0");
  assert.equal(paris?.baseUrl, "https://nbu-paris:1556/netbackup");
  assert.equal(paris?.insecureSkipVerify, true);
  assert.equal(paris?.apiKey.reveal(), "k:y #1");
  assert.equal(lyon?.baseUrl, "http://10.0.0.1:1557/api/netbackup");
  assert.equal(lyon?.uri, "/api/netbackup");
  assert.equal(lyon?.apiKey.reveal(), "010");
  assert.equal(lyon?.apiVersion, undefined);
  assert.equal(lyon?.insecureSkipVerify, false);
  assert.equal(config.collectors["alerts"]?.enabled, true);
  assert.equal(config.collectors["tape"]?.enabled, true);
  assert.deepEqual(
    { ...config.collectors["perClient"]?.options },
    { allowlist: ["db01", "nbu-paris", "0042"] },
  );
  assert.deepEqual(config.opentelemetry, {
    enabled: true,
    endpoint: "localhost:4317",
    protocol: "grpc",
    insecure: false,
    samplingRate: 0.1,
    headers: undefined,
    caFile: undefined,
    ca: undefined,
  });
  assert.deepEqual(warnings.map(({ kind, key }) => [kind, key]), [
    ["insecure", "nbuservers[0].insecureSkipVerify"],
    ["insecure", "nbuservers[1].scheme"],
  ]);
});

Deno.test("loadConfig() fills in every default", async () => {
  const { config, warnings, files } = await loadText(siteText());
  assert.deepEqual(warnings, []);
  assert.deepEqual(files, ["/etc/nbu/config.yaml"]);
  assert.deepEqual({ ...config, sites: [] }, {
    server: {
      host: "0.0.0.0",
      port: 9440,
      uri: "/metrics",
      scrapingIntervalMs: 3_600_000,
      collectionIntervalMs: 300_000,
      cacheTtlMs: 300_000,
      logFile: undefined,
    },
    sites: [],
    opentelemetry: {
      enabled: false,
      endpoint: undefined,
      protocol: "grpc",
      insecure: false,
      samplingRate: 1,
      headers: undefined,
      caFile: undefined,
      ca: undefined,
    },
    state: { directory: undefined },
    collectors: Object.fromEntries(COLLECTOR_SECTIONS.map(({ name, enabledByDefault }) => [
      name,
      collectorConfig({ enabled: enabledByDefault }),
    ])),
    logging: { level: "info", format: "text" },
  });
  const [site] = config.sites;
  assert.ok(site);
  assert.ok(site.apiKey instanceof Secret);
  assert.deepEqual({ ...site, apiKey: site.apiKey.reveal() }, {
    site: "paris",
    host: "nbu.example.com",
    port: 1556,
    scheme: "https",
    uri: "/netbackup",
    baseUrl: "https://nbu.example.com:1556/netbackup",
    apiKey: "k-1",
    apiKeyFile: undefined,
    apiVersion: undefined,
    insecureSkipVerify: false,
    caFile: undefined,
    ca: undefined,
    clientCertificate: undefined,
    proxy: undefined,
    timeoutMs: 60_000,
    maxConcurrentRequests: 4,
    retry: { maxAttempts: 4, minWaitMs: 5000, maxWaitMs: 60_000 },
  });
});

Deno.test("loadConfig() takes a key without a value for a key that is not there", async () => {
  const { config, warnings } = await loadText(siteText(
    ["port:", "proxy: ~", "retry:", "apiVersion: null", "domain:"],
    ["server:", "logging: {level: , format: json}", "collectors:", "nbuserver:"],
  ));
  assert.equal(config.server.port, 9440);
  assert.equal(config.logging.level, "info");
  assert.equal(config.logging.format, "json");
  assert.equal(config.sites[0]?.port, 1556);
  assert.equal(config.sites[0]?.retry.maxAttempts, 4);
  assert.deepEqual(warnings.map(({ key }) => key), ["nbuservers[0].domain"]);
});

Deno.test("loadConfig() takes an empty text for no file, proxy or version", async () => {
  const lines = [
    'caFile: ""',
    'apiKeyFile: ""',
    'proxy: ""',
    'clientCertFile: ""',
    'apiVersion: ""',
  ];
  const [site] = (await loadText(siteText([...lines, "apiKey: k"]))).config.sites;
  assert.equal(site?.ca, undefined);
  assert.equal(site?.proxy, undefined);
  assert.equal(site?.clientCertificate, undefined);
  assert.equal(site?.apiKey.reveal(), "k");
});

Deno.test("loadConfig() reads all site settings", async () => {
  const { config } = await loadText(siteText([
    "timeout: 90s",
    "maxConcurrentRequests: 8",
    "retry: {maxAttempts: 1, minWait: 1s, maxWait: 1s}",
    "proxy: socks5://user:pass@proxy:1080",
    "scheme: HTTP",
    "uri: /",
  ]));
  const [site] = config.sites;
  assert.equal(site?.timeoutMs, 90_000);
  assert.equal(site?.maxConcurrentRequests, 8);
  assert.deepEqual(site?.retry, { maxAttempts: 1, minWaitMs: 1000, maxWaitMs: 1000 });
  assert.equal(site?.proxy?.reveal(), "socks5://user:pass@proxy:1080");
  assert.equal(site?.baseUrl, "http://nbu.example.com:1556");
  assert.equal(site?.uri, "");
});

Deno.test("loadConfig() brackets IPv6 addresses in the URL only", async () => {
  for (const host of ['"2001:db8::1"', '"[2001:db8::1]"']) {
    const { config } = await loadText(siteText([`host: ${host}`], ['server: {host: "[::]"}']));
    assert.equal(config.sites[0]?.baseUrl, "https://[2001:db8::1]:1556/netbackup");
    assert.equal(config.sites[0]?.host, "2001:db8::1");
    assert.equal(config.server.host, "::");
  }
});

Deno.test("loadConfig() takes an empty server.host for all interfaces", async () => {
  const { config } = await loadText(siteText([], ['server: {host: ""}']));
  assert.equal(config.server.host, "0.0.0.0");
});

Deno.test("loadConfig() collects the list when both blocks are there, and says so", async () => {
  const { config, warnings } = await loadText(
    siteText([], ["nbuserver: {host: old, apiKey: k, insecureSkipVerify: true}"]),
  );
  assert.deepEqual(config.sites.map(({ site }) => site), ["paris"]);
  assert.deepEqual(warnings.map(({ kind, key }) => [kind, key]), [["ignored-key", "nbuserver"]]);
});

Deno.test("loadConfig() collects the single block beside an empty list", async () => {
  const { config } = await loadText("nbuservers: []\nnbuserver: {host: old, apiKey: k}\n");
  assert.deepEqual(config.sites.map(({ site }) => site), ["old"]);
});

Deno.test("loadConfig() takes every way to write a boolean", async () => {
  for (const word of ["true", "True", "yes", "on", "y", "1", '"true"', '"1"', "' YES '"]) {
    const { config } = await loadText(siteText([`insecureSkipVerify: ${word}`]));
    assert.equal(config.sites[0]?.insecureSkipVerify, true, word);
  }
  for (const word of ["false", "no", "off", "N", "0", '"0"']) {
    const { config } = await loadText(siteText([`insecureSkipVerify: ${word}`]));
    assert.equal(config.sites[0]?.insecureSkipVerify, false, word);
  }
});

Deno.test("loadConfig() gives what nobody can change", async () => {
  const { config, warnings, files } = await loadText(siteText(["domain: x"]));
  assert.throws(() => Object.assign(config.server, { port: 1 }), TypeError);
  assert.throws(() => Object.assign(config.sites, { 0: undefined }), TypeError);
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    assert.ok(Object.isFrozen(value));
    Object.values(value).forEach(walk);
  };
  [config, warnings, files].forEach(walk);
});

Deno.test("loadConfig() is not changed by what an earlier load gave", async () => {
  const first = await loadText(siteText());
  const second = await loadText(siteText());
  assert.notEqual(first.config, second.config);
  assert.deepEqual(first.config.server, second.config.server);
});

Deno.test("loadConfig() finds a relative configuration file from the working directory", async () => {
  const files = {
    "/work-dir/conf/nbu.yaml": siteText(["apiKeyFile: key"]),
    "/work-dir/conf/key": "k",
  };
  const loaded = await loadConfig(
    "conf/nbu.yaml",
    memoryEnvironment({ files }),
    COLLECTOR_SECTIONS,
  );
  assert.deepEqual(loaded.files, ["/work-dir/conf/nbu.yaml", "/work-dir/conf/key"]);
  assert.equal(loaded.config.sites[0]?.apiKeyFile, "/work-dir/conf/key");
});

Deno.test("loadConfig() reads a .env file and lists it among the files that count", async () => {
  const files = { "/etc/nbu/.env": "KEY=from-dotenv\n" };
  const loaded = await loadText(siteText(["apiKey: ${KEY}"]), { files });
  assert.equal(loaded.config.sites[0]?.apiKey.reveal(), "from-dotenv");
  assert.deepEqual(loaded.files, ["/etc/nbu/config.yaml", "/etc/nbu/.env"]);
  assert.deepEqual([...loaded.fingerprints.keys()], [...loaded.files]);
});

Deno.test("loadConfig() puts variables in after YAML, so a value cannot bring in keys", async () => {
  const variables = { NAME: 'x"\n    insecureSkipVerify: true # *a &b', KEY: "a: b, [c] {d} # e" };
  const { config } = await loadText(siteText(["apiKey: ${KEY}"]).replace("paris", "${NAME}"), {
    variables,
  });
  assert.equal(config.sites[0]?.site, variables.NAME);
  assert.equal(config.sites[0]?.apiKey.reveal(), variables.KEY);
  assert.equal(config.sites[0]?.insecureSkipVerify, false);
});

Deno.test("loadConfig() follows anchors and merge keys", async () => {
  const { config } = await loadText(`
nbuservers:
- &base {site: a, host: a.example.com, apiKey: k, timeout: 10s, retry: {maxAttempts: 2}}
- {<<: *base, site: b, host: b.example.com}
`);
  const [a, b] = config.sites;
  assert.equal(b?.baseUrl, "https://b.example.com:1556/netbackup");
  assert.equal(b?.timeoutMs, a?.timeoutMs);
  assert.equal(b?.retry.maxAttempts, 2);
});

Deno.test("loadConfig() reads protocol, headers and CA of the receiver of traces", async () => {
  const ca = "/etc/nbu/receiver.pem";
  const { config, files } = await loadText(
    siteText([], [
      "opentelemetry:",
      "  enabled: true",
      "  endpoint: collector:4318",
      "  protocol: HTTP/protobuf",
      '  headers: "Authorization=Bearer%20${OTLP_TOKEN}, x-tenant = a"',
      "  caFile: receiver.pem",
    ]),
    { files: { [ca]: CA }, variables: { OTLP_TOKEN: "s3cret" } },
  );
  const { protocol, headers, caFile } = config.opentelemetry;
  assert.equal(protocol, "http/protobuf");
  assert.deepEqual(otlpHeaders(headers).map(([name, value]) => [name, value.reveal()]), [
    ["authorization", "Bearer s3cret"],
    ["x-tenant", "a"],
  ]);
  assert.equal(caFile, ca);
  assert.equal(config.opentelemetry.ca, CA);
  assert.ok(files.includes(ca));
  assert.ok(!JSON.stringify(config).includes("s3cret"));
});
