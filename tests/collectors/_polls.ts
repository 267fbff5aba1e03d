/**
 * The real ledger over a simulated primary, with collectors that follow it, polled by hand.
 *
 * @module
 */
import type { Collector, CollectorDefinition } from "../../src/collectors/collector.ts";
import { jobs } from "../../src/collectors/jobs.ts";
import { newTreeMap } from "../../src/config/tree.ts";
import type { MetricFamily } from "../../src/metrics/types.ts";
import { createNetBackupClient } from "../../src/netbackup/client.ts";
import { EndpointSupport } from "../../src/site/endpoint_support.ts";
import { createListReader } from "../../src/site/list_reader.ts";
import { createRequestStats } from "../../src/site/request_stats.ts";
import { createSessionHolder } from "../../src/site/session.ts";
import { openStateDirectory } from "../../src/state/directory.ts";
import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
  type TrueJob,
  type Truth,
} from "../simulator/simulator.ts";
import { unlimited } from "../testing/fake_client.ts";
import { createFakeClock, type FakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger, type LogRecord } from "../testing/recording_logger.ts";
import { siteConfig } from "../testing/site_config.ts";

/** A primary and what follows its jobs. */
export interface Polls {
  readonly simulator: Simulator;
  readonly clock: FakeClock;
  readonly records: readonly LogRecord[];
  /** Reads the jobs, then runs the collector that follows them. Gives what that publishes. */
  poll(): Promise<readonly MetricFamily[]>;
  /** What a restart of the exporter leaves: the checkpoint. */
  restart(): Promise<void>;
}

/** An end of a job, as a poll could see it. */
export interface SeenEnd {
  readonly job: TrueJob;
  readonly endMs: number;
}

/**
 * The ends of jobs that polls could see, gathered at each of them: a job that ends, is resumed, and
 * runs again at the next poll has not ended for anybody who asks.
 */
export class SeenEnds {
  readonly #ends = new Map<string, SeenEnd>();
  readonly #startMs: number;

  /** @param startMs What ended before is none of ours. */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** All so far, the present ones among them. */
  at(truth: Truth): readonly SeenEnd[] {
    for (const job of truth.finishedBetween(this.#startMs)) {
      const { jobId, endTimeMs: endMs } = job;
      if (endMs !== undefined) this.#ends.set(`${jobId} ${endMs}`, { job, endMs });
    }
    return [...this.#ends.values()];
  }
}

/** Length of the look-back window, in milliseconds. */
export const WINDOW_MS = 3_600_000;

/** Runs a test over a primary with generated jobs. */
export async function withPolls(
  definition: CollectorDefinition,
  { options = {}, ...simulated }: SimulatorOptions & {
    /** Keys of the collector in the configuration. */
    readonly options?: Readonly<Record<string, unknown>>;
  },
  body: (polls: Polls) => Promise<void>,
): Promise<void> {
  const clock = createFakeClock();
  const simulator = createSimulator({ apiKey: "test-key", clock, ...simulated });
  const { logger, records } = createRecordingLogger();
  const directory = await Deno.makeTempDir();
  const config = siteConfig({ site: "a" });
  const client = createNetBackupClient(config, {
    clock,
    logger,
    observer: createRequestStats("a", [], clock),
    transport: {
      send: ({ url, headers }) => simulator.fetch(new Request(url, { headers })),
      close() {},
    },
  });
  const open = async () => {
    const state = await openStateDirectory({ directory, clock, logger });
    const setting = { site: "a", primary: config.baseUrl, state };
    const reader = jobs.create({ ...setting, options: newTreeMap() });
    const follower = definition.create({
      ...setting,
      options: Object.assign(newTreeMap(), options),
    });
    follower.follow?.(reader.completions);
    return { state, reader, follower };
  };
  const session = createSessionHolder({
    ...{ site: "a", client, clock, logger },
    configuredVersion: undefined,
    pollIntervalMs: 300_000,
  });
  const support = new EndpointSupport(() => clock.monotonic());
  const collect = async (collector: Collector) => {
    const request = unlimited();
    return await collector.collect({
      ...{ site: "a", request, clock, logger, windowMs: WINDOW_MS },
      session: await session.ensure(request),
      lists: createListReader({ site: "a", session, support, request }),
    });
  };
  let running = await open();
  try {
    await body({
      simulator,
      clock,
      records,
      async poll() {
        await collect(running.reader);
        const { families, cumulative } = await collect(running.follower);
        return [...families, ...cumulative];
      },
      async restart() {
        running.state.close();
        running = await open();
      },
    });
  } finally {
    running.state.close();
    await client.close({ timeoutMs: 0 });
    await Deno.remove(directory, { recursive: true });
  }
}
