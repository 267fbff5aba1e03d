import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { X509Certificate } from "node:crypto";
import { connect, type ConnectionOptions, createServer, type TlsOptions } from "node:tls";
import { Secret } from "../../../src/base/secret.ts";
import { SERVER_LIMITS } from "../../../src/server/limits.ts";
import type { Handler } from "../../../src/server/listener.ts";
import { ListenerManager } from "../../../src/server/listener_manager.ts";
import type { ClientAuth, TlsSettings } from "../../../src/server/web_config/types.ts";
import { silentLogger } from "../../testing/silent_logger.ts";
import type { Certificates } from "../../testing/certificates.ts";
import { eventually, RawConnection } from "../_raw.ts";
import { otherCertificates, pkiTest } from "./_pki.ts";

const HOST = "127.0.0.1";
const read = (file: string) => readFileSync(file, "utf8");

function settingsOf(pki: Certificates, changes: Partial<TlsSettings> = {}): TlsSettings {
  return {
    cert: read(pki.serverCertFile),
    key: new Secret(read(pki.serverKeyFile)),
    clientAuth: "NoClientCert",
    clientCa: undefined,
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.3",
    ...changes,
  };
}

async function withServer(
  tls: TlsSettings,
  body: (server: ListenerManager) => Promise<void>,
  handler: Handler = () => new Response("hello"),
  limits = SERVER_LIMITS,
): Promise<void> {
  const server = await ListenerManager.start({
    ...{ host: HOST, port: 0, handler, logger: silentLogger, tls, limits },
  });
  try {
    await body(server);
  } finally {
    await server.close({ timeoutMs: 2000 });
  }
}

/** Status and body of one request, with what was negotiated; or the reason why there was none. */
function ask(
  { address: { port } }: ListenerManager,
  pki: Certificates,
  options: ConnectionOptions = {},
): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    let version: string | null = null;
    const socket = connect(
      { host: HOST, port, ca: read(pki.caFile), servername: "localhost", ...options },
      () => {
        version = socket.getProtocol();
        socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      },
    );
    let problem = "closed";
    socket.on("data", (chunk: Uint8Array) => text += new TextDecoder().decode(chunk));
    socket.on("error", ({ message }) => problem = message);
    socket.on("close", () => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1];
      resolve(status ? `${status} ${version}` : `refused: ${problem}`);
    });
  });
}

const REFUSED = /^refused: /;

pkiTest("a server with TLS speaks TLS 1.2 and TLS 1.3", async (pki) => {
  await withServer(settingsOf(pki), async (server) => {
    assert.equal(await ask(server, pki, { maxVersion: "TLSv1.2" }), "200 TLSv1.2");
    assert.equal(await ask(server, pki, { minVersion: "TLSv1.3" }), "200 TLSv1.3");
  });
});

pkiTest("a server with TLS keeps to the versions it is told", async (pki) => {
  await withServer(settingsOf(pki, { minVersion: "TLSv1.3" }), async (server) => {
    assert.match(await ask(server, pki, { maxVersion: "TLSv1.2" }), REFUSED);
    assert.equal(await ask(server, pki), "200 TLSv1.3");
  });
  await withServer(settingsOf(pki, { maxVersion: "TLSv1.2" }), async (server) => {
    assert.match(await ask(server, pki, { minVersion: "TLSv1.3" }), REFUSED);
    assert.equal(await ask(server, pki), "200 TLSv1.2");
  });
});

