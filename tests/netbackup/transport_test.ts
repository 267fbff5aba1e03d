import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { systemClock } from "../../src/base/clock.ts";
import { Secret } from "../../src/base/secret.ts";
import type { SiteConfig } from "../../src/config/types.ts";
import type { NetBackupClient } from "../../src/netbackup/api.ts";
import { type ClientDependencies, createNetBackupClient } from "../../src/netbackup/client.ts";
import {
  ClientClosedError,
  ClientConfigError,
  HttpStatusError,
  NetworkError,
  UnexpectedBodyError,
} from "../../src/netbackup/errors.ts";
import { createTransport } from "../../src/netbackup/transport_factory.ts";
import { silentLogger } from "../testing/silent_logger.ts";
import { context, failure, KEY, recordingObserver, siteConfig } from "./testing/fixtures.ts";
import {
  certificateDirectory,
  serve,
  serveCounting,
  serveMutualTls,
  serveRaw,
} from "./testing/servers.ts";

const ONCE = { maxAttempts: 1, minWaitMs: 1, maxWaitMs: 1 };
const PING = { endpoint: "/x", version: "14.0" };

function clientOf(
  change: Partial<SiteConfig>,
  dependencies: Partial<ClientDependencies> = {},
): NetBackupClient {
  return createNetBackupClient(siteConfig({ retry: ONCE, ...change }), {
    clock: systemClock,
    logger: silentLogger,
    observer: recordingObserver(),
    exporterVersion: "1.2.3",
    ...dependencies,
  });
}

function respond(request: Request): Response {
  return Response.json({ headers: Object.fromEntries(request.headers) });
}

/** Waits for a condition, with a generous limit. */
async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error("the condition did not come true");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("the fetch transport verifies the server against caFile and sends our headers", async () => {
  await using directory = await certificateDirectory();
  const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
  await using server = await serve(respond, { certFile, keyFile });
  const baseUrl = `https://localhost:${server.port}/netbackup`;
  const client = clientOf({ baseUrl, ca: directory.ca });
  const { headers } = await client.getJson(PING, context()) as { headers: Record<string, string> };
  assert.equal(headers["authorization"], KEY);
  assert.equal(headers["accept"], "application/vnd.netbackup+json;version=14.0");
  assert.equal(headers["user-agent"], "nbu_exporter/1.2.3");
  await client.close();
});

for (const insecureSkipVerify of [false, true]) {
  const name = insecureSkipVerify ? "insecure" : "fetch";

  Deno.test(`the ${name} transport sends the body of a POST, and says how long it is`, async () => {
    await using directory = await certificateDirectory();
    const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
    const received: unknown[] = [];
    await using server = await serve(async (request) => {
      const { method, headers } = request;
      received.push([method, headers.get("content-length"), await request.text()]);
      return new Response("answered");
    }, { certFile, keyFile });
    const transport = createTransport(siteConfig({ ca: directory.ca, insecureSkipVerify }));
    const sent = await transport.send({
      url: `https://localhost:${server.port}`,
      method: "POST",
      headers: {},
      body: '{"ä":1}',
      signal: new AbortController().signal,
    });
    assert.equal(await sent.text(), "answered");
    await transport.close();
    assert.deepEqual(received, [["POST", "8", '{"ä":1}']]);
  });

  Deno.test(`the ${name} transport expands no compressed body`, async () => {
    await using directory = await certificateDirectory();
    const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
    const blanks = new Blob([" ".repeat(1_000_000)]).stream();
    const bomb = await new Response(blanks.pipeThrough(new CompressionStream("gzip"))).bytes();
    const codings: (string | null)[] = [];
    await using server = await serve((request) => {
      codings.push(request.headers.get("accept-encoding"));
      return new Response(bomb, { headers: { "content-encoding": "gzip" } });
    }, { certFile, keyFile });
    const baseUrl = `https://localhost:${server.port}`;
    const site = siteConfig({ ca: directory.ca, insecureSkipVerify });
    const transport = createTransport(site);
    const sent = await transport.send({
      url: baseUrl,
      method: "GET",
      headers: { "Accept-Encoding": "identity" },
      signal: new AbortController().signal,
    });
    assert.deepEqual(await sent.bytes(), bomb, "as it was sent");
    await transport.close();
    const client = clientOf({ ...site, baseUrl });
    await failure(client.getJson(PING, context()), UnexpectedBodyError);
    await client.close();
    assert.deepEqual(codings, ["identity", "identity"]);
  });
}

