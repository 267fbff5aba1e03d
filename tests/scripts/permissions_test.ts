import assert from "node:assert/strict";
import { join } from "node:path";
import { PERMISSIONS, RUN_FLAGS } from "../../scripts/run_flags.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { eventually, freePort, withDirectory } from "../e2e/harness.ts";

const ROOT = new URL("../..", import.meta.url);

/** What happens with these flags: whether it serves, and what it printed if it ended. */
async function runWith(
  flags: readonly string[],
  directory: string,
  primary: number,
): Promise<{ readonly serves: boolean; readonly log: string }> {
  const port = freePort();
  const configFile = join(directory, "config.yaml");
  const config = {
    server: { host: "127.0.0.1", port, logName: join(directory, "nbu.log") },
    state: { directory: join(directory, "state") },
    nbuservers: [{
      site: "a",
      scheme: "http",
      host: "127.0.0.1",
      port: primary,
      apiKey: "${NBU_TEST_KEY}",
    }],
  };
  await Deno.writeTextFile(configFile, JSON.stringify(config));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, "main.ts", "--config", configFile],
    cwd: ROOT,
    env: { NO_COLOR: "1", NBU_TEST_KEY: "permission-key" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  let ended = false;
  output.then(() => ended = true);
  const serves = await eventually("it serves a collected page, or ends", async () => {
    if (ended) return { collected: false };
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return page.includes('nbu_collector_success{site="a",collector="jobs"} 1') &&
      { collected: true };
  });
  if (!ended) child.kill("SIGTERM");
  const { stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { serves: serves.collected, log: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("the exporter works with its permissions, and without none of them", async () => {
  const primary = await createSimulator({ apiKey: "permission-key" }).start();
  try {
    await withDirectory(async (directory) => {
      const complete = await runWith(RUN_FLAGS, directory, primary.port);
      assert.ok(complete.serves, complete.log);
      // Prompts are another matter: the tests have no terminal to be asked on.
      for (const permission of PERMISSIONS.filter((flag) => flag !== "--no-prompt")) {
        const flags = RUN_FLAGS.filter((flag) => flag !== permission);
        const { serves, log } = await runWith(flags, directory, primary.port);
        assert.ok(!serves, `it works without ${permission}`);
        assert.ok(log !== "", `it ends without a word when ${permission} is missing`);
      }
    });
  } finally {
    await primary.close();
  }
});
