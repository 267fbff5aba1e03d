import assert from "node:assert/strict";
import { parseCommandLine } from "./main.ts";

Deno.test("command line: every option reaches the simulator", () => {
  const { simulator, start } = parseCommandLine([
    ..."--port 0 --hostname ::1 --api-version 10.0 --key K --server-name s --seed 9".split(" "),
    ..."--jobs-per-hour 60 --history-hours 3 --mean-duration-seconds 30".split(" "),
    ..."--storage-units 4 --latency 20 --skew-seconds 2 --late-ratio 0.1 --control".split(" "),
    ..."--no-version-header --reject-filter lastUpdateTime --frozen".split(" "),
  ]);
  const { clock, ...rest } = simulator;
  assert.deepEqual(rest, {
    apiVersion: "10.0",
    apiKey: "K",
    serverName: "s",
    seed: 9,
    jobsPerHour: 60,
    historyHours: 3,
    meanDurationSeconds: 30,
    storageUnitCount: 4,
    latencyMs: 20,
    skewMs: 2000,
    lateRatio: 0.1,
    rejectedFilterFields: ["lastUpdateTime"],
    versionHeader: false,
    control: true,
  });
  assert.deepEqual(start, { port: 0, hostname: "::1" });
  assert.equal(clock?.now(), clock?.now());
});

Deno.test("command line: mistakes are errors", () => {
  for (
    const args of [
      ["--port", "x"],
      ["--api-version", "9.9"],
      ["--tls-cert", "only.pem"],
      ["--unknown"],
      ["--seed", ""],
    ]
  ) {
    assert.throws(() => parseCommandLine(args), Error, args.join(" "));
  }
});

Deno.test("command line: says where it listens, and stops on SIGTERM and SIGINT", async () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL("main.ts", import.meta.url).pathname, "--port", "0"],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let line = "";
    while (!line.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) break;
      line += value;
    }
    const { url, port } = JSON.parse(line);
    assert.equal(url, `http://127.0.0.1:${port}/netbackup`);
    const ping = await fetch(`${url}/ping`);
    assert.match(await ping.text(), /^\d+$/);
    child.kill(signal);
    await reader.cancel();
    assert.equal((await child.status).code, 0, signal);
  }
});
