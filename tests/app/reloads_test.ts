import assert from "node:assert/strict";
import { loadFiles } from "../../src/app/load.ts";
import { Reloads, type ReloadsOptions } from "../../src/app/reloads.ts";
import { diffConfig } from "../../src/config/comparison/diff.ts";
import { memoryEnvironment } from "../config/memory_environment.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";

const FILE = "/etc/nbu/config.yaml";
const TEXT = `
server: {host: 127.0.0.1, port: "9440"}
nbuservers: [{site: a, host: nbu.example.com, apiKey: key-of-a-primary}]
`;

/** Reloads of a configuration that is right, and all that happens because of them. */
function recordedReloads(changes: Partial<ReloadsOptions> = {}) {
  const events: string[] = [];
  const { logger, records } = createRecordingLogger();
  const clock = createFakeClock(1000);
  const reloads = new Reloads({
    configFile: FILE,
    clock,
    logging: {
      logger,
      reopen: () => {
        events.push("reopen");
        return Promise.resolve();
      },
    },
    serviceManager: {
      ready: (status) => events.push(`ready: ${status}`),
      reloading: () => events.push("reloading"),
      stopping: () => {},
      close: () => Promise.resolve(),
    },
    stop: new AbortController().signal,
    load: () => {
      events.push("load");
      return loadFiles(
        { configFile: FILE },
        memoryEnvironment({ files: { [FILE]: TEXT } }),
      );
    },
    apply: ({ config }) => {
      events.push("apply");
      return Promise.resolve(diffConfig(config, config));
    },
    onRefused: (error) => events.push(`refused: ${error}`),
    onStatus: () => events.push("status"),
    describe: () => "1 site",
    ...changes,
  });
  return { reloads, events, records, clock };
}

const DONE = ["reloading", "reopen", "load", "apply", "status", "ready: 1 site"];

Deno.test("Reloads reload one after the other, and open the log anew but for a changed file", async () => {
  const { reloads, events, records, clock } = recordedReloads();
  assert.deepEqual(reloads.status, { successful: true, lastSuccessMs: 1000 });
  await clock.advance(500);
  const both = Promise.all([reloads.reload("signal"), reloads.reload("file")]);
  await reloads.settled();
  assert.deepEqual(events, [...DONE, ...DONE.filter((event) => event !== "reopen")]);
  assert.deepEqual(await both, [true, true]);
  assert.deepEqual(reloads.status, { successful: true, lastSuccessMs: 1500 });
  assert.equal(records.at(-1)?.message, "applied the new configuration");
});

Deno.test("Reloads keep what runs when the new configuration is bad, and go on afterwards", async () => {
  let fails = true;
  const { reloads, events, records } = recordedReloads({
    apply: ({ config }) =>
      fails
        ? Promise.reject(new Error("port in use"))
        : Promise.resolve(diffConfig(config, config)),
  });
  assert.equal(await reloads.reload("file"), false);
  assert.deepEqual(reloads.status, { successful: false, lastSuccessMs: 1000 });
  assert.ok(events.includes("refused: Error: port in use"));
  assert.equal(
    records.at(-1)?.message,
    "reload failed: the running configuration stays in effect",
  );
  fails = false;
  assert.equal(await reloads.reload("file"), true);
  assert.equal(reloads.status.successful, true);
});

Deno.test("Reloads end without a word when the exporter is told to stop", async () => {
  const stop = new AbortController();
  const { reloads, events } = recordedReloads({
    stop: stop.signal,
    apply: () => {
      stop.abort();
      return Promise.reject(new Error("stopped"));
    },
  });
  assert.deepEqual(
    await Promise.all([reloads.reload("request"), reloads.reload("request")]),
    [false, false],
  );
  assert.deepEqual(events, ["reloading", "reopen", "load"]);
  assert.equal(reloads.status.successful, true);
});
