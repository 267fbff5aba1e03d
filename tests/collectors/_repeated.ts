/**
 * A collector with the real client over a simulated primary, run as often as a test wants.
 *
 * @module
 */
import { Secret } from "../../src/base/secret.ts";
import type { CollectorDefinition, CollectorResult } from "../../src/collectors/collector.ts";
import { newTreeMap } from "../../src/config/tree.ts";
import { createNetBackupClient } from "../../src/netbackup/client.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../simulator/simulator.ts";
import { createFakeClock, type FakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger, type LogRecord } from "../testing/recording_logger.ts";
import { siteConfig } from "../testing/site_config.ts";
import { createRuns } from "./_run.ts";

/** The time of all worlds when they begin. */
export const BEGIN_MS: number = Date.UTC(2026, 3, 1, 12, 34, 56);

/** A collector and its primary. */
export interface SimulatedWorld {
  readonly simulator: Simulator;
  readonly clock: FakeClock;
  readonly records: readonly LogRecord[];
  /** Rows that were rejected, by endpoint. */
  readonly rejected: ReadonlyMap<string, number>;
  /** Runs the collector once more. */
  run(): Promise<SimulatedRun>;
}

/** What one run gave. */
export interface SimulatedRun extends CollectorResult {
  /** All series of a metric as `label=value,…: number`, sorted; without the label `site`. */
  series(metric: string): readonly string[];
}

/** Makes a primary, and a collector that reads from it. */
export function simulate(
  definition: CollectorDefinition,
  simulatorOptions: SimulatorOptions = {},
  options: Readonly<Record<string, unknown>> = {},
): SimulatedWorld {
  const clock = createFakeClock(BEGIN_MS);
  const recording = createRecordingLogger();
  const { logger, records } = recording;
  const simulator = createSimulator({
    clock,
    apiVersion: "14.0",
    jobsPerHour: 60,
    storageUnitCount: 12,
    ...simulatorOptions,
  });
  const rejected = new Map<string, number>();
  const client = createNetBackupClient(siteConfig({ apiKey: new Secret("simulator-key") }), {
    clock,
    logger,
    environment: () => undefined,
    observer: {
      request() {},
      retry() {},
      rowsRejected: (endpoint, count) => {
        rejected.set(endpoint, (rejected.get(endpoint) ?? 0) + count);
      },
    },
    transport: {
      async send({ url, method, headers, signal }) {
        const response = await simulator.fetch(new Request(url, { method, headers, signal }));
        // What a web server adds.
        response.headers.set("date", new Date(simulator.truth.now()).toUTCString());
        return response;
      },
      close() {},
    },
  });
  const collect = createRuns(client, clock, recording);
  const collector = definition.create({
    site: "a",
    primary: "https://a.example.com",
    options: Object.assign(newTreeMap(), options),
    state: undefined,
  });
  return {
    ...{ simulator, clock, records, rejected },
    run: () => collect(collector),
  };
}

/** Counts rows by labels, as `label=value,…: number`, sorted: what a collector ought to show. */
export function tally(rows: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const labels of rows) {
    const key = Object.entries(labels).map((entry) => entry.join("=")).join(",");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${key}: ${count}`).sort();
}
