import assert from "node:assert/strict";
import { join } from "node:path";
import { hash } from "bcryptjs";
import { isInstalled } from "../../scripts/command.ts";
import { type Certificates, makeCertificates } from "../testing/certificates.ts";
import { skipped } from "../testing/skipped.ts";
import { eventually, type Exporter, freePort, startExporter, withDirectory } from "./harness.ts";

const noTls = skipped(
  "the web configuration end to end",
  await isInstalled("openssl") ? undefined : "openssl is not installed",
);

const AUTHORIZATION = `Basic ${btoa("prometheus:correct horse")}`;
const RELOADED = "applied the web configuration";

interface World {
  readonly directory: string;
  readonly pki: Certificates;
  readonly port: number;
  readonly webFile: string;
  /** Starts the program with this web configuration. */
  readonly start: (web: unknown, env?: Record<string, string>) => Promise<Exporter>;
  /** Writes the web configuration; JSON is YAML. */
  readonly write: (web: unknown) => Promise<void>;
}

function webTest(name: string, body: (world: World) => Promise<void>): void {
  Deno.test({
    name,
    ignore: noTls,
    fn: () =>
      withDirectory(async (directory) => {
        const pki = await makeCertificates(directory);
        const port = freePort();
        const webFile = join(directory, "web.yml");
        let exporter: Exporter | undefined;
        const write = (web: unknown) => replace(webFile, `${JSON.stringify(web)}\n`);
        try {
          await body({
            ...{ directory, pki, port, webFile, write },
            async start(web, env = {}) {
              await write(web);
              exporter = await startExporter({
                // Nobody listens there: what the primary says does not matter here.
                config: {
                  server: { port, host: "127.0.0.1" },
                  nbuservers: [{ site: "a", host: "127.0.0.1", port: freePort(), apiKey: "k" }],
                },
                directory,
                args: ["--web.config.file", webFile],
                env,
                // It waits on plain HTTP.
                expectFailure: true,
              });
              return exporter;
            },
          });
        } catch (error) {
          throw new Error(`${error}\n--- log\n${exporter?.log()}`, { cause: error });
        } finally {
          await exporter?.stop();
        }
      }),
  });
}

/** Replaces a file at once, as a tool for certificates does. */
async function replace(file: string, text: string): Promise<void> {
  await Deno.writeTextFile(`${file}.new`, text);
  await Deno.rename(`${file}.new`, file);
}

const tlsOf = (pki: Certificates) => ({
  cert_file: pki.serverCertFile,
  key_file: pki.serverKeyFile,
});

/** Gets a path on a connection of its own. */
async function get(
  { port, pki }: World,
  { path = "/metrics", headers = {}, client = {}, scheme = "https" }: {
    path?: string;
    headers?: Record<string, string>;
    client?: { cert?: string; key?: string };
    scheme?: "http" | "https";
  } = {},
): Promise<Response> {
  const http = Deno.createHttpClient({
    caCerts: [await Deno.readTextFile(pki.caFile)],
    poolMaxIdlePerHost: 0,
    ...(client.cert && client.key ? { cert: client.cert, key: client.key } : {}),
  });
  try {
    const response = await fetch(`${scheme}://localhost:${port}${path}`, { client: http, headers });
    const bytes = await response.arrayBuffer();
    return new Response(bytes, { status: response.status, headers: response.headers });
  } finally {
    http.close();
  }
}

async function listens(world: World): Promise<void> {
  await eventually("it listens with TLS", async () => (await get(world)).status > 0);
}

webTest("scrapes need TLS and the right password", async (world) => {
  const exporter = await world.start({
    tls_server_config: tlsOf(world.pki),
    http_server_config: { headers: { "Strict-Transport-Security": "max-age=60" } },
    basic_auth_users: { prometheus: await hash("correct horse", 6) },
  });
  await listens(world);
  assert.match(exporter.log(), /listening on https:\/\/127\.0\.0\.1/);
  const page = await get(world, { headers: { Authorization: AUTHORIZATION } });
  assert.equal(page.status, 200);
  assert.match(await page.text(), /^nbu_exporter_build_info/m);
  assert.equal(page.headers.get("strict-transport-security"), "max-age=60");
  assert.equal(page.headers.get("server"), null);
  for (const path of ["/", "/metrics", "/health", "/-/healthy", "/-/ready", "/nothing"]) {
    assert.equal((await get(world, { path })).status, 401, path);
  }
  const wrong = { Authorization: `Basic ${btoa("prometheus:wrong")}` };
  assert.equal((await get(world, { headers: wrong })).status, 401);
  const unknown = { Authorization: `Basic ${btoa("nobody:correct horse")}` };
  assert.equal((await get(world, { headers: unknown })).status, 401);
  await assert.rejects(get(world, { scheme: "http" }), TypeError);
  assert.doesNotMatch(exporter.log(), /correct horse|\$2b\$/);
});

webTest("a client certificate is required where the file says so", async (world) => {
  const { pki } = world;
  const client = {
    cert: await Deno.readTextFile(pki.clientCertFile),
    key: await Deno.readTextFile(pki.clientKeyFile),
  };
  await world.start({
    tls_server_config: {
      ...tlsOf(pki),
      client_ca_file: pki.caFile,
      client_auth_type: "RequireAndVerifyClientCert",
    },
  });
  await eventually("it listens", async () => (await get(world, { client })).status === 200);
  await assert.rejects(get(world), TypeError);
  const foreign = {
    cert: await Deno.readTextFile(pki.selfSignedCertFile),
    key: await Deno.readTextFile(pki.selfSignedKeyFile),
  };
  await assert.rejects(get(world, { client: foreign }), TypeError);
});

