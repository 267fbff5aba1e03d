/**
 * Which server sends a large page fastest, and at what cost: bare servers on `Deno.serve` and on
 * `node:http`, and the exporter's own with its limits.
 *
 * The page has 20,000 series, 2 MB plain; its gzip form is sent as it is. `deno run -A
 * bench/scrape_servers.ts` needs the Debian package `wrk`.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { isInstalled } from "../scripts/command.ts";
import { V8_FLAGS } from "../scripts/run_flags.ts";
import { firstLine, startDeno, stop } from "./process.ts";
import { digits, printTable } from "./table.ts";

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
    import { silentLogger } from "${new URL("../src/telemetry/logger.ts", import.meta.url)}";
    const app = new Hono();
    app.get("*", (c) => c.body(sharedBody(body), 200, { "Content-Type": "text/plain" }));
    const manager = await ListenerManager.start({
      host: "127.0.0.1", port: 0, logger: silentLogger, handler: (request) => app.fetch(request),
    });
    console.log(manager.address.port);`,
};

/** Measures, and prints a table for each coding of the page. */
export async function benchScrapeServers(): Promise<void> {
  if (!await isInstalled("wrk")) {
    throw new Error('this benchmark needs "wrk": install the Debian package of that name');
  }
  const plain = new TextEncoder().encode(page());
  for (const [coding, bytes] of [["plain", plain], ["gzip", gzipSync(plain)]] as const) {
    const file = await Deno.makeTempFile();
    await Deno.writeFile(file, bytes);
    const rows = [["server", "clients", "requests/s", "not 200", "CPU, µs/request", "RSS, MB"]];
    for (const clients of CLIENTS) {
      for (const [name, source] of Object.entries(SERVERS)) {
        rows.push([name, String(clients), ...await measure(source, file, clients)]);
      }
    }
    printTable(`a page of ${bytes.length} bytes (${coding}), ${SECONDS} s each`, rows);
    await Deno.remove(file);
  }
}

async function measure(source: string, file: string, clients: number): Promise<string[]> {
  const program = await Deno.makeTempFile({
    dir: new URL(".", import.meta.url).pathname,
    prefix: "server_",
    suffix: ".ts",
  });
  await Deno.writeTextFile(program, `const body = Deno.readFileSync(Deno.args[0]);${source}`);
  const child = startDeno(["run", "-A", "--no-check", V8_FLAGS, program, file], "piped");
  try {
    const url = `http://127.0.0.1:${await firstLine(child)}/metrics`;
    const before = await costs(child.pid);
    const args = ["-t1", `-c${clients}`, `-d${SECONDS}`, url];
    const { stdout } = await new Deno.Command("wrk", { args }).output();
    const after = await costs(child.pid);
    const report = new TextDecoder().decode(stdout);
    const requests = Number(/(\d+) requests in/.exec(report)?.[1]);
    const refused = /Non-2xx or 3xx responses: (\d+)/.exec(report)?.[1] ?? "0";
    return [
      /Requests\/sec:\s+([\d.]+)/.exec(report)?.[1] ?? "none",
      refused,
      digits((1e6 * (after.cpuSeconds - before.cpuSeconds)) / requests, 0),
      `${digits(before.residentMb, 0)} to ${digits(after.residentMb, 0)}`,
    ];
  } finally {
    await stop(child);
    await Deno.remove(program);
  }
}

/** Processor time and resident memory of a process. Linux only. */
async function costs(pid: number): Promise<{ cpuSeconds: number; residentMb: number }> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    residentMb: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024,
  };
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

if (import.meta.main) await benchScrapeServers();
