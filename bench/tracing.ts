/**
 * What traces cost: CPU time of the spans of one request, for each protocol, with 10 % of the traces
 * sampled and with all of them, as a share of what reading a page of jobs costs.
 *
 * The difference is far smaller than what other work on the machine does to a real request. So it is
 * taken from requests that are answered in memory, and set against the cost of real ones. Variants
 * take turns, and the least of all rounds counts: whatever disturbs a round only adds to it. The work
 * of a collector comes on top of a request, so in the exporter the share of traces is smaller still.
 *
 * ```
 * deno task bench tracing --rounds 5 --requests 200
 * ```
 *
 * @module
 */
import { systemClock } from "../src/base/clock.ts";
import { Secret } from "../src/base/secret.ts";
import type { NetBackupClient } from "../src/netbackup/api.ts";
import { createNetBackupClient } from "../src/netbackup/client.ts";
import type { Transport } from "../src/netbackup/transport.ts";
import { silentLogger } from "../tests/testing/silent_logger.ts";
import { noTracing } from "../src/telemetry/tracing.ts";
import type { RunningTracing } from "../src/telemetry/tracing/running.ts";
import { startSdk } from "../src/telemetry/tracing/sdk.ts";
import type { OtlpProtocol } from "../src/telemetry/tracing/settings.ts";
import { siteConfig } from "../tests/testing/site_config.ts";
import { numberLists, single } from "./flags.ts";
import { firstLine, processorSeconds, startDeno, stop } from "./process.ts";
import { digits, printTable } from "./table.ts";

const KEY = "bench-key";
const PAGE_ROWS = 100;
/** As in a poll of a few pages: one trace for each. */
const REQUESTS_PER_TRACE = 4;
const SAMPLING_RATES = [0.1, 1];
const PROTOCOLS: readonly OtlpProtocol[] = ["grpc", "http/protobuf"];

interface Variant {
  readonly name: string;
  /** Undefined makes no traces. */
  readonly start: (() => RunningTracing) | undefined;
  /** Least CPU time of one request so far, in milliseconds. */
  leastMs: number;
}

/** Measures, and prints a table. */
export async function benchTracing(args: readonly string[]): Promise<void> {
  const flags = numberLists(args, {
    rounds: [40],
    // With a span for each request and attempt, and one above four: all in one export.
    requests: [200],
  });
  const rounds = single("rounds", flags.rounds);
  const requests = single("requests", flags.requests);
  const primary = startDeno([
    ...["run", "-A", "tests/simulator/main.ts", "--port=0", `--key=${KEY}`],
    ...["--jobs-per-hour=1000", "--history-hours=2"],
  ], "piped");
  const receivers = PROTOCOLS.map((protocol) =>
    startDeno(["run", "-A", "bench/otlp_receiver.ts", protocol], "piped")
  );
  try {
    const { port } = JSON.parse(await firstLine(primary));
    const ports = await Promise.all(receivers.map(firstLine));
    const variants = startVariants(ports);
    const real = clientOf(port);
    const inMemory = clientOf(port, memoryTransport());
    let realMs = Infinity;
    // The first round is there to have all code compiled.
    for (let round = 0; round <= rounds; round++) {
      const realRequests = Math.max(REQUESTS_PER_TRACE, requests / 10);
      const once = await cpuPerRequest(real, undefined, realRequests);
      if (round > 0) realMs = Math.min(realMs, once);
      for (const variant of variants) {
        const ms = await cpuPerRequest(inMemory, variant.start, requests);
        if (round > 0) variant.leastMs = Math.min(variant.leastMs, ms);
      }
    }
    printResult(variants, realMs);
    await Promise.all([real.close(), inMemory.close()]);
  } finally {
    await Promise.all([primary, ...receivers].map(stop));
  }
}

function startVariants(ports: readonly string[]): Variant[] {
  const variants: Variant[] = [{ name: "no traces", start: undefined, leastMs: Infinity }];
  PROTOCOLS.forEach((protocol, index) => {
    for (const samplingRate of SAMPLING_RATES) {
      const settings = {
        ...{ enabled: true, endpoint: `127.0.0.1:${ports[index]}`, protocol, insecure: true },
        ...{ samplingRate, headers: undefined, ca: undefined },
      };
      const build = { version: "bench", commit: "bench" };
      const start = () => startSdk(settings, { logger: silentLogger, build });
      variants.push({ name: `${protocol}, ${samplingRate * 100} %`, start, leastMs: Infinity });
    }
  });
  return variants;
}

function clientOf(port: number, transport?: Transport): NetBackupClient {
  return createNetBackupClient(
    siteConfig({
      ...{ scheme: "http", host: "127.0.0.1", port, apiKey: new Secret(KEY) },
      baseUrl: `http://127.0.0.1:${port}/netbackup`,
    }),
    {
      clock: systemClock,
      logger: silentLogger,
      observer: { request() {}, retry() {}, rowsRejected() {} },
      ...(transport ? { transport } : {}),
    },
  );
}

function memoryTransport(): Transport {
  const headers = { "content-type": "application/vnd.netbackup+json;version=14.0" };
  return {
    send: () => Promise.resolve(new Response('{"data":[]}', { headers })),
    close() {},
  };
}

/** CPU time of one request, its share of the export included, in milliseconds. */
async function cpuPerRequest(
  client: NetBackupClient,
  start: (() => RunningTracing) | undefined,
  requests: number,
): Promise<number> {
  const query = { "filter": "state eq 'DONE'", "sort": "endTime", "page[limit]": PAGE_ROWS };
  const { signal } = new AbortController();
  const before = processorSeconds();
  const running = start?.();
  const tracing = running?.tracing ?? noTracing;
  let sent = 0;
  while (sent < requests) {
    await tracing.span("nbu.collect", () => ({ "nbu.site": "bench" }), async (_span, inner) => {
      const context = { signal, deadline: Infinity, tracing: inner };
      for (let page = 0; page < REQUESTS_PER_TRACE; page++, sent++) {
        await client.getJson({ endpoint: "/admin/jobs", version: "14.0", query }, context);
      }
    });
  }
  await running?.close();
  return (1000 * (processorSeconds() - before)) / sent;
}

function printResult(variants: readonly Variant[], realMs: number): void {
  const plainMs = variants[0]?.leastMs ?? NaN;
  printTable(
    `Traces; reading a page of ${PAGE_ROWS} jobs takes ${digits(realMs)} ms of CPU time`,
    [
      ["", "spans of one request, µs", "share of a request"],
      ...variants.slice(1).map(({ name, leastMs }) => {
        const spansMs = leastMs - plainMs;
        return [name, digits(spansMs * 1000, 0), `${digits(100 * spansMs / realMs, 1)} %`];
      }),
    ],
  );
}
