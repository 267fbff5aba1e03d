/**
 * One run of a collector over a simulated primary, with the exporter's own client.
 *
 * @module
 */
import { Secret } from "../../src/base/secret.ts";
import type { CollectorDefinition } from "../../src/collectors/collector.ts";
import { createNetBackupClient } from "../../src/netbackup/client.ts";
import {
  createSimulator,
  type ListRow,
  type Simulator,
  type SimulatorOptions,
} from "../simulator/simulator.ts";
import { createFakeClient } from "../testing/fake_client.ts";
import { createFakeClock, type FakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { siteConfig } from "../testing/site_config.ts";
import { type ClientRunResult, runWith } from "./_run.ts";

/** The time of these primaries: no full hour, in the middle of a month. */
const NOW_MS = Date.UTC(2026, 3, 15, 12, 34, 56);

/** A simulated primary whose clock stands still. */
export interface SimulatedPrimary {
  readonly simulator: Simulator;
  readonly clock: FakeClock;
  /**
   * Runs a collector once.
   *
   * @throws Error What the collector throws.
   */
  run(
    definition: CollectorDefinition,
    options?: Readonly<Record<string, unknown>>,
  ): Promise<ClientRunResult>;
  /** All rows of a list, by the simulator's own account. */
  rows(endpoint: string): readonly ListRow[];
  /** Sums up something of all rows of a list. */
  sum(endpoint: string, of: (attributes: ListRow["attributes"]) => unknown): number;
  /** Rows of a list that fulfil a condition. */
  countRows(endpoint: string, test: (attributes: ListRow["attributes"]) => boolean): number;
}

/** Makes one, with jobs of some hours and 40 storage units. */
export function simulatedPrimary(options: SimulatorOptions = {}): SimulatedPrimary {
  const clock = createFakeClock(NOW_MS);
  const key = options.apiKey ?? "simulator-key";
  const simulator = createSimulator({
    clock,
    jobsPerHour: 200,
    storageUnitCount: 40,
    ...options,
  });
  const rows = (endpoint: string) => simulator.truth.rows(endpoint);
  return {
    simulator,
    clock,
    rows,
    sum: (endpoint, of) =>
      rows(endpoint).reduce((sum, { attributes }) => sum + Number(of(attributes)), 0),
    countRows: (endpoint, test) =>
      rows(endpoint).filter(({ attributes }) => test(attributes)).length,
    async run(definition, options) {
      const client = createNetBackupClient(siteConfig({ apiKey: new Secret(key) }), {
        clock,
        logger: createRecordingLogger().logger,
        observer: createFakeClient().observer,
        transport: {
          send: ({ url, method, headers, signal }) =>
            simulator.fetch(new Request(url, { method, headers, signal })),
          close() {},
        },
      });
      try {
        return await runWith(definition, client, clock, options);
      } finally {
        await client.close();
      }
    },
  };
}
