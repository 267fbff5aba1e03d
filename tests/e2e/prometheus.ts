/**
 * A real Prometheus that a test starts, and its HTTP API.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { isInstalled } from "../../scripts/command.ts";
import { skipped } from "../testing/skipped.ts";
import { freePort, withDirectory } from "./harness.ts";

/** Whether Prometheus and its `promtool` are missing. */
export const NO_PROMETHEUS: boolean = skipped(
  "tests with a real Prometheus",
  await isInstalled("prometheus") && await isInstalled("promtool")
    ? undefined
    : "prometheus and promtool are not installed",
);

/** What its API has below `data`, as far as tests read it. */
export interface PrometheusData {
  readonly result: readonly {
    readonly metric: Record<string, string>;
    readonly value: readonly [number, string];
  }[];
  readonly activeTargets: readonly { readonly health: string; readonly lastError: string }[];
}

/** A Prometheus that runs. */
export interface Prometheus {
  /** Gets `/api/v1/<path>`. */
  api(path: string): Promise<PrometheusData>;
  /** Evaluates an expression now. */
  query(expression: string): Promise<PrometheusData["result"]>;
}

/** Runs `body` with a Prometheus of this configuration, in YAML, that is stopped afterwards. */
export async function withPrometheus(
  config: string,
  body: (prometheus: Prometheus) => Promise<void>,
  flags: readonly string[] = [],
): Promise<void> {
  await withDirectory(async (directory) => {
    const port = freePort();
    const file = join(directory, "prometheus.yml");
    await Deno.writeTextFile(file, config);
    const child = new Deno.Command("prometheus", {
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(directory, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        ...flags,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const api = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
      const result: { status: string; data: PrometheusData } = await response.json();
      assert.equal(result.status, "success");
      return result.data;
    };
    try {
      await body({
        api,
        query: async (expression) =>
          (await api(`query?query=${encodeURIComponent(expression)}`)).result,
      });
    } finally {
      child.kill("SIGTERM");
      await child.status;
    }
  });
}
