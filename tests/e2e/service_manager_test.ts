/** What the real program tells systemd. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { skipped, unlessOn } from "../testing/skipped.ts";
import { configText, eventually, freePort, startExporter, withDirectory } from "./harness.ts";

const noSockets = skipped("what systemd is told", unlessOn("linux", "darwin"));

/** A service manager that notes what it is told. */
function listen(path: string) {
  const socket = Deno.listenDatagram({ transport: "unixpacket", path });
  const messages: string[] = [];
  const reading = (async () => {
    for await (const [bytes] of socket) messages.push(new TextDecoder().decode(bytes));
  })();
  return {
    messages,
    /** Messages but signs of life, each by its first line. */
    states: () =>
      messages.map((message) => message.split("\n")[0]).filter((state) => state !== "WATCHDOG=1"),
    async close() {
      socket.close();
      await reading;
    },
  };
}

const config = (port: number, sites = ["a"]) => ({
  server: { port, host: "127.0.0.1" },
  nbuservers: sites.map((site) => ({ site, host: "127.0.0.1", port: 1, apiKey: "k" })),
});

function onUnix(name: string, fn: (directory: string) => Promise<void>): void {
  Deno.test({ name, ignore: noSockets, fn: () => withDirectory(fn) });
}

onUnix("systemd is told when the exporter is ready, reloads and stops", async (directory) => {
  const manager = listen(join(directory, "notify"));
  const env = { NOTIFY_SOCKET: join(directory, "notify"), TMPDIR: directory };
  try {
    const port = freePort();
    const exporter = await startExporter({ config: config(port), directory, env });
    try {
      await eventually("it is ready", () => manager.states().length === 1);
      assert.equal(manager.messages[0], "READY=1\nSTATUS=1 site");
      await Deno.writeTextFile(exporter.configFile, configText(config(port, ["a", "b"])));
      exporter.signal("SIGHUP");
      await eventually("it has reloaded", () => manager.states().length >= 3);
      assert.deepEqual(manager.states().slice(0, 3), ["READY=1", "RELOADING=1", "READY=1"]);
      assert.match(manager.messages.at(-1) ?? "", /^READY=1\nSTATUS=2 sites$/);
      await Deno.writeTextFile(exporter.configFile, "server: [");
      exporter.signal("SIGHUP");
      await eventually(
        "it says that the reload was refused",
        () => manager.messages.at(-1)?.includes("STATUS=2 sites; the last reload was refused"),
      );
      const left = [...Deno.readDirSync(directory)].map(({ name }) => name).toSorted();
      assert.deepEqual(left, ["config.yaml", "notify"], "its own socket leaves nothing behind");
    } finally {
      assert.equal((await exporter.stop()).code, 0);
    }
    await eventually("it stops", () => manager.states().at(-1) === "STOPPING=1");
  } finally {
    await manager.close();
  }
});

onUnix(
  "the watchdog of systemd gets signs of life, and only where it is meant",
  async (directory) => {
    const manager = listen(join(directory, "notify"));
    const base = { NOTIFY_SOCKET: join(directory, "notify"), WATCHDOG_USEC: "200000" };
    const alive = () => manager.messages.filter((message) => message === "WATCHDOG=1").length;
    try {
      const watched = await startExporter({ config: config(freePort()), directory, env: base });
      await eventually("it is alive", () => alive() >= 5);
      assert.equal((await watched.stop()).code, 0);
      const before = alive();
      const env = { ...base, WATCHDOG_PID: "1" };
      const other = await startExporter({ config: config(freePort()), directory, env });
      await eventually(
        "it is ready",
        () => manager.states().filter((s) => s === "READY=1").length > 1,
      );
      assert.equal((await other.stop()).code, 0);
      assert.equal(alive(), before, "the watchdog waits for another process");
    } finally {
      await manager.close();
    }
  },
);

onUnix(
  "the exporter runs all the same when the service manager cannot be reached",
  async (directory) => {
    for (const path of ["@abstract", join(directory, "nobody")]) {
      const env = { NOTIFY_SOCKET: path, WATCHDOG_USEC: "50000" };
      const exporter = await startExporter({ config: config(freePort()), directory, env });
      await eventually(
        "it says so",
        () => /cannot (notify|reach) the service manager/.test(exporter.log()),
      );
      assert.equal((await exporter.get("/-/healthy")).status, 200);
      assert.equal((await exporter.stop()).code, 0);
      assert.equal(exporter.log().split("the service manager").length, 2, "once");
    }
  },
);
