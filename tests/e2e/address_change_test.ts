/**
 * The address of the exporter changes while clients are connected.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createSimulator } from "../simulator/simulator.ts";
import { skipped, unlessOn } from "../testing/skipped.ts";
import { configText, eventually, type Exporter, freePort, withExporter } from "./harness.ts";

const KEY = "address-change-key";

/** For a page larger than what the system keeps for a client that does not read. */
const MANY_STORAGE_UNITS = 4800;

function configOf(host: string, port: number, primaryPort: number): unknown {
  const site = { site: "a", scheme: "http", host: "127.0.0.1", port: primaryPort, apiKey: KEY };
  return { server: { port, host }, nbuservers: [site] };
}

async function withPrimary(
  storageUnitCount: number,
  work: (primaryPort: number) => Promise<void>,
): Promise<void> {
  const simulator = createSimulator({ apiKey: KEY, storageUnitCount });
  const primary = await simulator.start();
  try {
    await work(primary.port);
  } finally {
    await primary.close();
  }
}

function reloads(exporter: Exporter): number {
  return exporter.log().split("applied the new configuration").length - 1;
}

async function reload(exporter: Exporter, config: unknown): Promise<void> {
  const before = reloads(exporter);
  await Deno.writeTextFile(exporter.configFile, configText(config));
  exporter.signal("SIGHUP");
  await eventually("the reload is done", () => reloads(exporter) > before);
}

async function complete(exporter: Exporter): Promise<void> {
  await eventually("the page is complete", async () => {
    const page = await exporter.metrics();
    return page.samples("nbu_disk_bytes").length >= MANY_STORAGE_UNITS;
  });
}

/** Asks for the page so often that the system cannot keep the responses, and reads one byte. */
async function slowReader(port: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const requests = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(8);
  await connection.write(new TextEncoder().encode(requests));
  assert.equal(await connection.read(new Uint8Array(1)), 1);
  return connection;
}

for (const wide of ["0.0.0.0", "::"]) {
  Deno.test({
    name:
      `18 changes between 127.0.0.1 and ${wide} on the same port lose no scrape of four clients`,
    // Elsewhere the old address is left first.
    ignore: skipped(`changes between 127.0.0.1 and ${wide} under load`, unlessOn("linux")),
    async fn() {
      await withPrimary(3, async (primaryPort) => {
        const port = freePort();
        await withExporter(
          { config: configOf("127.0.0.1", port, primaryPort) },
          async (exporter) => {
            let changing = true;
            let scrapes = 0;
            const clients = Array.from({ length: 4 }, async (_, index) => {
              const client = Deno.createHttpClient({ poolMaxIdlePerHost: index % 2 });
              while (changing) {
                const response = await fetch(`http://127.0.0.1:${port}/metrics`, { client });
                assert.equal(response.status, 200);
                await response.bytes();
                scrapes += 1;
              }
              client.close();
            });
            const change = async () => {
              for (let i = 0; i < 18; i++) {
                const host = i % 2 === 0 ? wide : "127.0.0.1";
                await reload(exporter, configOf(host, port, primaryPort));
                const address = host === "::" ? `[::]:${port}` : `${host}:${port}`;
                const page = await exporter.metrics();
                assert.equal(page.value("nbu_exporter_http_listening", { address }), 1);
              }
            };
            // Fails as soon as a scrape fails.
            await Promise.race([change(), Promise.all(clients)]);
            changing = false;
            await Promise.all(clients);
            assert.ok(scrapes > 18);
            assert.match(
              exporter.log(),
              new RegExp(
                `level=info msg="listening on http://(0\\.0\\.0\\.0|\\[::\\]):${port}"\\n`,
              ),
            );
          },
        );
      });
    },
  });
}

Deno.test("a client that reads slowly delays no reload, and with one more on the new port SIGTERM ends it in 10 seconds", async () => {
  await withPrimary(MANY_STORAGE_UNITS, async (primaryPort) => {
    const port = freePort();
    await withExporter({ config: configOf("127.0.0.1", port, primaryPort) }, async (exporter) => {
      await complete(exporter);
      const slow = [await slowReader(port)];
      const next = freePort();
      const begun = performance.now();
      await reload(exporter, configOf("127.0.0.1", next, primaryPort));
      // The draining of the old port takes 5 s and more, and is not waited for.
      assert.ok(performance.now() - begun < 5000);
      slow.push(await slowReader(next));
      const told = performance.now();
      exporter.signal("SIGTERM");
      assert.equal((await exporter.status).code, 0);
      // The promise itself, not a matter of speed.
      assert.ok(performance.now() - told < 10_000);
      for (const connection of slow) connection.close();
    });
  });
});

Deno.test("nothing of a reload is applied after the exporter was told to stop", async () => {
  await withPrimary(MANY_STORAGE_UNITS, async (primaryPort) => {
    const port = freePort();
    await withExporter({ config: configOf("127.0.0.1", port, primaryPort) }, async (exporter) => {
      await complete(exporter);
      const slow = await slowReader(port);
      const config = configOf("127.0.0.1", freePort(), primaryPort);
      await Deno.writeTextFile(exporter.configFile, configText(config));
      exporter.signal("SIGHUP");
      await eventually("it reloads", () => exporter.log().includes("reloading the configuration"));
      exporter.signal("SIGTERM");
      assert.equal((await exporter.status).code, 0);
      slow.close();
      const [, afterwards] = exporter.log().split("level=info msg=stopping");
      assert.ok(afterwards !== undefined);
      assert.doesNotMatch(afterwards, /in effect|reload failed/);
    });
  });
});
