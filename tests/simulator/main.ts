/**
 * Starts a simulated primary from the command line:
 *
 * ```
 * deno run -A tests/simulator/main.ts --port 1556 --api-version 14.0 --jobs-per-hour 3600
 * ```
 *
 * Prints one line of JSON, `{"url": …, "port": …}`, when it listens. Stops on SIGTERM and SIGINT.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { systemClock } from "../../src/base/clock.ts";
import { API_VERSIONS, asApiVersion } from "./protocol/version.ts";
import { createSimulator, type SimulatorOptions, type StartOptions } from "./simulator.ts";

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;

/** The options of the command line. */
const OPTIONS = {
  "port": { ...text, default: "1556" },
  "hostname": { ...text, default: "127.0.0.1" },
  "api-version": { ...text, default: "14.0" },
  "key": { ...text, default: "simulator-key" },
  "server-name": { ...text, default: "primary.example.com" },
  "seed": { ...text, default: "1" },
  "jobs-per-hour": { ...text, default: "3600" },
  "history-hours": { ...text, default: "2" },
  "mean-duration-seconds": { ...text, default: "300" },
  "storage-units": { ...text, default: "12" },
  "latency": { ...text, default: "0" },
  "skew-seconds": { ...text, default: "0" },
  "late-ratio": { ...text, default: "0" },
  "reject-filter": { ...text, multiple: true, default: [] as string[] },
  "no-version-header": flag,
  "frozen": flag,
  "control": flag,
  "tls-cert": text,
  "tls-key": text,
} as const;

/**
 * Reads the command line.
 *
 * @throws Error When an option is unknown or its value makes no sense.
 */
export function parseCommandLine(
  args: readonly string[],
): { readonly simulator: SimulatorOptions; readonly start: StartOptions } {
  const { values } = parseArgs({ args: [...args], options: OPTIONS, strict: true });
  const number = (
    name:
      | "port"
      | "seed"
      | "jobs-per-hour"
      | "history-hours"
      | "mean-duration-seconds"
      | "storage-units"
      | "latency"
      | "skew-seconds"
      | "late-ratio",
  ): number => {
    const value = Number(values[name]);
    if (values[name] === "" || !Number.isFinite(value)) {
      throw new Error(`--${name} must be a number, not '${values[name]}'`);
    }
    return value;
  };
  const apiVersion = asApiVersion(values["api-version"]);
  if (!apiVersion) throw new Error(`--api-version must be one of ${API_VERSIONS.join(", ")}`);
  const cert = values["tls-cert"];
  const key = values["tls-key"];
  if ((cert === undefined) !== (key === undefined)) {
    throw new Error("--tls-cert and --tls-key belong together");
  }
  const startedMs = Date.now();
  return {
    simulator: {
      apiVersion,
      apiKey: values.key,
      serverName: values["server-name"],
      seed: number("seed"),
      jobsPerHour: number("jobs-per-hour"),
      historyHours: number("history-hours"),
      meanDurationSeconds: number("mean-duration-seconds"),
      storageUnitCount: number("storage-units"),
      latencyMs: number("latency"),
      skewMs: number("skew-seconds") * 1000,
      lateRatio: number("late-ratio"),
      rejectedFilterFields: values["reject-filter"],
      versionHeader: !values["no-version-header"],
      control: values.control,
      clock: values.frozen ? { ...systemClock, now: () => startedMs } : systemClock,
    },
    start: {
      port: number("port"),
      hostname: values.hostname,
      ...(cert !== undefined && key !== undefined && {
        tls: { cert: Deno.readTextFileSync(cert), key: Deno.readTextFileSync(key) },
      }),
    },
  };
}

if (import.meta.main) {
  const options = parseCommandLine(Deno.args);
  const running = await createSimulator(options.simulator).start(options.start);
  const stop = async () => {
    Deno.removeSignalListener("SIGTERM", stop);
    Deno.removeSignalListener("SIGINT", stop);
    await running.close();
  };
  Deno.addSignalListener("SIGTERM", stop);
  Deno.addSignalListener("SIGINT", stop);
  process.stdout.write(`${JSON.stringify({ url: running.url, port: running.port })}\n`);
}
