/**
 * Simulated primaries for commands that make requests.
 *
 * @module
 */
import { createSimulator, type Simulator, type SimulatorOptions } from "../simulator/simulator.ts";

/** A primary that listens. */
export interface Primary {
  readonly simulator: Simulator;
  readonly port: number;
  /** Entry of `nbuservers`. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** Looks like a key that NetBackup made; it is the vendor's example. */
export const KEY = "A1uMjmj93mrpsW9q";

/** Runs `body` with a primary over HTTP. */
export async function withPrimary(
  body: (primary: Primary) => Promise<void>,
  options: SimulatorOptions = {},
): Promise<void> {
  const simulator = createSimulator({ apiKey: KEY, jobsPerHour: 60, ...options });
  const server = await simulator.start();
  const entry = {
    site: "berlin",
    scheme: "http",
    host: "127.0.0.1",
    port: server.port,
    apiKey: KEY,
    retry: { maxAttempts: 1 },
  };
  try {
    await body({ simulator, port: server.port, entry });
  } finally {
    await server.close();
  }
}

/** A configuration of these primaries with all old opt-in collectors that exist. */
export function configText(...entries: readonly unknown[]): string {
  return JSON.stringify({
    nbuservers: entries,
    collectors: { alerts: { enabled: true }, tape: { enabled: true } },
  });
}
