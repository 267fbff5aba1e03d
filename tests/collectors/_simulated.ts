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

/** Versions of the API that collectors are tested with. */
export const VERSIONS = ["10.0", "12.0", "13.0", "14.0"] as const;

/** The time of these primaries: no full hour, in the middle of a month. */
const NOW_MS = Date.UTC(2026, 3, 15, 12, 34, 56);

/** What these primaries show in a TLS handshake. */
export const WEB_CERTIFICATE = { subject: "primary.example.com", notAfterMs: Date.UTC(2027, 0, 2) };

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
  /** Rows that were dropped, by endpoint. */
  readonly rejected: ReadonlyMap<string, number>;
  /** All rows of a list, by the simulator's own account. */
  rows(endpoint: string): readonly ListRow[];
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
  const { observer, rejected } = createFakeClient();
  const rows = (endpoint: string) => simulator.truth.rows(endpoint);
  const primaryTimeMs = () => {
    const [time] = rows("/security/servertime");
    return Number(time?.attributes["serverTime"]);
  };
  return {
    simulator,
    clock,
    rejected,
    rows,
    async run(definition, options) {
      const client = createNetBackupClient(siteConfig({ apiKey: new Secret(key) }), {
        clock,
        logger: createRecordingLogger().logger,
        observer,
        transport: {
          async send({ url, method, headers, signal }) {
            const response = await simulator.fetch(new Request(url, { method, headers, signal }));
            // Over a network the server adds it.
            response.headers.set("date", new Date(primaryTimeMs()).toUTCString());
            return response;
          },
          webCertificate: () => Promise.resolve(WEB_CERTIFICATE),
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
