/**
 * Two simulated NetBackup primaries and an exporter that polls them: `deno task demo`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { join } from "node:path";
import { createSimulator } from "../tests/simulator/simulator.ts";
import { ROOT } from "./command.ts";
import { RUN_FLAGS } from "./run_flags.ts";

const KEY = "demo-key";
const PREFERRED_PORT = 9440;

const sites = [
  { site: "berlin", apiVersion: "14.0", seed: 14 },
  { site: "oslo", apiVersion: "10.0", seed: 10 },
] as const;

const directory = await Deno.makeTempDir({ prefix: "nbu_exporter_demo_" });
const running = await Promise.all(sites.map(async ({ site, apiVersion, seed }) => {
  const simulator = createSimulator({
    apiVersion,
    seed,
    apiKey: KEY,
    jobsPerHour: 3600,
    historyHours: 1,
  });
  const server = await simulator.start({ port: 0, hostname: "127.0.0.1" });
  return { site, apiVersion, server };
}));

const port = portToUse();
const configFile = join(directory, "config.yaml");
await Deno.writeTextFile(
  configFile,
  JSON.stringify(
    {
      server: {
        host: "127.0.0.1",
        port,
        uri: "/metrics",
        scrapingInterval: "1h",
        collectionInterval: "2s",
        cacheTTL: "2s",
      },
      nbuservers: running.map(({ site, server }) => ({
        site,
        scheme: "http",
        host: "127.0.0.1",
        port: server.port,
        apiKey: KEY,
      })),
    },
    null,
    2,
  ),
);

const exporter = new Deno.Command(Deno.execPath(), {
  args: ["run", ...RUN_FLAGS, "main.ts", "--config", configFile],
  cwd: ROOT,
  stdin: "null",
  stdout: "inherit",
  stderr: "inherit",
  // Ctrl-C reaches all processes of the terminal: here only this one, which then ends the exporter.
  detached: true,
}).spawn();

const base = `http://127.0.0.1:${port}`;
let stopping = false;
const stop = () => {
  // The signal can come twice, from the terminal and from the task runner; the exporter would take
  // a second one as the wish to end at once.
  if (stopping) return;
  stopping = true;
  try {
    exporter.kill("SIGTERM");
  } catch {
    // It has ended by itself.
  }
};
Deno.addSignalListener("SIGINT", stop);
if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", stop);

const shown = showWhenLive();
const status = await exporter.status;
await shown;
await Promise.all(running.map(({ server }) => server.close()));
await Deno.remove(directory, { recursive: true });
console.log(stopping ? "demo: stopped" : `demo: the exporter ended with code ${status.code}`);
Deno.exit(stopping ? 0 : 1);

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

/** Prints the addresses, and some of the metrics as soon as both sites are up. */
async function showWhenLive(): Promise<void> {
  const page = await livePage();
  if (page === undefined) return;
  const lines = page.split("\n").filter((line) =>
    /^nbu_(up|api_version|jobs_state_count|disk_capacity_bytes)\{/.test(line)
  );
  console.log(
    [
      "",
      "demo: two simulated NetBackup primaries are polled every 2 seconds",
      ...running.map(({ site, apiVersion, server }) =>
        `  ${site.padEnd(8)} API ${apiVersion}   http://127.0.0.1:${server.port}/netbackup`
      ),
      "",
      ...lines.slice(0, 24).map((line) => `  ${line}`),
      "",
      "Open in a browser:",
      `  status    ${base}/`,
      `  metrics   ${base}/metrics`,
      `  health    ${base}/health`,
      "",
      "Ctrl-C stops all.",
      "",
    ].join("\n"),
  );
}

async function livePage(): Promise<string | undefined> {
  while (!stopping) {
    try {
      if ((await fetch(`${base}/-/ready`)).ok) return await (await fetch(`${base}/metrics`)).text();
    } catch {
      // It does not listen yet.
    }
    const ended = await Promise.race([
      exporter.status.then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 100)),
    ]);
    if (ended) return undefined;
  }
  return undefined;
}