webTest("certificates are rotated under load without a failed scrape", async (world) => {
  const { pki, directory } = world;
  const other = join(directory, "other");
  await Deno.mkdir(other);
  const next = await makeCertificates(other);
  const certFile = join(directory, "cert.pem");
  const keyFile = join(directory, "key.pem");
  const use = async ({ serverCertFile, serverKeyFile }: Certificates) => {
    await replace(certFile, await Deno.readTextFile(serverCertFile));
    await replace(keyFile, await Deno.readTextFile(serverKeyFile));
  };
  await use(pki);
  const exporter = await world.start({
    tls_server_config: { cert_file: certFile, key_file: keyFile },
    basic_auth_users: { prometheus: await hash("correct horse", 6) },
  });
  await listens(world);
  const both = [pki, next].map(({ caFile }) => Deno.readTextFileSync(caFile));
  const load = startLoad(50, async () => {
    const client = Deno.createHttpClient({ caCerts: both, poolMaxIdlePerHost: 0 });
    try {
      const url = `https://localhost:${world.port}/metrics`;
      const response = await fetch(url, { client, headers: { Authorization: AUTHORIZATION } });
      await response.arrayBuffer();
      return response.status;
    } finally {
      client.close();
    }
  });
  await eventually("scrapes succeed", () => load.count() > 50);
  await use(next);
  await eventually("the new certificate is served, the old one is not", async () => {
    const client = Deno.createHttpClient({
      caCerts: [both[1] ?? ""],
      poolMaxIdlePerHost: 0,
    });
    try {
      const response = await fetch(`https://localhost:${world.port}/`, { client });
      await response.arrayBuffer();
      return true;
    } finally {
      client.close();
    }
  });
  // Without a change on disk a reload loads the same again.
  for (let reloads = 0; reloads < 3; reloads++) {
    const before = occurrences(exporter.log(), RELOADED);
    exporter.signal("SIGHUP");
    await eventually("it reloads", () => occurrences(exporter.log(), RELOADED) > before);
  }
  await eventually("a thousand scrapes are done", () => load.count() >= 1000);
  assert.deepEqual(await load.stop(), new Map([["200", load.count()]]));
});

webTest("a bad file keeps the old one, and a better one takes effect", async (world) => {
  const users = { prometheus: await hash("correct horse", 6) };
  const good = { tls_server_config: tlsOf(world.pki), basic_auth_users: users };
  const exporter = await world.start(good);
  await listens(world);
  await world.write({ ...good, basic_auth_users: { prometheus: "no hash" } });
  await eventually("it is refused", () => exporter.log().includes("reload failed: the running"));
  assert.match(exporter.log(), /web\.yml line=1 column=\d+ key=basic_auth_users\.prometheus/);
  assert.equal((await get(world)).status, 401);
  assert.equal((await get(world, { headers: { Authorization: AUTHORIZATION } })).status, 200);

  await world.write({ ...good, basic_auth_users: {} });
  await eventually("the better one is in effect", async () => (await get(world)).status === 200);

  await world.write({});
  await eventually("TLS is off", async () => {
    return (await get(world, { scheme: "http" })).status === 200;
  });
});

webTest("the start fails with file, line and key of what is wrong", async (world) => {
  const web = { tls_server_config: { ...tlsOf(world.pki), cipher_suites: ["TLS_RSA"] } };
  const exporter = await world.start(web);
  assert.equal((await exporter.status).code, 1);
  assert.match(
    exporter.log(),
    /web\.yml:1:\d+: tls_server_config\.cipher_suites: cannot be set: Deno ignores/,
  );
});

/** Repeats requests on so many lanes until told to stop, and counts their results. */
function startLoad(lanes: number, request: () => Promise<number>) {
  const results = new Map<string, number>();
  let count = 0;
  let running = true;
  const lane = async () => {
    while (running) {
      const result = await request().then(String, (error) => String(error.cause ?? error));
      results.set(result, (results.get(result) ?? 0) + 1);
      count += 1;
    }
  };
  const all = Promise.all(Array.from({ length: lanes }, lane));
  return {
    count: () => count,
    async stop() {
      running = false;
      await all;
      return results;
    },
  };
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

webTest("NODE_DEBUG shows neither the password of a scrape nor the private key", async (world) => {
  const exporter = await world.start({
    tls_server_config: tlsOf(world.pki),
    basic_auth_users: { prometheus: await hash("correct horse", 6) },
  }, { NODE_DEBUG: "*" });
  await listens(world);
  // At the same time, as the runtime prints what is open with each new connection.
  const pages = await Promise.all(
    Array.from({ length: 5 }, () => get(world, { headers: { Authorization: AUTHORIZATION } })),
  );
  assert.deepEqual(pages.map(({ status }) => status), [200, 200, 200, 200, 200]);
  await exporter.stop();
  assert.match(exporter.log(), /^(HTTP|NET|TLS|STREAM) \d+:/m, "the runtime printed what it did");
  const [, keyLine = ""] = (await Deno.readTextFile(world.pki.serverKeyFile)).split("\n");
  assert.ok(keyLine.length > 20);
  for (const secret of [AUTHORIZATION.replace("Basic ", ""), "correct horse", keyLine]) {
    const at = exporter.log().indexOf(secret);
    assert.equal(at, -1, exporter.log().slice(Math.max(0, at - 500), at));
  }
});
