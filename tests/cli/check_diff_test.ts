import assert from "node:assert/strict";
import { effectiveConfig } from "../../src/config/comparison/effective.ts";
import { COLLECTOR_SECTIONS } from "../../src/collectors/sections.ts";
import { loadConfig } from "../../src/config/load.ts";
import { memoryEnvironment } from "../config/memory_environment.ts";
import { runCli } from "./_run.ts";

const SITES = `
nbuservers:
  - {site: a, host: a.example.com, apiKey: k}
  - {site: b, host: b.example.com, apiKey: k}
`;

/** What an exporter with this configuration shows at \`/config\`. */
async function running(text: string): Promise<string> {
  const environment = memoryEnvironment({ files: { "/work-dir/config.yaml": text } });
  return effectiveConfig((await loadConfig("config.yaml", environment, COLLECTOR_SECTIONS)).config);
}

/** Answers as an exporter with this configuration, and notes what it is asked. */
async function exporter(text: string) {
  const body = await running(text);
  const asked: { url: string; authorization: string | null }[] = [];
  const fetch = (url: string, init: RequestInit) => {
    asked.push({ url, authorization: new Headers(init.headers).get("authorization") });
    return Promise.resolve(new Response(body));
  };
  return { asked, fetch };
}

Deno.test("check --diff shows what a reload would change, site by site and key by key", async () => {
  const { fetch, asked } = await exporter(SITES);
  const config = `
server: {collectionInterval: 1m}
nbuservers:
  - {site: b, host: b2.example.com, apiKey: other, timeout: 7s}
  - {site: c, host: c.example.com, apiKey: k}
collectors: {tape: {enabled: true}}
`;
  const { code, out, err } = await runCli(["check", "--diff"], { config, fetch });
  assert.equal(code, 0, err);
  const changes = out.split("\n").filter((line) => line.startsWith("  ")).toSorted();
  assert.deepEqual(
    changes,
    [
      "  + nbuservers[c]: {…}",
      "  - nbuservers[a]: {…}",
      "  ~ collectors.tape.enabled: false -> true",
      "  ~ nbuservers[b].host: b.example.com -> b2.example.com",
      "  ~ nbuservers[b].timeout: 1m -> 7s",
      "  ~ server.collectionInterval: 5m -> 1m",
    ].toSorted(),
  );
  assert.match(out, /not compared: secrets/);
  assert.ok(!out.includes("other"), "no key is shown");
  assert.deepEqual(asked, [{ url: "http://127.0.0.1:9440/config", authorization: null }]);
});

Deno.test("check --diff says so when nothing would change, in whatever order the sites are", async () => {
  const { fetch } = await exporter(SITES);
  const config = `
nbuservers:
  - {site: b, host: b.example.com, apiKey: k}
  - {site: a, host: a.example.com, apiKey: k}
`;
  const { code, out } = await runCli(["check", "--diff"], { config, fetch });
  assert.equal(code, 0);
  assert.match(out, /^a reload of http:\/\/127\.0\.0\.1:9440 would change nothing/m);
});

Deno.test("check --diff counts the flags that the exporter runs with", async () => {
  const { fetch, asked } = await exporter(`server: {host: 127.0.0.1, port: 9999}${SITES}`);
  const args = ["--web.listen-address", "127.0.0.1:9999", "check", "--diff"];
  const { out } = await runCli(args, { config: SITES, fetch });
  assert.match(out, /would change nothing/);
  assert.equal(asked[0]?.url, "http://127.0.0.1:9999/config");
});

Deno.test("check --diff sends the password of the URL, and shows it nowhere", async () => {
  const { fetch, asked } = await exporter(SITES);
  const args = ["check", "--diff=https://me:s%20cret@exporter.example.com/nbu/"];
  const { code, out, err } = await runCli(args, { config: SITES, fetch });
  assert.equal(code, 0, err);
  assert.deepEqual(asked, [{
    url: "https://exporter.example.com/nbu/config",
    authorization: `Basic ${btoa("me:s cret")}`,
  }]);
  assert.ok(!/s%20cret|s cret/.test(out + err));
});

Deno.test("check --diff ends with 1 when no exporter tells its configuration", async () => {
  for (
    const [response, message] of [
      [() => Promise.reject(new Error("connection refused")), /connection refused/],
      [() => Promise.resolve(new Response("no", { status: 401 })), /HTTP status 401/],
      [
        () => Promise.resolve(new Response("<html>")),
        /is not the configuration of an nbu_exporter/,
      ],
      [() => Promise.resolve(new Response("nbuservers: 1")), /is not the configuration/],
    ] as const
  ) {
    const { code, out, err } = await runCli(["check", "--diff"], {
      config: SITES,
      fetch: response,
      terminal: true,
    });
    assert.equal(code, 1);
    assert.match(out, /the configuration is valid/);
    assert.match(err, message);
  }
});

Deno.test("check --diff does not ask anybody when the file is bad", async () => {
  const { fetch, asked } = await exporter(SITES);
  assert.equal((await runCli(["check", "--diff"], { config: "server: [", fetch })).code, 1);
  assert.equal(asked.length, 0);
});
