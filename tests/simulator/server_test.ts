import assert from "node:assert/strict";
import { makeCertificates } from "../testing/certificates.ts";
import { createSimulator, type RunningSimulator, type Simulator } from "./simulator.ts";

const HEADERS = {
  authorization: "simulator-key",
  accept: "application/vnd.netbackup+json;version=14.0",
};

async function running(
  simulator: Simulator,
  use: (server: RunningSimulator) => Promise<void>,
): Promise<void> {
  const server = await simulator.start();
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

const get = (server: RunningSimulator, path: string, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, { headers: HEADERS, ...init });

Deno.test("server: responds over HTTP on a port of its own", async () => {
  const simulator = createSimulator({ storageUnitCount: 3 });
  await running(simulator, async (server) => {
    const response = await get(server, "/storage/storage-units");
    assert.equal(response.status, 200);
    const body = await response.json();
    assert.equal(body.data.length, 3);
    assert.ok(body.links.self.href.startsWith("http://127.0.0.1:"));
    assert.equal(simulator.requests.count(), 1);
  });
});

Deno.test("server: responds over TLS with the certificate it was given", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const files = await makeCertificates(directory);
    const read = (file: string) => Deno.readTextFileSync(file);
    const tls = { cert: read(files.serverCertFile), key: read(files.serverKeyFile) };
    const server = await createSimulator().start({ hostname: "127.0.0.1", tls });
    const client = Deno.createHttpClient({ caCerts: [read(files.caFile)] });
    try {
      assert.ok(server.url.startsWith("https://"));
      const response = await fetch(`${server.url}/ping`, { client });
      assert.match(await response.text(), /^\d+$/);
    } finally {
      client.close();
      await server.close();
    }
    await assert.rejects(fetch(`${server.url}/ping`));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("server: a dropped connection ends before any response, and the next one works", async () => {
  const simulator = createSimulator();
  simulator.faults.add({ kind: "drop", count: 1 });
  await running(simulator, async (server) => {
    // A POST, as clients repeat a GET by themselves on a connection that just ended.
    await assert.rejects(get(server, "/admin/jobs", { method: "POST", body: "x" }), TypeError);
    assert.equal((await (await get(server, "/ping")).text()).length > 0, true);
  });
});

Deno.test("server: a truncated body is an error to the reader", async () => {
  for (const declareLength of [true, false]) {
    const simulator = createSimulator();
    simulator.faults.add({ kind: "truncate", declareLength });
    await running(simulator, async (server) => {
      const response = await get(server, "/storage/storage-units");
      assert.equal(response.status, 200);
      await assert.rejects(response.text(), TypeError);
    });
  }
});

Deno.test("server: a hanging request ends with the client or with the server", async () => {
  const simulator = createSimulator();
  simulator.faults.add({ kind: "hang" });
  await running(simulator, async (server) => {
    await assert.rejects(get(server, "/admin/jobs", { signal: AbortSignal.timeout(50) }));
    const hanging = assert.rejects(get(server, "/admin/jobs"), TypeError);
    while (simulator.requests.count() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await server.close();
    await hanging;
  });
});

Deno.test("server: latency delays real responses", async () => {
  await running(createSimulator({ latencyMs: 80 }), async (server) => {
    const begin = performance.now();
    await (await get(server, "/ping")).text();
    assert.ok(performance.now() - begin >= 75);
  });
});

Deno.test("server: closing ends waits and idle connections at once", async () => {
  const simulator = createSimulator({ latencyMs: 60_000 });
  const server = await simulator.start();
  const waiting = assert.rejects(get(server, "/ping"), TypeError);
  while (simulator.requests.count() < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  await server.close();
  await waiting;
});