Deno.test("the fetch transport refuses an unknown authority and names caFile", async () => {
  await using directory = await certificateDirectory();
  const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
  let reached = 0;
  await using server = await serve((request) => (reached++, respond(request)), {
    certFile,
    keyFile,
  });
  const client = clientOf({ baseUrl: `https://localhost:${server.port}` });
  const error = await failure(client.getJson(PING, context()), NetworkError);
  assert.match(error.message, /put the certificate of the NetBackup CA into "caFile"/);
  assert.equal(error.retryable, false);
  assert.equal(reached, 0);
  await client.close();
});

Deno.test("the insecure transport needs no permission but the network's", async () => {
  await using directory = await certificateDirectory();
  const { selfSignedCertFile: certFile, selfSignedKeyFile: keyFile } = directory.files;
  await using server = await serve(() => new Response("answered"), { certFile, keyFile });
  const probe = fileURLToPath(new URL("testing/insecure_probe.ts", import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(Deno.execPath(), [
    ...["run", "--no-check", "--no-prompt", "--allow-net", probe],
    `https://localhost:${server.port}/`,
  ]);
  assert.equal(stdout, "answered", stderr);
});

Deno.test("the insecure transport shows neither key when the runtime prints all it does", async () => {
  await using directory = await certificateDirectory();
  const { clientCertFile, clientKeyFile } = directory.files;
  await using server = await serveMutualTls(directory.files);
  const probe = fileURLToPath(new URL("testing/debug_probe.ts", import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(Deno.execPath(), [
    ...["run", "--no-check", "--no-prompt", "--allow-net", "--allow-read", "--allow-env", probe],
    ...[`https://localhost:${server.port}/`, clientCertFile, clientKeyFile],
  ], { env: { ...Deno.env.toObject(), NODE_DEBUG: "*" } });
  assert.equal(
    stdout,
    '{"mutual":true}'.repeat(4),
    "the client certificate was shown all the same",
  );
  assert.match(stderr, /HTTP \d+:/, "the runtime printed what it did");
  const privateKey = directory.clientCertificate.key.reveal().split("\n")[1] ?? "";
  for (const secret of [KEY, privateKey]) {
    assert(secret.length > 20);
    assert(!stderr.includes(secret));
  }
});

Deno.test("the insecure transport accepts a self-signed certificate", async () => {
  await using directory = await certificateDirectory();
  const { selfSignedCertFile: certFile, selfSignedKeyFile: keyFile } = directory.files;
  await using server = await serve(respond, { certFile, keyFile });
  const baseUrl = `https://127.0.0.1:${server.port}/netbackup`;
  const strict = clientOf({ baseUrl });
  await failure(strict.getJson(PING, context()), NetworkError);
  await strict.close();
  const client = clientOf({ baseUrl, insecureSkipVerify: true });
  const { headers } = await client.getJson(PING, context()) as { headers: Record<string, string> };
  assert.equal(headers["authorization"], KEY);
  assert.equal(headers["accept"], "application/vnd.netbackup+json;version=14.0");
  assert.equal(headers["user-agent"], "nbu_exporter/1.2.3");
  await client.close();
});

for (const insecureSkipVerify of [false, true]) {
  const name = insecureSkipVerify ? "insecure" : "fetch";

  Deno.test(`the ${name} transport shows the client certificate`, async () => {
    await using directory = await certificateDirectory();
    const { ca, clientCertificate, files } = directory;
    await using server = await serveMutualTls(files);
    const site = { baseUrl: `https://localhost:${server.port}`, ca, insecureSkipVerify };
    const with_ = clientOf({ ...site, clientCertificate });
    assert.deepEqual(await with_.getJson(PING, context()), { mutual: true });
    await with_.close();
    const without = clientOf(site);
    await failure(without.getJson(PING, context()), NetworkError);
    await without.close();
  });

  Deno.test(`the ${name} transport hands over status, headers and a large body`, async () => {
    await using directory = await certificateDirectory();
    const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
    const text = "NetBackup ".repeat(300_000);
    await using server = await serve(
      () => new Response(text, { status: 203, headers: { "x-a": "b" } }),
      { certFile, keyFile },
    );
    const transport = createTransport(siteConfig({ ca: directory.ca, insecureSkipVerify }));
    const response = await transport.send({
      url: `https://localhost:${server.port}/`,
      method: "GET",
      headers: {},
      signal: new AbortController().signal,
    });
    assert.equal(response.status, 203);
    assert.equal(response.headers.get("x-a"), "b");
    assert.equal(await response.text(), text);
    await transport.close();
  });

  Deno.test(`the ${name} transport hands over a response without a body`, async () => {
    await using directory = await certificateDirectory();
    const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
    await using server = await serve(() => new Response(null, { status: 204 }), {
      certFile,
      keyFile,
    });
    const transport = createTransport(siteConfig({ ca: directory.ca, insecureSkipVerify }));
    const url = `https://localhost:${server.port}/`;
    const signal = new AbortController().signal;
    const response = await transport.send({ url, method: "GET", headers: {}, signal });
    assert.equal(response.status, 204);
    assert.equal(await response.text(), "");
    await transport.close();
  });

  Deno.test(`the ${name} transport does not follow redirects, so that the key goes nowhere else`, async () => {
    await using directory = await certificateDirectory();
    const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
    const paths: string[] = [];
    await using server = await serve((request) => {
      paths.push(new URL(request.url).pathname);
      return new Response(null, { status: 302, headers: { location: "/elsewhere" } });
    }, { certFile, keyFile });
    const baseUrl = `https://localhost:${server.port}`;
    const client = clientOf({ baseUrl, ca: directory.ca, insecureSkipVerify });
    const error = await failure(client.getJson(PING, context()), HttpStatusError);
    assert.equal(error.status, 302);
    assert.match(error.message, /redirects are not followed/);
    assert.deepEqual(paths, ["/x"]);
    await client.close();
  });

  Deno.test(`the ${name} transport ends a request and a body at once on abort`, async () => {
    await using directory = await certificateDirectory();
    const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
    const bodies: ReadableStreamDefaultController[] = [];
    const waiting: ((response: Response) => void)[] = [];
    await using server = await serve((request) => {
      if (request.url.endsWith("/hang")) return new Promise((resolve) => waiting.push(resolve));
      return new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode("{"));
            bodies.push(controller);
          },
        }),
      );
    }, { certFile, keyFile });
    const baseUrl = `https://localhost:${server.port}`;
    const client = clientOf({ baseUrl, ca: directory.ca, insecureSkipVerify });
    const abort = new AbortController();
    const asked = context({ signal: abort.signal });
    const requests = ["/hang", "/body"].map((endpoint) =>
      client.getJson({ endpoint, version: "14.0" }, asked).catch((error: unknown) => error)
    );
    await until(() => waiting.length === 1 && bodies.length === 1);
    const reason = new Error("enough");
    abort.abort(reason);
    assert.deepEqual(await Promise.all(requests), [reason, reason]);
    for (const resolve of waiting) resolve(new Response());
    await client.close();
  });

  Deno.test(`the ${name} transport refuses to go on after an early end of the connection`, async () => {
    await using server = await serveRaw((socket) => socket.on("data", () => socket.destroy()));
    const baseUrl = `https://127.0.0.1:${server.port}`;
    const client = clientOf({ baseUrl, insecureSkipVerify });
    const error = await failure(client.getJson(PING, context()), NetworkError);
    assert.equal(error.reason, "tls", "it was in the handshake");
    await client.close();
  });

  Deno.test(`the ${name} transport leaves nothing behind over 50 starts and stops with requests in flight`, async () => {
    await using directory = await certificateDirectory();
    const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
    const waiting: ((response: Response) => void)[] = [];
    await using server = await serve((request) => {
      if (!request.url.endsWith("/hang")) return respond(request);
      return new Promise((resolve) => waiting.push(resolve));
    }, { certFile, keyFile });
    const baseUrl = `https://localhost:${server.port}`;
    for (let cycle = 1; cycle <= 50; cycle++) {
      const client = clientOf({ baseUrl, ca: directory.ca, insecureSkipVerify });
      await client.getJson(PING, context());
      const hanging = client.getJson({ endpoint: "/hang", version: "14.0" }, context())
        .catch((error: unknown) => error);
      await until(() => waiting.length === cycle);
      await client.close({ timeoutMs: 0 });
      assert(await hanging instanceof ClientClosedError);
    }
    for (const resolve of waiting) resolve(new Response());
  });

  Deno.test(`the ${name} transport reuses its connection and closes it with the client`, async () => {
    await using directory = await certificateDirectory();
    await using server = await serveCounting(directory.files);
    const baseUrl = `https://localhost:${server.port}`;
    const client = clientOf({ baseUrl, ca: directory.ca, insecureSkipVerify });
    for (let n = 0; n < 3; n++) await client.getJson(PING, context());
    assert.equal(server.made, 1);
    assert.equal(server.open, 1);
    await client.close();
    await until(() => server.open === 0);
  });

  Deno.test(`the ${name} transport leaves nothing behind over 100 starts and stops`, async () => {
    await using directory = await certificateDirectory();
    await using server = await serveCounting(directory.files);
    const baseUrl = `https://localhost:${server.port}`;
    for (let cycle = 0; cycle < 100; cycle++) {
      const client = clientOf({ baseUrl, ca: directory.ca, insecureSkipVerify });
      await client.getJson(PING, context());
      await client.close();
    }
    assert.equal(server.made, 100);
    await until(() => server.open === 0);
  });
}

