import assert from "node:assert/strict";
import { join } from "node:path";
import { eventually, freePort, withDirectory } from "../e2e/harness.ts";

const ROOT = new URL("../..", import.meta.url);

/** Runs `deno task dev` while `body` looks at it, then ends it as Ctrl-C does. */
async function withDev(
  args: readonly string[],
  body: (log: () => string) => Promise<void>,
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "dev", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let log = "";
  const reading = Promise.all([child.stdout, child.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) log += text;
  }));
  let failure: unknown;
  try {
    await body(() => log);
  } catch (error) {
    failure = error;
  }
  try {
    child.kill("SIGINT");
  } catch {
    // It has ended by itself, which the exit code or the log shows.
  }
  const { code } = await child.status;
  await reading;
  if (failure) throw new Error(`deno task dev failed:\n${log}`, { cause: failure });
  assert.equal(code, 0, log);
}

async function isClosed(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).body?.cancel();
    return false;
  } catch {
    return true;
  }
}

Deno.test("deno task dev needs no configuration: it polls a simulated primary, and ends on Ctrl-C", async () => {
  let url = "";
  await withDev([], async (log) => {
    url = await eventually(
      "the address is shown",
      () => /dev: metrics of a simulated primary at (\S+)/.exec(log())?.[1],
    );
    await eventually(
      "the primary is up",
      async () => /^nbu_up\{site="simulated"\} 1$/m.test(await (await fetch(url)).text()),
    );
    assert.match(log(), / level=debug /);
    assert.match(log(), /Watcher/);
  });
  assert.ok(await isClosed(url));
});

Deno.test("deno task dev --config runs with that configuration", async () => {
  await withDirectory(async (directory) => {
    const port = freePort();
    const file = join(directory, "config.yaml");
    const config = {
      server: { host: "127.0.0.1", port },
      nbuservers: [{
        site: "own",
        scheme: "http",
        host: "127.0.0.1",
        port: freePort(),
        apiKey: "k",
      }],
    };
    await Deno.writeTextFile(file, JSON.stringify(config));
    await withDev(["--config", file], async () => {
      await eventually("it listens", async () => {
        const response = await fetch(`http://127.0.0.1:${port}/metrics`);
        return (await response.text()).includes('site="own"');
      });
    });
  });
});
