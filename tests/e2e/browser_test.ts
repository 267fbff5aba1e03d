import assert from "node:assert/strict";
import { join } from "node:path";
import { isInstalled } from "../../scripts/command.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { eventually, freePort, withDirectory, withExporter } from "./harness.ts";

const available = await isInstalled("chromium");
if (!available) {
  // deno-lint-ignore no-console
  console.log("skipped: tests in a real browser, as chromium is not installed");
}

/** Runs the browser without a window, on a profile of its own. */
async function browse(directory: string, args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command("chromium", {
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--user-data-dir=${join(directory, "profile")}`,
      ...args,
    ],
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test({
  name: "a browser shows the state of all sites and follows the link to the metrics",
  ignore: !available,
  fn: () =>
    withDirectory(async (directory) => {
      const simulator = createSimulator({ apiKey: "k" });
      simulator.addJob({ jobType: "BACKUP" });
      const primary = await simulator.start();
      const site = { scheme: "http", host: "127.0.0.1", apiKey: "k", retry: { maxAttempts: 1 } };
      const config = {
        server: { port: freePort(), host: "127.0.0.1" },
        nbuservers: [
          { ...site, site: "berlin", port: primary.port },
          { ...site, site: "<b>oslo</b>", port: freePort() },
        ],
      };
      try {
        await withExporter({ config }, async (exporter) => {
          await eventually("it is ready", async () =>
            (await exporter.get("/-/ready")).status === 200);
          const base = `http://127.0.0.1:${exporter.port}`;
          const dom = await browse(directory, ["--dump-dom", `${base}/`]);
          for (const text of ["berlin", "14.0", "&lt;b&gt;oslo&lt;/b&gt;"]) {
            assert.ok(dom.includes(text), `${text} in ${dom}`);
          }
          assert.match(dom, /href="\/metrics"/);
          const metrics = await browse(directory, ["--dump-dom", `${base}/metrics`]);
          assert.match(metrics, /nbu_up\{site="berlin"\} 1/);
          assert.match(metrics, /process_cpu_seconds_total/, "the whole page, not its first part");
          for (const [name, size] of [["desktop", "1200,800"], ["phone", "390,844"]] as const) {
            const kept = Deno.env.get("NBU_SCREENSHOTS") ?? directory;
            const file = join(kept, `landing-${name}.png`);
            await browse(directory, [`--window-size=${size}`, `--screenshot=${file}`, `${base}/`]);
            assert.ok((await Deno.stat(file)).size > 5000, "a picture of the page");
          }
        });
      } finally {
        await primary.close();
      }
    }),
});
