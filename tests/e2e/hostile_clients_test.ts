/**
 * Clients, pipes and limits that are not as they should be, against the real program.
 *
 * @module
 */
import assert from "node:assert/strict";
import { skipped, unlessOn } from "../testing/skipped.ts";
import { createSimulator } from "../simulator/simulator.ts";
import {
  eventually,
  type Exporter,
  type ExporterOptions,
  freePort,
  withExporter,
} from "./harness.ts";

const KEY = "hostile-clients-key";
const noLimits = skipped("limits on files, and the memory of the process", unlessOn("linux"));

/** For a page of 3 MB. */
const MANY_STORAGE_UNITS = 4800;

/** For a page that is larger than what the system keeps of a response that is not read. */
const MAX_STORAGE_UNITS = 12_000;

async function withPrimary(
  storageUnitCount: number,
  work: (config: unknown) => Promise<void>,
  siteCount = 1,
): Promise<void> {
  const simulator = createSimulator({ apiKey: KEY, storageUnitCount });
  const primary = await simulator.start();
  const site = { scheme: "http", host: "127.0.0.1", port: primary.port, apiKey: KEY };
  const server = { port: freePort(), host: "127.0.0.1", collectionInterval: "1s", cacheTTL: "1s" };
  const sites = Array.from({ length: siteCount }, (_, i) => ({ site: `s${i}`, ...site }));
  try {
    // A page of tens of megabytes is the point here: no bound on series.
    const collectors = { storage: { maxSeries: 1_000_000 } };
    await work({ server, nbuservers: sites, collectors });
  } finally {
    await primary.close();
  }
}

/** Starts the exporter and waits until its page is complete. */
async function withPage(
  options: Omit<ExporterOptions, "directory" | "config"> & { storageUnits: number },
  work: (exporter: Exporter, config: unknown) => Promise<void>,
): Promise<void> {
  await withPrimary(options.storageUnits, async (config) => {
    await withExporter({ ...options, config }, async (exporter) => {
      await eventually("the page is complete", async () => {
        const page = await exporter.metrics();
        return page.samples("nbu_disk_bytes").length >= options.storageUnits;
      });
      await work(exporter, config);
    });
  });
}

/** Resident memory of a process, in MB. Linux only. */
async function residentMb({ pid }: Exporter): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** The same once scrapes, one after the other, take no more of it. */
async function residentMbAtRest(exporter: Exporter): Promise<number> {
  let most = 0;
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 40; i++) await scrape(exporter.port);
    const now = await residentMb(exporter);
    if (now < most + 3) break;
    most = now;
  }
  return most;
}

/** A scrape on a connection of its own. */
async function scrape(port: number): Promise<number> {
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  try {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { client });
    await response.bytes();
    return response.status;
  } finally {
    client.close();
  }
}

