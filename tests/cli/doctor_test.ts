import assert from "node:assert/strict";
import type { SiteFindings } from "../../src/cli/doctor/finding.ts";
import { COLLECTORS } from "../../src/collectors/registry.ts";
import { makeCertificates } from "../testing/certificates.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { freePort } from "../e2e/harness.ts";
import { configText, KEY, withPrimary } from "./_primaries.ts";
import { type CliWorld, runCli } from "./_run.ts";

/** Names of the collectors that `configText()` has on. */
const ENABLED = COLLECTORS
  .filter(({ name, enabledByDefault }) => enabledByDefault || ["alerts", "tape"].includes(name))
  .map(({ name }) => name);

/** What `doctor --json` says about the only site, as `status: detail` and fix by check. */
async function diagnose(entry: unknown, world: CliWorld = {}) {
  const { code, out, err } = await runCli(["doctor", "--json"], {
    config: configText(entry),
    ...world,
  });
  const { healthy, sites }: { healthy: boolean; sites: SiteFindings[] } = JSON.parse(out);
  assert.equal(sites.length, 1);
  assert.equal(healthy, code === 0);
  const findings = sites[0]?.findings ?? [];
  const all = (check: string) => findings.filter((finding) => finding.check === check);
  return {
    code,
    err,
    checks: findings.map(({ check }) => check),
    all,
    one(check: string) {
      const [found, ...others] = all(check);
      assert.ok(found && others.length === 0, `one finding of ${check}`);
      return found;
    },
  };
}

Deno.test("doctor passes a healthy primary: every check and every endpoint that can be asked", async () => {
  await withPrimary(async ({ simulator, entry }) => {
    const { code, err, all, one, checks } = await diagnose(entry);
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    assert.deepEqual([...new Set(checks)], [
      ...["name", "connection", "api", "clock", "key"],
      ...ENABLED,
    ]);
    assert.equal(one("connection").status, "ok");
    assert.equal(one("api").detail, "version 14.0");
    assert.match(one("storage").detail, /^GET \/storage\/storage-units: 12 rows$/);
    assert.ok((one("storage").milliseconds ?? -1) >= 0);
    assert.equal(all("tape").length, 5);
    const [asked] = simulator.requests.to("/storage/drives");
    assert.equal(asked?.query["page[limit]"], "1");
    assert.equal(simulator.requests.to("/storage/drives").length, 1);
  });
});

for (const apiVersion of ["14.0", "13.0", "12.0", "10.0"] as const) {
  Deno.test(`doctor gets a response from each endpoint of every collector (API ${apiVersion})`, async () => {
    await withPrimary(async ({ entry }) => {
      const collectors = Object.fromEntries(
        COLLECTORS.map(({ name }) => [name, { enabled: true }]),
      );
      const config = JSON.stringify({ nbuservers: [entry], collectors });
      const { code, out } = await runCli(["doctor"], { config });
      assert.equal(code, 0, out);
      assert.doesNotMatch(out, /FAIL/);
      for (const { name } of COLLECTORS) assert.match(out, new RegExp(` ${name} `), name);
    }, { apiVersion });
  });
}

Deno.test("doctor tells when the key expires, and warns a month before", async () => {
  const now = Date.now();
  const clock = {
    now: () => now,
    monotonic: () => performance.now(),
    sleep: () => Promise.resolve(),
    after: () => () => {},
  };
  await withPrimary(async ({ entry }) => {
    const key = (await diagnose(entry)).one("key");
    assert.equal(key.status, "warning");
    assert.match(key.detail, /^accepted, expires in (29|30) days \(\d{4}-\d\d-\d\d\)$/);
    assert.match(key.fix ?? "", /new API key/);
  }, { clock });
});

Deno.test("doctor reports a refused key without showing it, and asks for no list with it", async () => {
  await withPrimary(async ({ simulator, entry }) => {
    const { code, one, checks } = await diagnose({ ...entry, apiKey: "another-key" });
    assert.equal(code, 1);
    assert.equal(one("key").status, "failed");
    assert.match(one("key").fix ?? "", /Create a new key/);
    assert.equal(one("collectors").status, "skipped");
    assert.ok(!checks.includes("jobs"));
    assert.equal(simulator.requests.count("/storage/drives"), 0);
    const { out, err } = await runCli(["doctor", "--debug", "--trace"], {
      config: configText({ ...entry, apiKey: "another-key" }),
    });
    assert.ok(!(out + err).includes("another-key"));
  });
});

Deno.test("doctor names the permission that a collector lacks, and goes on with the others", async () => {
  await withPrimary(async ({ entry }) => {
    const { code, one, all } = await diagnose(entry);
    assert.equal(code, 1);
    const storage = one("storage");
    assert.equal(storage.status, "failed");
    assert.match(storage.fix ?? "", /"\|STORAGE\|STORAGE-UNITS\|" with VIEW/);
    assert.equal(all("tape")[0]?.status, "ok");
  }, { denied: ["|STORAGE|STORAGE-UNITS|"] });
});

Deno.test("doctor warns of an empty list, which can mean a missing permission", async () => {
  await withPrimary(async ({ simulator, entry }) => {
    simulator.setStorageUnits([]);
    const { code, one } = await diagnose(entry);
    assert.equal(code, 0);
    assert.equal(one("storage").status, "warning");
    assert.match(one("storage").fix ?? "", /STORAGE-UNITS/);
  });
});