pkiTest("a server with TLS refuses TLS 1.1", async (pki) => {
  await withServer(settingsOf(pki), async ({ address: { port } }) => {
    const target = ["-connect", `${HOST}:${port}`];
    const client = (...args: string[]) =>
      new Deno.Command("openssl", {
        args: ["s_client", ...target, ...args],
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).output();
    // Debian's OpenSSL offers it only at the lowest security level.
    const old = await client("-tls1_1", "-cipher", "ALL:@SECLEVEL=0");
    assert.equal(old.success, false);
    assert.match(new TextDecoder().decode(old.stderr), /alert/);
    assert.equal((await client("-tls1_2")).success, true);
  });
});

pkiTest("a server with TLS answers nothing to plain HTTP, and goes on", async (pki) => {
  await withServer(settingsOf(pki), async (server) => {
    const plain = await RawConnection.open(
      server.address.port,
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    );
    assert.doesNotMatch(await plain.readToEnd(), /HTTP/);
    plain.close();
    assert.match(await ask(server, pki), /^200/);
  });
});

/** What a client without, with a valid and with a foreign certificate gets, by policy. */
const POLICIES: readonly [ClientAuth, none: boolean, valid: boolean, foreign: boolean][] = [
  ["NoClientCert", true, true, true],
  ["RequestClientCert", true, true, true],
  ["RequireAnyClientCert", false, true, true],
  ["VerifyClientCertIfGiven", true, true, false],
  ["RequireAndVerifyClientCert", false, true, false],
];

for (const [clientAuth, none, valid, foreign] of POLICIES) {
  pkiTest(`a server with ${clientAuth} admits whom it should`, async (pki, directory) => {
    const other = await otherCertificates(directory);
    const verifies = clientAuth.includes("Verify");
    const clientCa = verifies ? read(pki.caFile) : undefined;
    const of = ({ clientCertFile, clientKeyFile }: Certificates) => ({
      cert: read(clientCertFile),
      key: read(clientKeyFile),
    });
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const settings = settingsOf(pki, { clientAuth, clientCa, maxVersion: version });
      await withServer(settings, async (server) => {
        const admits = async (options: ConnectionOptions) =>
          /^200/.test(await ask(server, pki, options));
        assert.equal(await admits({}), none, `${version}: without a certificate`);
        assert.equal(await admits(of(pki)), valid, `${version}: with a valid one`);
        assert.equal(await admits(of(other)), foreign, `${version}: with a foreign one`);
        if (clientAuth !== "RequireAndVerifyClientCert") return;
        const server2client = { cert: read(pki.serverCertFile), key: read(pki.serverKeyFile) };
        assert.equal(await admits(server2client), false, `${version}: with one for servers`);
      });
    }
  });
}

pkiTest(
  "ListenerManager.setTls() rotates certificates without a failed request",
  async (pki, directory) => {
    const other = await otherCertificates(directory);
    const authorities = [read(pki.caFile), read(other.caFile)];
    await withServer(settingsOf(pki), async (server) => {
      const seen = new Set<string>();
      let rounds = 0;
      let requests = 0;
      let rotating = true;
      const client = async () => {
        while (rotating) {
          const result = await ask(server, pki, { ca: authorities });
          assert.match(result, /^200/);
          requests += 1;
        }
      };
      const clients = Array.from({ length: 10 }, client);
      while (requests < 200) {
        rounds += 1;
        server.setTls(settingsOf(rounds % 2 === 0 ? pki : other));
        const before = requests;
        await eventually("a request is answered", () => requests > before);
        seen.add(await fingerprint(server, authorities));
      }
      rotating = false;
      await Promise.all(clients);
      assert.equal(seen.size, 2, "both certificates were in use");
    });
  },
);

/** Fingerprint of the certificate that the server presents. */
function fingerprint({ address: { port } }: ListenerManager, ca: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: HOST, port, ca, servername: "localhost" }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

pkiTest("ListenerManager.setTls() switches TLS on and off for new connections", async (pki) => {
  await withServer(settingsOf(pki), async (server) => {
    server.setTls(undefined);
    assert.match(await ask(server, pki), REFUSED);
    const plain = await fetch(`http://${HOST}:${server.address.port}/`);
    assert.equal(await plain.text(), "hello");
    server.setTls(settingsOf(pki));
    assert.match(await ask(server, pki), /^200/);
  });
});

