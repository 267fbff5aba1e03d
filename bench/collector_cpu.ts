/**
 * Processor time of one run of a collector: request, parsing and series, without the primary. The
 * responses of a simulated primary are recorded first, and then played back.
 *
 * @module
 */
import { Secret } from "../src/base/secret.ts";
import type { Collector, CollectorDefinition } from "../src/collectors/collector.ts";
import { jobs } from "../src/collectors/jobs.ts";
import { newTreeMap } from "../src/config/tree.ts";
import { createNetBackupClient } from "../src/netbackup/client.ts";
import type { Transport } from "../src/netbackup/transport.ts";
import { EndpointSupport } from "../src/site/endpoint_support.ts";
import { createListReader } from "../src/site/list_reader.ts";
import { createRequestStats } from "../src/site/request_stats.ts";
import { createSessionHolder } from "../src/site/session.ts";
import { silentLogger } from "../tests/testing/silent_logger.ts";
import { unlimited } from "../tests/testing/fake_client.ts";
import { createFakeClock, type FakeClock } from "../tests/testing/fake_clock.ts";
import { configOf, siteConfig } from "../tests/testing/site_config.ts";
import { KEY, simulatedSite } from "../scripts/cost/site.ts";
import { ALL_OPTIONS } from "../tests/simulator/collector_options.ts";
import { processorSeconds } from "./process.ts";

/** Runs that are measured unless it is said, after one that reads much for the first time. */
const RUNS = 10;
const WINDOW_MS = 3_600_000;
const HOUR_MS = 3_600_000;

/** What a run costs. */
export interface RunCost {
  /** Mean of the runs, the first one apart. */
  readonly cpuSeconds: number;
  readonly runsPerHour: number;
}

interface Recorded {
  readonly status: number;
  readonly headers: readonly [string, string][];
  readonly body: string;
}

/**
 * Measures a collector.
 *
 * @throws Error What the collector throws.
 */
export async function measureRun(
  definition: CollectorDefinition,
  runs = RUNS,
): Promise<RunCost> {
  let cpuSeconds = NaN;
  const recorded = new Map<string, Recorded>();
  const simulated = createFakeClock();
  await runAll(definition, runs, simulated, recorder(simulated, recorded));
  // What is compiled the first time is not part of the steady cost.
  for (let round = 0; round < 2; round++) {
    const clock = createFakeClock();
    cpuSeconds = await runAll(definition, runs, clock, player(clock, recorded));
  }
  return { cpuSeconds: cpuSeconds / runs, runsPerHour: HOUR_MS / intervalOf(definition) };
}

type Send = Transport["send"];

/** How often it runs by default, in milliseconds. */
function intervalOf({ interval }: CollectorDefinition): number {
  return interval(configOf([]).server);
}

/** Asks a simulated primary, and keeps what it responds at each time. */
function recorder(clock: FakeClock, recorded: Map<string, Recorded>): Send {
  const simulator = simulatedSite(clock);
  return async ({ url, method, headers, signal }) => {
    const response = await simulator.fetch(new Request(url, { method, headers, signal }));
    response.headers.set("date", new Date(clock.now()).toUTCString());
    const { status } = response;
    const body = await response.text();
    const kept = { status, headers: [...response.headers], body };
    recorded.set(`${clock.now()} ${url}`, kept);
    return responseOf(kept);
  };
}

/** Responds as was recorded at the same time. */
function player(clock: FakeClock, recorded: ReadonlyMap<string, Recorded>): Send {
  return ({ url }) => {
    const response = recorded.get(`${clock.now()} ${url}`);
    if (!response) throw new Error(`${url} was not asked for when it was recorded`);
    return Promise.resolve(responseOf(response));
  };
}

function responseOf({ status, headers, body }: Recorded): Response {
  return new Response(body, { status, headers: headers.map(([name, value]) => [name, value]) });
}

/** Runs a collector again and again. @returns Processor time of all runs but the first, in seconds. */
async function runAll(
  definition: CollectorDefinition,
  runs: number,
  clock: FakeClock,
  send: Send,
): Promise<number> {
  const config = siteConfig({ apiKey: new Secret(KEY) });
  const client = createNetBackupClient(config, {
    clock,
    logger: silentLogger,
    observer: createRequestStats("a", [], clock),
    transport: {
      send,
      webCertificate: () => Promise.resolve({ subject: "primary", notAfterMs: clock.now() }),
      close() {},
    },
  });
  const session = createSessionHolder({
    ...{ site: "a", client, clock, logger: silentLogger },
    configuredVersion: "14.0",
    pollIntervalMs: 300_000,
  });
  const support = new EndpointSupport(() => clock.monotonic());
  const collect = async (collector: Collector) => {
    const request = unlimited();
    await collector.collect({
      ...{ site: "a", request, clock, logger: silentLogger, windowMs: WINDOW_MS },
      session: await session.ensure(request),
      lists: createListReader({ site: "a", session, support, request }),
    });
  };
  const create = ({ name, create }: CollectorDefinition) =>
    create({
      site: "a",
      primary: config.baseUrl,
      options: Object.assign(newTreeMap(), ALL_OPTIONS[name]),
      state: undefined,
    });
  const collector = create(definition);
  const reader = definition.needsJobs ? create(jobs) : undefined;
  if (reader) collector.follow?.(reader.completions);
  let seconds = 0;
  try {
    for (let run = 0; run <= runs; run++) {
      if (reader) await collect(reader);
      const before = processorSeconds();
      await collect(collector);
      if (run > 0) seconds += processorSeconds() - before;
      await clock.advance(intervalOf(definition));
    }
  } finally {
    await client.close({ timeoutMs: 0 });
  }
  return seconds;
}
