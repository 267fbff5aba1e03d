import assert from "node:assert/strict";
import { join } from "node:path";
import { skipped, unlessOn } from "../testing/skipped.ts";
import {
  configText,
  eventually,
  freePort,
  startExporter,
  withDirectory,
  withExporter,
} from "./harness.ts";
import { runProgram } from "./program.ts";

const SUCCESSFUL = "nbu_exporter_config_last_reload_successful";

/** The primary is not there: these tests are about files. */
function configOf(site: Record<string, unknown> = { apiKey: "files-key" }) {
  return {
    server: { port: freePort(), host: "127.0.0.1" },
    nbuservers: [{ site: "a", scheme: "http", host: "127.0.0.1", port: 9, ...site }],
  };
}

async function makePipe(path: string): Promise<void> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  assert.ok(success);
}

const noPipes = skipped("named pipes in place of files", unlessOn("linux", "darwin"));

/** Runs a test where named pipes exist. */
function onUnix(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: noPipes, fn });
}

/** Runs something that is promised to take no longer than this, in milliseconds. */
async function within(limitMs: number, work: () => Promise<void>): Promise<void> {
  const begun = performance.now();
  await work();
  const tookMs = performance.now() - begun;
  assert.ok(tookMs < limitMs, `it took ${tookMs} ms`);
}

onUnix("a named pipe for a configuration is refused, by check and by the start", async () => {
  await withDirectory(async (directory) => {
    const pipe = join(directory, "pipe");
    await makePipe(pipe);
    const checked = await runProgram(["check", "--config", pipe], { directory });
    assert.equal(checked.code, 1);
    assert.match(checked.err, /cannot read the configuration: it is not a regular file/);
    const args = ["--config", pipe];
    const config = configOf();
    const exporter = await startExporter({ config, directory, args, expectFailure: true });
    assert.equal((await exporter.status).code, 1);
    assert.match(exporter.log(), /it is not a regular file/);
  });
});

onUnix("a named pipe for a key file is refused by a reload, and SIGTERM still works", async () => {
  const config = configOf();
  await withExporter({ config }, async (exporter, directory) => {
    await makePipe(join(directory, "key"));
    const next = { ...config, nbuservers: configOf({ apiKeyFile: "key" }).nbuservers };
    await Deno.writeTextFile(exporter.configFile, configText(next));
    exporter.signal("SIGHUP");
    await eventually(
      "the reload is refused",
      async () => (await exporter.metrics()).value(SUCCESSFUL) === 0,
    );
    assert.match(exporter.log(), /apiKeyFile/);
    exporter.signal("SIGTERM");
    assert.equal((await exporter.status).code, 0);
  });
});

onUnix("a named pipe for a log file is refused at the start and by a reload", async () => {
  const config = configOf();
  await withExporter({ config }, async (exporter, directory) => {
    await makePipe(join(directory, "nbu.log"));
    const server = { ...config.server, logName: "nbu.log" };
    await Deno.writeTextFile(exporter.configFile, configText({ ...config, server }));
    exporter.signal("SIGHUP");
    await eventually(
      "the reload is refused",
      async () => (await exporter.metrics()).value(SUCCESSFUL) === 0,
    );
    assert.match(exporter.log(), /level=error .*it is a named pipe.* key=server\.logName/);
    const { code, err } = await runProgram(["--config", exporter.configFile], { directory });
    assert.equal(code, 1);
    assert.match(err, /server\.logName: .*it is a named pipe/);
    exporter.signal("SIGTERM");
    assert.equal((await exporter.status).code, 0);
  });
});

onUnix("a named pipe made beside the configuration holds nothing up", async () => {
  const config = configOf();
  await withExporter({ config }, async (exporter, directory) => {
    await makePipe(join(directory, "pipe"));
    await Deno.writeTextFile(
      exporter.configFile,
      configText({ ...config, logging: { level: "debug" } }),
    );
    const applied = () => exporter.log().split("applied the new configuration").length - 1;
    await eventually("the change is seen", () => applied() === 1);
    await makePipe(join(directory, "another"));
    await Deno.writeTextFile(exporter.configFile, configText(config));
    await eventually("the next change is seen", () => applied() === 2);
    exporter.signal("SIGTERM");
    assert.equal((await exporter.status).code, 0);
  });
});

Deno.test("the folder of the configuration can be removed and made again", async () => {
  await withDirectory(async (parent) => {
    const folder = join(parent, "etc");
    const file = join(folder, "config.yaml");
    const config = configOf();
    await Deno.mkdir(folder);
    await Deno.writeTextFile(file, configText(config));
    await withExporter({ config, args: ["--config", file] }, async (exporter) => {
      const successful = async () => (await exporter.metrics()).value(SUCCESSFUL);
      // The promise itself, not a matter of speed: files are looked at every second.
      await within(10_000, async () => {
        await Deno.remove(folder, { recursive: true });
        await eventually("the loss is noticed", async () => await successful() === 0);
      });
      await within(10_000, async () => {
        await Deno.mkdir(folder);
        await Deno.writeTextFile(file, configText(config));
        await eventually("the new folder is noticed", async () => await successful() === 1);
      });
    });
  });
});
