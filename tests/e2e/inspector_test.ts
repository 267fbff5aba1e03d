/**
 * The program under a debugger.
 *
 * @module
 */
import { join } from "node:path";
import { createSimulator } from "../simulator/simulator.ts";
import { eventually, freePort, withExporter } from "./harness.ts";

const KEY = "inspector-key";
const PROGRAM = join(new URL("../..", import.meta.url).pathname, "main.ts");

Deno.test("--inspect: the exporter collects as it does without", async () => {
  const primary = await createSimulator({ apiKey: KEY, jobsPerHour: 300 }).start();
  try {
    const config = {
      server: { port: freePort(), host: "127.0.0.1", collectionInterval: "1s", cacheTTL: 0 },
      nbuservers: [{
        ...{ site: "paris", scheme: "http", host: "127.0.0.1", port: primary.port, apiKey: KEY },
        retry: { maxAttempts: 1 },
      }],
    };
    const denoFlags = [`--inspect=127.0.0.1:${freePort()}`];
    await withExporter({ config, denoFlags, program: PROGRAM }, async (exporter) => {
      await eventually("jobs and storage are collected", async () => {
        const page = await exporter.metrics();
        return ["jobs", "storage"].every((collector) =>
          page.value("nbu_collector_success", { site: "paris", collector }) === 1
        );
      });
    });
  } finally {
    await primary.close();
  }
});