for (const insecureSkipVerify of [false, true]) {
  const name = insecureSkipVerify ? "insecure" : "fetch";

  Deno.test(`a body cut short on the wire is a NetworkError worth a retry on the ${name} transport`, async () => {
    await using directory = await certificateDirectory();
    const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
    const heads = ["Content-Length: 99", "Transfer-Encoding: chunked"];
    await using server = await serveRaw((socket) =>
      socket.once("data", () => {
        const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${heads.shift()}`;
        socket.end(`${head}\r\n\r\n63\r\n{"a":`);
      }), { certFile, keyFile });
    const baseUrl = `https://localhost:${server.port}`;
    const client = clientOf({ baseUrl, ca: directory.ca, insecureSkipVerify });
    for (const _head of [...heads]) {
      const error = await failure(client.getJson(PING, context()), NetworkError);
      assert.equal(error.retryable, true, error.message);
    }
    await client.close();
  });
}

Deno.test("nobody listening is a NetworkError that says what to check", async () => {
  let port = 0;
  await (async () => {
    await using server = await serveRaw(() => {});
    port = server.port;
  })();
  const client = clientOf({ baseUrl: `http://127.0.0.1:${port}`, scheme: "http" });
  const request = { ...PING, endpoint: "/security/certificates/current" };
  const error = await failure(client.getJson(request, context()), NetworkError);
  assert.equal(error.retryable, true, "the word certificate in the path means nothing");
  assert.match(error.message, /check "host" and "port"/);
  assert(!error.message.includes("http://"), "the URL is not repeated");
  await client.close();
});

Deno.test("the fetch transport goes through a proxy and gives it its credentials, not NetBackup's", async () => {
  const seen: { target: string; authorization: string | null }[] = [];
  await using proxy = await serveRaw((socket) =>
    socket.once("data", (data: Uint8Array) => {
      const text = new TextDecoder().decode(data);
      const authorization = /^proxy-authorization: (.*)$/im.exec(text)?.[1] ?? null;
      seen.push({ target: text.split("\r\n")[0] ?? "", authorization });
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    })
  );
  const proxyUrl = new Secret(`http://user:p%40ssw0rd@127.0.0.1:${proxy.port}`);
  const client = clientOf({ proxy: proxyUrl });
  const error = await failure(client.getJson(PING, context()), NetworkError);
  assert.equal(seen[0]?.target, "CONNECT nbu.example.com:1556 HTTP/1.1");
  assert.equal(seen[0]?.authorization, `Basic ${btoa("user:p@ssw0rd")}`);
  for (const secret of ["p%40ssw0rd", "p@ssw0rd", KEY]) {
    assert(!Deno.inspect(error).includes(secret));
  }
  await client.close();
});

Deno.test("plain HTTP goes over fetch even with insecureSkipVerify", async () => {
  await using server = await serve(respond);
  const client = clientOf({
    baseUrl: `http://127.0.0.1:${server.port}`,
    scheme: "http",
    insecureSkipVerify: true,
  });
  await client.getJson(PING, context());
  await client.close();
});

Deno.test("createTransport() refuses what cannot work, without showing secrets", () => {
  const secret = "c2VjcmV0";
  const broken: Partial<SiteConfig>[] = [
    { insecureSkipVerify: true, proxy: new Secret(`http://u:${secret}@proxy:3128`) },
    { proxy: new Secret(`not a url ${secret}`) },
    {
      clientCertificate: { certFile: "c", keyFile: "k", cert: "x", key: new Secret(secret) },
    },
  ];
  for (const change of broken) {
    assert.throws(
      () => createTransport(siteConfig(change)),
      (error) => error instanceof ClientConfigError && !Deno.inspect(error).includes(secret),
    );
  }
});

/** Asks once, expecting that there is no response. */
async function networkFailure(change: Partial<SiteConfig>): Promise<NetworkError> {
  const client = clientOf({ retry: { maxAttempts: 1, minWaitMs: 1, maxWaitMs: 1 }, ...change });
  try {
    return await failure(client.getJson(PING, context()), NetworkError);
  } finally {
    await client.close();
  }
}

Deno.test("an expired certificate is told to be renewed, not to get a CA", async () => {
  await using directory = await certificateDirectory(-1);
  const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
  await using server = await serve(respond, { certFile, keyFile });
  const baseUrl = `https://localhost:${server.port}`;
  const error = await networkFailure({ baseUrl, ca: directory.ca });
  assert.equal(error.reason, "tls");
  assert.equal(error.retryable, false);
  assert.match(error.message, /has expired: renew it there/);
  assert.doesNotMatch(error.message, /caFile/);
});

for (const insecureSkipVerify of [false, true]) {
  const name = insecureSkipVerify ? "insecure" : "fetch";

  Deno.test(`https against a port that speaks http is recognized on the ${name} transport`, async () => {
    await using server = await serve(respond);
    const baseUrl = `https://localhost:${server.port}`;
    const error = await networkFailure({ baseUrl, insecureSkipVerify });
    assert.equal(error.reason, "tls");
    assert.match(error.message, /does not speak HTTPS: check "port", or set "scheme" to "http"/);
  });

  Deno.test(`a name that does not exist has the reason dns on the ${name} transport`, async () => {
    const error = await networkFailure({ baseUrl: "https://nbu.invalid", insecureSkipVerify });
    assert.equal(error.reason, "dns");
    assert.equal(error.retryable, true);
  });
}

Deno.test("http against a port that speaks https is recognized", async () => {
  await using directory = await certificateDirectory();
  const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
  await using server = await serve(respond, { certFile, keyFile });
  const baseUrl = `http://localhost:${server.port}`;
  const error = await networkFailure({ baseUrl, scheme: "http" });
  assert.equal(error.reason, "tls");
  assert.match(error.message, /set "scheme" to "https"/);
});

Deno.test("a failure in mid-connection reads the same each time, so that a repetition is recognized", async () => {
  const ports = new Set<number>();
  await using server = await serveRaw((socket) => {
    ports.add(socket.remotePort ?? 0);
    socket.on("data", () => socket.destroy());
  });
  const site = { baseUrl: `http://localhost:${server.port}`, scheme: "http" } as const;
  const seen = new Set<string>();
  for (let n = 0; n < 3; n++) seen.add((await networkFailure(site)).message);
  assert.equal(seen.size, 1, [...seen].join("\n"));
  assert(ports.size > 1, "the connections were others");
  for (const port of ports) assert(![...seen].some((text) => text.includes(String(port))));
});

for (
  const [what, response, hint] of [
    ["refuses the credentials", "407 Proxy Authentication Required", /credentials in "proxy"/],
    ["cannot reach the primary", "502 Bad Gateway", /the proxy opens no tunnel/],
    ["breaks off", undefined, /that the proxy runs/],
  ] as const
) {
  Deno.test(`a proxy that ${what} is named, not the primary`, async () => {
    await using proxy = await serveRaw((socket) =>
      socket.once("data", () => {
        if (response === undefined) socket.destroy();
        else socket.end(`HTTP/1.1 ${response}\r\nContent-Length: 0\r\n\r\n`);
      })
    );
    const url = new Secret(`http://127.0.0.1:${proxy.port}`);
    const error = await networkFailure({ proxy: url });
    assert.equal(error.reason, "proxy");
    assert.match(error.message, hint);
  });
}

Deno.test("a proxy that is not there is named, not the primary", async () => {
  let port = 0;
  await (async () => {
    await using server = await serveRaw(() => {});
    port = server.port;
  })();
  for (const proxy of [`http://127.0.0.1:${port}`, "http://proxy.invalid:3128"]) {
    const error = await networkFailure({ proxy: new Secret(proxy) });
    assert.equal(error.reason, "proxy");
    assert.match(error.message, /this is the proxy, not the primary: check "proxy"/);
    assert.doesNotMatch(error.message, /check "host"/);
  }
});

for (const insecureSkipVerify of [false, true]) {
  const name = insecureSkipVerify ? "insecure" : "fetch";

  Deno.test(`the ${name} transport shows until when the server's certificate is valid, expired or not`, async () => {
    for (const days of [2, -1]) {
      await using directory = await certificateDirectory(days);
      const { serverCertFile: certFile, serverKeyFile: keyFile } = directory.files;
      await using server = await serve(respond, { certFile, keyFile });
      const baseUrl = `https://localhost:${server.port}/netbackup`;
      const client = clientOf({ baseUrl, insecureSkipVerify });
      const certificate = await client.webCertificate?.(context());
      const { stdout } = await promisify(execFile)("openssl", [
        ...["x509", "-noout", "-enddate", "-in", certFile],
      ]);
      assert.equal(certificate?.notAfterMs, Date.parse(stdout.replace("notAfter=", "").trim()));
      assert.equal(certificate?.subject, "localhost");
      await client.close();
    }
  });
}

Deno.test("webCertificate() is undefined over plain HTTP and behind a proxy", async () => {
  await using server = await serve(respond);
  const plain = clientOf({ scheme: "http", baseUrl: `http://localhost:${server.port}/netbackup` });
  assert.equal(await plain.webCertificate?.(context()), undefined);
  await plain.close();
  const proxied = clientOf({ proxy: new Secret(`http://localhost:${server.port}`) });
  assert.equal(await proxied.webCertificate?.(context()), undefined);
  await proxied.close();
  const environment = (name: string) => name === "HTTPS_PROXY" ? "http://p:1" : undefined;
  const byEnvironment = clientOf({}, { environment });
  assert.equal(await byEnvironment.webCertificate?.(context()), undefined);
  await byEnvironment.close();
});

Deno.test("webCertificate() fails with the site where there is no TLS, and with the reason when aborted", async () => {
  await using server = await serve(respond);
  const client = clientOf({ baseUrl: `https://localhost:${server.port}/netbackup` });
  const error = await failure(Promise.resolve(client.webCertificate?.(context())), NetworkError);
  assert.equal(error.site, "prod");
  await assert.rejects(
    async () => await client.webCertificate?.(context({ signal: AbortSignal.abort("enough") })),
    (reason) => reason === "enough",
  );
  await client.close();
});