pkiTest(
  "ListenerManager.setTls() ends open connections after a change, and only then",
  async (pki) => {
    await withServer(settingsOf(pki), async (server) => {
      const get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
      server.setTls(undefined);
      const plain = await RawConnection.open(server.address.port, get);
      await plain.readUntil("hello");
      server.setTls(undefined);
      await plain.send(get);
      assert.doesNotMatch(await plain.readUntil("hello", 2), /connection: close/i);
      server.setTls(settingsOf(pki));
      await plain.send(get);
      assert.match(await plain.readToEnd(), /connection: close[^]*hello$/i);
      plain.close();
    });
  },
);

pkiTest("a connection that never ends its handshake is closed within its time", async (pki) => {
  const limits = { ...SERVER_LIMITS, firstRequestMs: 100 };
  await withServer(
    settingsOf(pki),
    async (server) => {
      const silent = await RawConnection.open(server.address.port);
      assert.equal(await silent.readToEnd(), "");
      assert.equal(server.figures().connectionsClosed.timeout, 1);
      silent.close();
    },
    undefined,
    limits,
  );
});

pkiTest("a connection that ends before its handshake does not stay open", async (pki) => {
  await withServer(settingsOf(pki), async (server) => {
    const hasty = await RawConnection.open(server.address.port);
    await eventually("it is accepted", () => server.figures().connections === 1);
    hasty.close();
    await eventually("it is gone", () => server.figures().connections === 0);
  });
});

pkiTest("a response under way over TLS ends before the server does", async (pki) => {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const handler = async () => {
    reached.resolve();
    await opened.promise;
    return new Response("at last");
  };
  await withServer(settingsOf(pki), async (server) => {
    const response = ask(server, pki);
    await reached.promise;
    const closed = server.close({ timeoutMs: 10_000 });
    opened.resolve();
    assert.match(await response, /^200/);
    await closed;
  }, handler);
});

// Evidence for what src/server/web_config/unsupported.ts refuses. When one of these fails, Deno has
// learned it, and the setting can be offered.

async function withNodeServer(
  pki: Certificates,
  options: TlsOptions,
  body: (port: number) => Promise<void>,
): Promise<void> {
  const server = createServer(
    { cert: read(pki.serverCertFile), key: read(pki.serverKeyFile), ...options },
    (socket) => socket.end(),
  );
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  try {
    await body(address.port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** What OpenSSL's client tells of a connection. */
async function openssl(port: number, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("openssl", {
    args: ["s_client", "-connect", `${HOST}:${port}`, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

pkiTest("Deno ignores the cipher suites a server is given", async (pki) => {
  const ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384";
  await withNodeServer(pki, { ciphers, maxVersion: "TLSv1.2" }, async (port) => {
    const other = "ECDHE-ECDSA-CHACHA20-POLY1305";
    assert.match(
      await openssl(port, "-tls1_2", "-cipher", other),
      new RegExp(`Cipher is ${other}`),
    );
  });
});

pkiTest("Deno ignores the curves a server is given", async (pki) => {
  await withNodeServer(pki, { ecdhCurve: "P-384" }, async (port) => {
    assert.match(await openssl(port, "-tls1_3", "-groups", "X25519"), /X25519/);
  });
});

pkiTest("Deno does not tell the names of a certificate apart", async (_pki, directory) => {
  const file = `${directory}/names`;
  const config = "[req]\ndistinguished_name=d\n[d]\n[e]\nsubjectAltName=@a\n[a]\n" +
    'DNS.1="x, DNS:y"\n';
  await Deno.writeTextFile(`${file}.cnf`, config);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const files = ["-config", `${file}.cnf`, "-keyout", `${file}.key`, "-out", `${file}.pem`];
  const { success } = await new Deno.Command("openssl", {
    args: ["req", "-x509", ...key, "-subj", "/CN=x", "-extensions", "e", ...files],
    stderr: "null",
  }).output();
  assert.ok(success);
  // One name, and it reads as two.
  assert.equal(new X509Certificate(read(`${file}.pem`)).subjectAltName, "DNS:x, DNS:y");
});