async function withConnections(
  port: number,
  count: number,
  text: string | Uint8Array,
  work: (connections: Deno.TcpConn[]) => Promise<void>,
): Promise<void> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const connections: Deno.TcpConn[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      connections.push(connection);
      // A connection that is refused may not take it.
      if (bytes.length > 0) await connection.write(bytes).catch(() => {});
    }
    await work(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

const GET = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";

Deno.test("a reader of standard output that stalls holds up no scrape and no SIGTERM", async () => {
  await withPrimary(200, async (config) => {
    const options = { config, args: ["--trace", "--debug"], unreadOutput: true };
    await withExporter(options, async (exporter) => {
      await eventually("lines are dropped", async () => {
        const page = await exporter.metrics();
        return (page.value("nbu_exporter_log_lines_dropped_total", { sink: "stdout" }) ?? 0) > 0;
      });
      const started = performance.now();
      exporter.signal("SIGTERM");
      assert.equal((await exporter.status).code, 0);
      // The promise itself, not a matter of speed.
      assert.ok(performance.now() - started < 10_000);
    });
  }, 5);
});

Deno.test({
  name: "hundreds of idle connections keep no scrape from its turn",
  ignore: noLimits,
  async fn() {
    await withPage({ storageUnits: 3, maxOpenFiles: 1024 }, async (exporter) => {
      await withConnections(exporter.port, 995, "", async () => {
        assert.equal(await scrape(exporter.port), 200);
        const closed = async (reason: string) => {
          const page = await exporter.metrics();
          return page.value("nbu_exporter_http_connections_closed_total", { reason }) ?? 0;
        };
        // The page may be up to a second old.
        await eventually("those beyond the limit are closed", async () => {
          return await closed("limit") > 700;
        });
        await eventually("the others are closed when their time is over", async () => {
          return await closed("timeout") > 200;
        });
      });
      assert.equal(await scrape(exporter.port), 200);
    });
  },
});

Deno.test({
  name: "the port survives that file descriptors run out",
  ignore: noLimits,
  async fn() {
    await withPage({ storageUnits: 3, maxOpenFiles: 100 }, async (exporter) => {
      // Fewer than the exporter allows, and more than it can get.
      await withConnections(exporter.port, 200, "", async () => {
        await eventually("descriptors have run out", async () => {
          const open = await Array.fromAsync(Deno.readDir(`/proc/${exporter.pid}/fd`));
          return open.length >= 99;
        });
      });
      await eventually("it accepts connections again", async () => {
        const response = scrape(exporter.port);
        const late = new Promise<void>((resolve) => setTimeout(resolve, 2000));
        return await Promise.race([response, late]) === 200;
      });
      const address = `127.0.0.1:${exporter.port}`;
      await eventually("the restart is counted", async () => {
        const page = await exporter.metrics();
        return (page.value("nbu_exporter_http_listener_restarts_total") ?? 0) >= 1 &&
          page.value("nbu_exporter_http_listening", { address }) === 1;
      });
      assert.match(
        exporter.log(),
        /level=error msg="listener stopped accepting connections: reopened/,
      );
    });
  },
});

Deno.test({
  name: "clients that read nothing hold no page each",
  ignore: noLimits,
  async fn() {
    await withPage({ storageUnits: MAX_STORAGE_UNITS }, async (exporter) => {
      const before = await residentMbAtRest(exporter);
      await withConnections(exporter.port, 200, GET, async () => {
        await eventually("all have been answered, refused or begun", async () => {
          const page = await exporter.metrics().catch(() => undefined);
          return page !== undefined || await scrape(exporter.port) === 503;
        });
        const grown = await residentMb(exporter) - before;
        // All share their bytes. When each of 200 clients had a page of its own it was 800 MB.
        assert.ok(grown < 150, `grew by ${grown} MB`);
      });
    });
  },
});

Deno.test({
  name: "a page is copied for no scrape",
  ignore: noLimits,
  async fn() {
    await withPage({ storageUnits: MANY_STORAGE_UNITS }, async (exporter) => {
      const before = await residentMbAtRest(exporter);
      await Promise.all(Array.from({ length: 4 }, async () => {
        for (let i = 0; i < 60; i++) assert.equal(await scrape(exporter.port), 200);
      }));
      const grown = await residentMb(exporter) - before;
      // A copy of each of the four pages under way, left in the heap of the C library, was 85 MB.
      assert.ok(grown < 60, `grew by ${grown} MB`);
    });
  },
});

Deno.test({
  name: "HTTP/2 without encryption holds no response",
  ignore: noLimits,
  async fn() {
    await withPage({ storageUnits: MANY_STORAGE_UNITS }, async (exporter) => {
      const before = await residentMbAtRest(exporter);
      await withConnections(exporter.port, 4, http2Requests(200), async (connections) => {
        for (const connection of connections) {
          const response = new Uint8Array(1000);
          const count = await connection.read(response).catch(() => null) ?? 0;
          const text = new TextDecoder().decode(response.subarray(0, count));
          assert.match(text, /^(HTTP\/1\.1 400 [^]*)?$/);
        }
        assert.equal(await scrape(exporter.port), 200);
        const grown = await residentMb(exporter) - before;
        assert.ok(grown < 50, `grew by ${grown} MB`);
      });
    });
  },
});

/** Preface, a window of 0, and so many `GET /metrics` (RFC 9113, RFC 7541). */
function http2Requests(count: number): Uint8Array {
  const frame = (type: number, flags: number, stream: number, payload: number[]) => [
    ...[0, payload.length >> 8, payload.length & 255, type, flags],
    ...[stream >> 24, (stream >> 16) & 255, (stream >> 8) & 255, stream & 255],
    ...payload,
  ];
  const literal = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  // :method GET, :scheme http, :path and :authority as literals.
  const headers = [0x82, 0x86, 0x04, ...literal("/metrics"), 0x01, ...literal("x")];
  const settings = frame(4, 0, 0, [0, 4, 0, 0, 0, 0]);
  const requests = Array.from({ length: count }, (_, i) => frame(1, 5, 2 * i + 1, headers)).flat();
  const preface = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  return new Uint8Array([...preface, ...settings, ...requests]);
}
