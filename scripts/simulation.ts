/**
 * Simulated NetBackup primaries, and an exporter that polls them: for the demo and for development.
 *
 * @module
 */
import { join } from "node:path";
import {
  type ApiVersion,
  createSimulator,
  type StorageUnitInput,
} from "../tests/simulator/simulator.ts";
import { type ExporterProcess, startExporterProcess } from "./exporter_process.ts";

const KEY = "simulated-key";
const PREFERRED_PORT = 9440;

/** A simulated primary that listens. */
export interface Primary {
  readonly site: string;
  readonly apiVersion: ApiVersion;
  readonly port: number;
  /** Generated ones unless given, with names that are hard on an exporter. */
  readonly storageUnits?: readonly StorageUnitInput[];
  /** It does not know the key that the exporter has. @default {false} */
  readonly refusesKey?: boolean;
}

/** What runs. */
export interface Simulation {
  readonly primaries: readonly Primary[];
  /** Where the exporter keeps its state, for as long as it runs. */
  readonly stateDirectory: string;
  /** Base URL of the exporter, which may not listen yet. */
  readonly url: string;
  readonly exporter: ExporterProcess;
  /** Waits until the exporter ends, and stops the primaries. @returns Its exit code. */
  ended(): Promise<number>;
}

/** How it is started. */
export interface SimulationOptions {
  readonly primaries: readonly Omit<Primary, "port">[];
  /** Sections of collectors in the configuration; only what is on by default unless given. */
  readonly collectors?: Readonly<Record<string, unknown>>;
  /** Restart the exporter on every change of the code. */
  readonly watch?: boolean;
  /** Arguments of the exporter, beside the configuration. */
  readonly args?: readonly string[];
}

/** Starts primaries, and an exporter that polls them every two seconds. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { primaries, collectors = {}, watch = false, args = [] } = options;
  const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_simulation_" });
  const running = await Promise.all(primaries.map(async (primary, index) => {
    const { site, apiVersion, storageUnits, refusesKey = false } = primary;
    const simulator = createSimulator({
      apiVersion,
      serverName: `nbu-${site}.example.com`,
      seed: index + 1,
      apiKey: refusesKey ? "another key" : KEY,
      ...(storageUnits === undefined ? {} : { storageUnits }),
      jobsPerHour: 3600,
      historyHours: 1,
    });
    const server = await simulator.start({ port: 0, hostname: "127.0.0.1" });
    return { ...primary, port: server.port, server };
  }));
  const port = portToUse();
  const configFile = join(directory, "config.yaml");
  const stateDirectory = join(directory, "state");
  const state = { directory: stateDirectory };
  const configuration = { ...configurationOf(running, port), collectors, state };
  await Deno.writeTextFile(configFile, JSON.stringify(configuration, null, 2));
  const exporter = startExporterProcess({ args: ["--config", configFile, ...args], watch });
  return {
    primaries: running,
    stateDirectory,
    url: `http://127.0.0.1:${port}`,
    exporter,
    async ended() {
      const code = await exporter.ended;
      await Promise.all(running.map(({ server }) => server.close()));
      await Deno.remove(directory, { recursive: true });
      return code;
    },
  };
}

function configurationOf(primaries: readonly Primary[], port: number): object {
  return {
    server: {
      host: "127.0.0.1",
      port,
      uri: "/metrics",
      scrapingInterval: "1h",
      collectionInterval: "2s",
      cacheTTL: "2s",
    },
    nbuservers: primaries.map((primary) => ({
      site: primary.site,
      scheme: "http",
      host: "127.0.0.1",
      port: primary.port,
      apiKey: KEY,
    })),
  };
}

/** The usual port, or another when it is taken: a demo should not fail over that. */
function portToUse(): number {
  for (const wanted of [PREFERRED_PORT, 0]) {
    try {
      const listener = Deno.listen({ hostname: "127.0.0.1", port: wanted });
      const { port } = listener.addr;
      listener.close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("no free port");
}
