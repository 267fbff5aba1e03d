/**
 * Simulated NetBackup primaries, one of which fails, and an exporter that polls them with all its
 * collectors: `deno task demo`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { COLLECTORS } from "../src/collectors/registry.ts";
import { ALL_OPTIONS } from "../tests/simulator/collector_options.ts";
import { onInterrupt } from "./exporter_process.ts";
import { DEMO_PRIMARIES, DEMO_QUERIES } from "./demo_world.ts";
import { startSimulation } from "./simulation.ts";

const { primaries, url, stateDirectory, exporter, ended: waitForEnd } = await startSimulation({
  primaries: DEMO_PRIMARIES,
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

/** Prints the addresses, and some of the metrics as soon as all sites were asked. */
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
      `demo: simulated NetBackup primaries are polled every 2 seconds by ${COLLECTORS.length} collectors`,
      ...primaries.map(({ site, apiVersion, port, refusesKey }) =>
        `  ${site.padEnd(8)} API ${apiVersion}   http://127.0.0.1:${port}/netbackup` +
        (refusesKey ? "   down: it refuses the API key" : "")
      ),
      `Counters are kept in ${stateDirectory} until the demo ends.`,
      "",
      ...lines.map((line) => `  ${line}`),
      "",
      "Open in a browser:",
      `  status    ${url}/`,
      `  metrics   ${url}/metrics`,
      `  health    ${url}/health`,
      "",
      "To see it in Prometheus, scrape that address, and paste:",
      ...DEMO_QUERIES.flatMap(({ shows, query }) => [`  ${query}`, `      ${shows}`]),
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
