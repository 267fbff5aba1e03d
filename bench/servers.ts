/**
 * Which server sends a large page fastest, and at what cost: bare servers on `Deno.serve` and on
 * `node:http`, and the exporter's own with its limits. It is why the exporter's is `node:http`, to be
 * run again whenever Deno is updated.
 *
 * The page has 20,000 series, 2 MB plain; its gzip form is sent as it is.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { isInstalled } from "../scripts/command.ts";
import { V8_FLAGS } from "../scripts/run_flags.ts";
import { type Encoding, ENCODINGS } from "./page.ts";
import { costsOf, firstLine, startDeno, stop } from "./process.ts";
import { digits, printTable } from "./table.ts";
import { load } from "./wrk.ts";

const SERIES = 20_000;
const CLIENTS = [4, 200];
const SECONDS = 5;

/** The servers, each a program that takes the file of the page and prints its port. */
const SERVERS: Readonly<Record<string, string>> = {
  "Deno.serve": `
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () =>
      new Response(body, { headers: { "Content-Type": "text/plain" } }));
    console.log(server.addr.port);`,
  "node:http": `
    import { createServer } from "node:http";
    const server = createServer((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": body.length });
      response.end(body);
    }).listen(0, "127.0.0.1", () => console.log(server.address().port));`,
  "the exporter's": `
    import { Hono } from "hono";
    import { sharedBody } from "${new URL("../src/server/exchange.ts", import.meta.url)}";
    import { ListenerManager } from "${new URL(
    "../src/server/listener_manager.ts",
    import.meta.url,
  )}";
    import { silentLogger } from "${new URL("../tests/testing/silent_logger.ts", import.meta.url)}";
    const app = new Hono();
    app.get("*", (c) => c.body(sharedBody(body), 200, { "Content-Type": "text/plain" }));
    const manager = await ListenerManager.start({
      host: "127.0.0.1", port: 0, logger: silentLogger, handler: (request) => app.fetch(request),
    });
    console.log(manager.address.port);`,
};

/** Measures, and prints a table for each coding of the page. */
export async function benchServers(): Promise<void> {
  if (!await isInstalled("wrk")) {
    throw new Error('this benchmark needs "wrk": install the Debian package of that name');
  }
  const plain = new TextEncoder().encode(page());
  for (const encoding of ENCODINGS) {
    const bytes = encoding === "gzip" ? gzipSync(plain) : plain;
    const file = await Deno.makeTempFile();
    await Deno.writeFile(file, bytes);
    const rows = [["server", "clients", "requests/s", "failed", "CPU, µs/request", "RSS, MB"]];
    for (const clients of CLIENTS) {
      for (const [name, source] of Object.entries(SERVERS)) {
        rows.push([name, String(clients), ...await measure(source, file, encoding, clients)]);
      }
    }
    printTable(`A page of ${bytes.length} bytes (${encoding}), ${SECONDS} s each`, rows);
    await Deno.remove(file);
  }
}

async function measure(
  source: string,
  file: string,
  encoding: Encoding,
  clients: number,
): Promise<string[]> {
  const program = await Deno.makeTempFile({
    dir: new URL(".", import.meta.url).pathname,
    prefix: "server_",
    suffix: ".ts",
  });
  await Deno.writeTextFile(program, `const body = Deno.readFileSync(Deno.args[0]);${source}`);
  const child = startDeno(["run", "-A", "--no-check", V8_FLAGS, program, file], "piped");
  try {
    const url = `http://127.0.0.1:${await firstLine(child)}/metrics`;
    const before = await costsOf(child.pid);
    const { perSecond, failed } = await load(url, encoding, clients, SECONDS);
    const after = await costsOf(child.pid);
    const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
    return [
      digits(perSecond, 0),
      String(failed),
      digits((1e6 * cpuSeconds) / (perSecond * SECONDS), 0),
      `${digits(before.residentBytes / 1e6, 0)} to ${digits(after.residentBytes / 1e6, 0)}`,
    ];
  } finally {
    await stop(child);
    await Deno.remove(program);
  }
}

function page(): string {
  const lines = Array.from({ length: SERIES }, (_, i) => {
    const labels = [
      `site="primary-${i % 10}"`,
      `action="BACKUP"`,
      `policy_type="TYPE_${i % 97}"`,
      `status="${i}"`,
    ];
    return `nbu_jobs_count{${labels.join(",")}} ${(i * 7919) % 1_000_003}\n`;
  });
  return `# TYPE nbu_jobs_count gauge\n${lines.join("")}`;
}