Deno.test("doctor skips what the release lacks", async () => {
  await withPrimary(async ({ entry, simulator }) => {
    const { code, all } = await diagnose(entry);
    assert.equal(code, 0);
    const media = all("tape").find(({ detail }) => detail.includes("tape-media"));
    assert.equal(media?.status, "skipped");
    assert.match(media?.detail ?? "", /needs API version 11\.0/);
    assert.equal(simulator.requests.count("/storage/tape-media"), 0);
  }, { apiVersion: "10.0" });
});

Deno.test("doctor warns when another API version is configured than the primary offers", async () => {
  await withPrimary(async ({ entry }) => {
    const api = (await diagnose({ ...entry, apiVersion: "12.0" })).one("api");
    assert.equal(api.status, "warning");
    assert.match(api.detail, /12\.0 is configured, and the primary offers 14\.0/);
  });
});

Deno.test("doctor stops at the first step that fails: name, then connection", async () => {
  const entry = { site: "a", apiKey: KEY, scheme: "http", port: freePort() };
  const name = await diagnose({ ...entry, host: "nbu.invalid" });
  assert.equal(name.code, 1);
  assert.deepEqual(name.checks, ["name", "api"]);
  assert.match(name.one("name").detail, /nbu\.invalid cannot be resolved/);
  assert.equal(name.one("api").status, "skipped");

  const connection = await diagnose({ ...entry, host: "127.0.0.1" });
  assert.equal(connection.code, 1);
  assert.deepEqual(connection.checks, ["name", "connection", "api"]);
  assert.equal(connection.one("name").status, "skipped");
  assert.match(connection.one("connection").fix ?? "", /firewalls/);
});

Deno.test("doctor says that a port does not speak TLS", async () => {
  await withPrimary(async ({ entry }) => {
    const { code, one, checks } = await diagnose({ ...entry, scheme: "https" });
    assert.equal(code, 1);
    assert.equal(one("tls").status, "failed");
    assert.match(one("tls").fix ?? "", /"scheme"/);
    assert.deepEqual(checks, ["name", "connection", "tls", "api"]);
  });
});

Deno.test("doctor goes through a proxy as the exporter does, and says so", async () => {
  await withPrimary(async ({ entry }) => {
    const proxy = `http://127.0.0.1:${freePort()}`;
    const { code, one } = await diagnose({ ...entry, proxy });
    assert.equal(code, 1);
    assert.match(one("connection").detail, /pass a proxy/);
    assert.equal(one("api").status, "failed");
    assert.match(one("api").fix ?? "", /"proxy"/);
  });
});

Deno.test("doctor shows the chain with its expiry, and what the client makes of it", async () => {
  const directory = await Deno.makeTempDir();
  const made = await makeCertificates(directory);
  const read = (path: string) => Deno.readTextFileSync(path);
  const server = await createSimulator({ apiKey: KEY }).start({
    hostname: "127.0.0.1",
    tls: { cert: read(made.serverCertFile), key: read(made.serverKeyFile) },
  });
  try {
    const entry = { site: "a", host: "127.0.0.1", port: server.port, apiKey: KEY };
    const files = { "/work-dir/ca.pem": read(made.caFile) };

    const trusted = await diagnose({ ...entry, caFile: "ca.pem" }, { files });
    assert.equal(trusted.code, 0);
    // They are valid for two days.
    assert.equal(trusted.one("tls").status, "warning");
    assert.match(
      trusted.one("tls").detail,
      /^TLSv1\.3; "localhost" expires in 1 day \(.*\); "Test NetBackup CA" expires in 1 day \(/,
    );
    assert.match(trusted.one("tls").fix ?? "", /Renew the certificate/);

    const unknown = await diagnose(entry);
    assert.equal(unknown.code, 1);
    assert.equal(unknown.one("tls").status, "failed");
    assert.match(unknown.one("tls").detail, /"localhost" expires in 1 day.*UnknownIssuer/);
    assert.match(unknown.one("tls").fix ?? "", /"caFile"/);
    assert.equal(unknown.one("api").status, "skipped");

    const unverified = await diagnose({ ...entry, insecureSkipVerify: true });
    assert.equal(unverified.code, 0);
    assert.equal(unverified.one("tls").status, "warning");
  } finally {
    await server.close();
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("doctor prints a table with a fix below each failure, and how many sites failed", async () => {
  await withPrimary(async ({ entry }) => {
    const config = configText(entry, { ...entry, site: "oslo\u001b[31m", apiKey: "another-key" });
    const { code, out, progress } = await runCli(["doctor"], { config, terminal: true });
    assert.equal(code, 1);
    assert.match(out, /^berlin {2}http:\/\/127\.0\.0\.1:\d+\/netbackup\n/);
    assert.match(out, /\n {2}ok +storage +\d+ ms {2}GET \/storage\/storage-units: 12 rows\n/);
    assert.match(out, /\n {2}FAIL {2}key .*\n +fix: Create a new key/);
    assert.match(out, /\n\n1 of 2 sites failed\n$/);
    // deno-lint-ignore no-control-regex -- that is what must not be there
    assert.doesNotMatch(out, /\x1b/);
    assert.match(progress[0] ?? "", /^checked 0 of 2 sites$/);
    assert.equal(progress.at(-1), "");
  });
});

Deno.test("doctor ends with 2 when the configuration is bad", async () => {
  const { code, out, err } = await runCli(["doctor"], { config: "nbuservers: []\n" });
  assert.equal(code, 2);
  assert.equal(out, "");
  assert.match(err, /config\.yaml/);
});
