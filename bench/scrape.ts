/**
 * The cost of a scrape: a page of many series, plain and gzip, against a server that sends the same
 * bytes and does nothing else.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { get, type IncomingMessage } from "node:http";
import { isInstalled } from "../scripts/command.ts";
import { digits, printTable } from "./table.ts";
import { withWorld } from "./world.ts";

/** Five series and more of each: about 20,000 in all. */
const STORAGE_UNITS = 4800;
const REQUESTS = 400;
const CONCURRENCY = 4;

/** Measures, and prints a table. */
export async function benchScrape(): Promise<void> {
  if (!await isInstalled("hey")) {
    throw new Error('this benchmark needs "hey": install the Debian package of that name');
  }
  const options = { jobsPerHour: 1000, storageUnits: STORAGE_UNITS, latencyMs: 0 };
  await withWorld(options, async (world) => {
    await world.collected("storage");
    const page = await world.collected("jobs");
    const series = page.names.reduce((total, name) => total + page.samples(name).length, 0);
    const rows = [["", "bytes", "p50, ms", "p99, ms", "requests/s", "of the bare server's"]];
    for (const encoding of ["identity", "gzip"] as const) {
      const url = `${world.exporter}/metrics`;
      const bytes = await bodyOf(url, encoding);
      await load(url, encoding, 20);
      const exporter = await load(url, encoding, REQUESTS);
      const bare = await withBareServer(bytes, (bareUrl) => load(bareUrl, encoding, REQUESTS));
      rows.push([
        encoding === "gzip" ? "gzip" : "plain",
        String(bytes.length),
        digits(exporter.p50),
        digits(exporter.p99),
        digits(exporter.perSecond, 0),
        `${digits((100 * exporter.perSecond) / bare.perSecond, 0)} %`,
      ]);
    }
    printTable(`GET /metrics with ${series} series, ${CONCURRENCY} clients at a time`, rows);
  });
}

interface Load {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

/** Puts load on a URL with hey. */
async function load(url: string, encoding: string, requests: number): Promise<Load> {
  const started = performance.now();
  const { stdout, success } = await new Deno.Command("hey", {
    args: [
      "-n",
      String(requests),
      "-c",
      String(CONCURRENCY),
      "-o",
      "csv",
      "-disable-compression",
      "-H",
      `Accept-Encoding: ${encoding}`,
      url,
    ],
    stderr: "inherit",
  }).output();
  const wall = (performance.now() - started) / 1000;
  const table = new TextDecoder().decode(stdout).trim().split("\n").slice(1).map((line) =>
    line.split(",")
  );
  if (!success || table.length !== requests || table.some((row) => row[6] !== "200")) {
    throw new Error(`hey got ${table.length} of ${requests} answers from ${url}`);
  }
  const times = table.map((row) => Number(row[0]) * 1000).sort((a, b) => a - b);
  const quantile = (q: number) =>
    times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? NaN;
  return { p50: quantile(0.5), p99: quantile(0.99), perSecond: requests / wall };
}

/** The bytes as they are on the wire: `fetch` would decompress them. */
async function bodyOf(url: string, encoding: string): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { "accept-encoding": encoding } }, resolve).on("error", reject);
  });
  for await (const chunk of response) chunks.push(chunk);
  return Uint8Array.from(Buffer.concat(chunks));
}

/** Runs `body` with a server that sends these bytes and does nothing else. */
async function withBareServer<T>(
  bytes: Uint8Array<ArrayBuffer>,
  body: (url: string) => Promise<T>,
): Promise<T> {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  const data = await Deno.makeTempFile();
  await Deno.writeFile(data, bytes);
  await Deno.writeTextFile(
    script,
    `const body = await Deno.readFile(${JSON.stringify(data)});
const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () =>
  new Response(body));
console.log(server.addr.port);`,
  );
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script],
    stdout: "piped",
    stdin: "null",
  }).spawn();
  try {
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { value } = await reader.read();
    return await body(`http://127.0.0.1:${Number(value)}/`);
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await Deno.remove(script);
    await Deno.remove(data);
  }
}
