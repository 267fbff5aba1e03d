import assert from "node:assert/strict";
import { effectiveConfig } from "../../../src/config/comparison/effective.ts";
import { loadText, type MemoryWorld } from "../memory_environment.ts";
import { CA, CLIENT_CERTIFICATE, CLIENT_KEY } from "../pem.ts";

const FILES = {
  "/etc/nbu/ca.pem": CA,
  "/etc/nbu/client.pem": CLIENT_CERTIFICATE,
  "/etc/nbu/client-key.pem": CLIENT_KEY,
  "/etc/nbu/key": "file-secret-1",
};

const FULL = `
server: {host: 127.0.0.1, port: 9999, uri: /m, scrapingInterval: 90m, collectionInterval: 1m30s, cacheTTL: 0s, logName: /var/log/nbu.log}
nbuservers:
  - {site: "a: #1", host: nbu1.example.com, apiKey: plain-secret-2, uri: /, caFile: ca.pem, timeout: 7s,
     clientCertFile: client.pem, clientKeyFile: client-key.pem, retry: {maxAttempts: 2, minWait: 250ms, maxWait: 3s}}
  - {site: b, host: "::1", apiKeyFile: key, apiVersion: 14.0, proxy: "http://user:proxy-secret-3@proxy:3128"}
logging: {level: debug, format: json}
state: {directory: /var/lib/nbu}
collectors:
  jobs: {interval: 2m, timeout: 9m, maxSeries: 77, maxStatusCodes: 33}
  storage: {enabled: false}
opentelemetry: {enabled: true, endpoint: "otel:4317", insecure: true, samplingRate: 0.25}
`;

const WORLD: MemoryWorld = { files: FILES, directories: ["/var/log", "/var/lib/nbu"] };

async function effective(text: string): Promise<string> {
  return effectiveConfig((await loadText(text, WORLD)).config);
}

Deno.test("effectiveConfig() has what the file has, and the defaults", async () => {
  const text = await effective(FULL);
  for (
    const line of [
      "port: 9999",
      "uri: /m",
      "scrapingInterval: 1h30m",
      "collectionInterval: 1m30s",
      "cacheTTL: 0s",
      "logName: /var/log/nbu.log",
      'site: "a: #1"',
      "caFile: /etc/nbu/ca.pem",
      "clientKeyFile: /etc/nbu/client-key.pem",
      "minWait: 250ms",
      "maxConcurrentRequests: 4",
      "apiKeyFile: /etc/nbu/key",
      'maxStatusCodes: "33"',
      "interval: 2m",
      "samplingRate: 0.25",
      "directory: /var/lib/nbu",
    ]
  ) {
    assert.ok(
      text.split("\n").some((each) => each.replace(/^[ -]*/, "") === line),
      `${line}\n${text}`,
    );
  }
  assert.match(await effective("nbuserver: {host: h, apiKey: k}"), /logName: stdout\n/);
});

Deno.test("effectiveConfig() holds no secret and no content of files", async () => {
  const text = await effective(FULL);
  assert.doesNotMatch(text, /secret|BEGIN|MII|MIG/);
  assert.match(text, /apiKey: "\[redacted\]"/);
  assert.match(text, /proxy: "\[redacted\]"/);
  assert.equal(text.match(/redacted/g)?.length, 2, "a key from a file is shown as its file");
});

Deno.test("effectiveConfig() is a configuration: loaded, it gives itself, and no warning of a key", async () => {
  const text = await effective(FULL);
  const usable = text.replace('proxy: "[redacted]"', "proxy: http://p:1");
  const { config, warnings } = await loadText(usable, WORLD);
  assert.equal(effectiveConfig(config), text);
  assert.deepEqual(warnings.filter(({ kind }) => kind.endsWith("-key")), []);
});
