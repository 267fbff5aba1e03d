import assert from "node:assert/strict";
import { join } from "node:path";
import {
  configText,
  eventually,
  freePort,
  startExporter,
  withDirectory,
  withExporter,
} from "./harness.ts";

const SUCCESSFUL = "nbu_exporter_config_last_reload_successful";
const CANARY = "A1uMjmj93mCanaryOfTheConfiguration";

/** The primary is not there: these tests are about files. */
function configOf(site: Record<string, unknown> = { apiKey: CANARY }) {
  return {
    server: { port: freePort(), host: "127.0.0.1" },
    nbuservers: [{ site: "a", scheme: "http", host: "127.0.0.1", port: 9, ...site }],
  };
}

async function makePipe(path: string): Promise<void> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  assert.ok(success);
}

/** Runs a test where named pipes exist, and says where they do not. */
function onUnix(name: string, fn: () => Promise<void>): void {
  const ignore = Deno.build.os === "windows";
  Deno.test({ name: ignore ? `${name} (skipped: Windows has no such pipes)` : name, ignore, fn });
}

/** Output and exit code of `check`. */
async function check(file: string, env: Record<string, string> = {}) {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", main, "check", "--config", file],
    env: { NO_COLOR: "1", ...env },
  }).output();
  return { code, output: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

onUnix("a named pipe for a configuration is refused, by check and by the start", async () => {
  await withDirectory(async (directory) => {
    const pipe = join(directory, "pipe");
    await makePipe(pipe);
    const checked = await check(pipe);
    assert.equal(checked.code, 1);
    assert.match(checked.output, /cannot read the configuration: it is not a regular file/);
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

onUnix("a named pipe made beside the configuration holds nothing up", async () => {
  const config = configOf();
  await withExporter({ config }, async (exporter, directory) => {
    await makePipe(join(directory, "pipe"));
    await Deno.writeTextFile(
      exporter.configFile,
      configText({ ...config, logging: { level: "debug" } }),
    );
    const applied = () => exporter.log().split("the new configuration is in effect").length - 1;
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
      await Deno.remove(folder, { recursive: true });
      const successful = async () => (await exporter.metrics()).value(SUCCESSFUL);
      await eventually("the loss is noticed", async () => await successful() === 0);
      await Deno.mkdir(folder);
      await Deno.writeTextFile(file, configText(config));
      await eventually("the new folder is noticed", async () => await successful() === 1);
    });
  });
});

for (const variable of ["LOG_TOKENS", "LOG_STREAM"]) {
  Deno.test(`${variable} in the environment makes the YAML library print no key`, async () => {
    const env = { [variable]: "1" };
    const config = configOf();
    await withExporter({ config, env }, async (exporter) => {
      await Deno.writeTextFile(
        exporter.configFile,
        configText({ ...config, logging: { level: "debug" } }),
      );
      exporter.signal("SIGHUP");
      await eventually("it is reloaded", () => exporter.log().includes("is in effect"));
      const checked = await check(exporter.configFile, env);
      assert.equal(checked.code, 0, checked.output);
      assert.ok(!checked.output.includes(CANARY));
      await exporter.stop();
      assert.ok(!exporter.log().includes(CANARY));
    });
  });
}

/** What the start would refuse. */
const REFUSED: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  ["a log file in a missing folder", { server: { logName: "nowhere/x.log" } }, /server\.logName/],
  ["a state directory that is a file", { state: { directory: "config.yaml" } }, /state\.directory/],
];

for (const [what, changes, message] of REFUSED) {
  Deno.test(`check refuses ${what}, with its place`, async () => {
    await withDirectory(async (directory) => {
      const file = join(directory, "config.yaml");
      await Deno.writeTextFile(file, configText({ ...configOf(), ...changes }));
      const { code, output } = await check(file);
      assert.equal(code, 1);
      assert.match(output, /config\.yaml:\d+:\d+: /);
      assert.match(output, message);
    });
  });
}
