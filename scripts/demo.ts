/**
 * Two simulated NetBackup primaries and an exporter that polls them with all its collectors:
 * `deno task demo`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { COLLECTORS } from "../src/collectors/registry.ts";
import { ALL_OPTIONS } from "./cost/site.ts";
import { onInterrupt } from "./exporter_process.ts";
import { startSimulation } from "./simulation.ts";

const { primaries, url, exporter, ended: waitForEnd } = await startSimulation({
  primaries: [
    { site: "berlin", apiVersion: "14.0" },
    { site: "oslo", apiVersion: "10.0" },
  ],
  collectors: Object.fromEntries(
    COLLECTORS.map(({ name }) => [name, { enabled: true, ...ALL_OPTIONS[name] }]),
  ),
});
onInterrupt(exporter.stop);
const ended = waitForEnd();
await showWhenLive();
const code = await ended;
console.log(exporter.stopping ? "demo: stopped" : `demo: the exporter ended with code ${code}`);
Deno.exit(exporter.stopping ? 0 : 1);

/** Prints the addresses, and some of the metrics as soon as both sites are up. */
async function showWhenLive(): Promise<void> {
  const page = await livePage();
  if (page === undefined) return;
  const shown = ["up", "api_version", "jobs_state_count", "disk_capacity_bytes"];
  const lines = shown.flatMap((name) =>
    page.split("\n").filter((line) => line.startsWith(`nbu_${name}{`)).slice(0, 8)
  );
  console.log(
    [
      "",
      `demo: two simulated NetBackup primaries are polled every 2 seconds by ${COLLECTORS.length} collectors`,
      ...primaries.map(({ site, apiVersion, port }) =>
        `  ${site.padEnd(8)} API ${apiVersion}   http://127.0.0.1:${port}/netbackup`
      ),
      "",
      ...lines.map((line) => `  ${line}`),
      "",
      "Open in a browser:",
      `  status    ${url}/`,
      `  metrics   ${url}/metrics`,
      `  health    ${url}/health`,
      "",
      "Ctrl-C stops all.",
      "",
    ].join("\n"),
  );
}

async function livePage(): Promise<string | undefined> {
  while (!exporter.stopping) {
    try {
      if ((await fetch(`${url}/-/ready`)).ok) {
        return await (await fetch(`${url}/metrics`)).text();
      }
    } catch {
      // It does not listen yet.
    }
    const isOver = await Promise.race([
      ended.then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 100)),
    ]);
    if (isOver) return undefined;
  }
  return undefined;
}
