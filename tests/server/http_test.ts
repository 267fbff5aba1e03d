import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { defineMetric } from "../../src/metrics/define.ts";
import { familyBuilder } from "../../src/metrics/family.ts";
import { MetricsPage } from "../../src/metrics/page/page.ts";
import { createApp } from "../../src/server/app.ts";
import { ListenerManager } from "../../src/server/listener_manager.ts";
import type { Logger } from "../../src/telemetry/logger.ts";
import { recordingLogger, testState } from "./_state.ts";

const HOST = "127.0.0.1";

async function serving(
  changes: Parameters<typeof testState>[0],
  work: (port: number, close: () => Promise<void>) => Promise<void>,
  logger: Logger = recordingLogger().logger,
): Promise<void> {
  const app = createApp(testState(changes));
  const handler = (request: Request) => app.fetch(request);
  const listener = await ListenerManager.start({ host: HOST, port: 0, handler, logger });
  const close = () => listener.close({ timeoutMs: 50 });
  try {
    await work(listener.address.port, close);
  } finally {
    await close();
  }
}

/** Sends a request as it is and reads until the server closes the connection. */
async function raw(port: number, request: string): Promise<{ head: string; body: Uint8Array }> {
  const connection = await Deno.connect({ hostname: HOST, port });
  await connection.write(new TextEncoder().encode(request));
  const bytes = new Uint8Array(await new Response(connection.readable).arrayBuffer());
  const end = new TextDecoder("latin1").decode(bytes).indexOf("\r\n\r\n");
  return {
    head: new TextDecoder().decode(bytes.subarray(0, end)).toLowerCase(),
    body: bytes.subarray(end + 4),
  };
}

function request(method: string, headers: readonly string[] = []): string {
  const lines = [`${method} /metrics HTTP/1.1`, "Host: x", "Connection: close", ...headers];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

Deno.test("the metrics page arrives over the wire with its length, plain and gzip", async () => {
  await serving({}, async (port) => {
    const plain = await raw(port, request("GET"));
    assert.match(plain.head, /^http\/1\.1 200 /);
    assert.match(plain.head, new RegExp(`\ncontent-length: ${plain.body.length}\r?(\n|$)`));
    assert.match(plain.head, /\nvary: accept, accept-encoding\r?(\n|$)/);
    const gzip = await raw(port, request("GET", ["Accept-Encoding: gzip"]));
    assert.match(gzip.head, /\ncontent-encoding: gzip\r?(\n|$)/);
    assert.deepEqual([...gunzipSync(gzip.body)], [...plain.body]);
  });
});

Deno.test("HEAD of the metrics page tells the length over the wire and sends no body", async () => {
  await serving({}, async (port) => {
    const get = await raw(port, request("GET"));
    const head = await raw(port, request("HEAD"));
    assert.match(head.head, new RegExp(`\ncontent-length: ${get.body.length}\r?(\n|$)`));
    assert.equal(head.body.length, 0);
  });
});

Deno.test("many scrapes at the same time all get the whole page", async () => {
  await serving({}, async (port) => {
    const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
    const url = `http://${HOST}:${port}/metrics`;
    const pages = await Promise.all(
      Array.from({ length: 50 }, async () => await (await fetch(url, { client })).text()),
    );
    client.close();
    assert.equal(new Set(pages).size, 1);
    assert.match(pages[0] ?? "", /nbu_up\{site="a"\} 1/);
  });
});

Deno.test("a client that does not read its response does not hold up the end", async () => {
  const volume = defineMetric("volume_bytes", "gauge", "Size", ["site"]);
  const family = familyBuilder(volume);
  for (let i = 0; i < 100_000; i++) family.set({ site: `${"x".repeat(200)}${i}` }, i);
  const page = new MetricsPage({ monotonic: () => performance.now(), own: () => [] });
  page.publish("a", [family.build()]);
  const rendered = Promise.withResolvers<void>();
  const { logger, lines } = recordingLogger();
  const changes = {
    metrics: async () => {
      const body = await page.body("text", "identity");
      rendered.resolve();
      return body;
    },
  };
  await serving(changes, async (port, close) => {
    const connection = await Deno.connect({ hostname: HOST, port });
    await connection.write(new TextEncoder().encode(request("GET")));
    await rendered.promise;
    await connection.read(new Uint8Array(1));
    await close();
    assert.match(lines.at(-1)?.message ?? "", /clients that do not read their response/);
    connection.close();
  }, logger);
});
