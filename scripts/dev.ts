/**
 * The exporter with debug logging, restarted on every change of the code: `deno task dev`.
 *
 * It polls a simulated primary, so that a fresh clone needs no configuration; with `--config FILE` it
 * polls what that says. Other arguments are the exporter's: `deno task dev --trace`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { onInterrupt, startExporterProcess } from "./exporter_process.ts";
import { startSimulation } from "./simulation.ts";

const args = ["--debug", ...Deno.args];
if (args.some((arg) => /^(-c|--config)(=|$)/.test(arg))) {
  const exporter = startExporterProcess({ args, watch: true });
  onInterrupt(exporter.stop);
  const code = await exporter.ended;
  Deno.exit(exporter.stopping ? 0 : code);
}
const { url, exporter, ended } = await startSimulation({
  primaries: [{ site: "simulated", apiVersion: "14.0" }],
  watch: true,
  args,
});
onInterrupt(exporter.stop);
console.log(`dev: metrics of a simulated primary at ${url}/metrics`);
const code = await ended();
Deno.exit(exporter.stopping ? 0 : code);
