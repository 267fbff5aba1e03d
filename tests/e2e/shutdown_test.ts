import assert from "node:assert/strict";
import { join } from "node:path";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { skipped, unlessOn } from "../testing/skipped.ts";
import {
  configText,
  eventually,
  type Exporter,
  freePort,
  startExporter,
  withDirectory,
  withExporter,
} from "./harness.ts";

const KEY = "shutdown-key";

async function withSimulator(
  body: (simulator: Simulator, config: unknown) => Promise<void>,
): Promise<void> {
  const simulator = createSimulator({ apiKey: KEY, storageUnitCount: 3 });
  const primary = await simulator.start();
  const config = {
    server: { port: freePort(), host: "127.0.0.1", collectionInterval: "1s", cacheTTL: 0 },
    nbuservers: [{
      site: "a",
      scheme: "http",
      host: "127.0.0.1",
      port: primary.port,
      apiKey: KEY,
      retry: { minWait: "50ms", maxWait: "100ms" },
    }],
  };
  try {
    await body(simulator, config);
  } finally {
    await primary.close();
  }
}

/** Starts an exporter that must not come up, and gives how it ended. */
async function failedStart(
  config: unknown,
  options: { args?: string[]; env?: Record<string, string> } = {},
): Promise<{ code: number; log: string }> {
  let result = { code: -1, log: "" };
  await withDirectory(async (directory) => {
    const exporter = await startExporter({ config, directory, expectFailure: true, ...options });
    const { code } = await exporter.status;
    result = { code, log: exporter.log() };
  });
  return result;
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`${signal} while idle ends it with 0`, async () => {
    await withSimulator(async (_simulator, config) => {
      await withExporter({ config }, async (exporter) => {
        exporter.signal(signal);
        const { code } = await exporter.status;
        assert.equal(code, 0);
        assert.match(exporter.log(), /level=info msg=stopped/);
      });
    });
  });

  Deno.test(`${signal} during a request that never ends: 0 within 10 seconds`, async () => {
    await withSimulator(async (simulator, config) => {
      simulator.faults.add({ kind: "hang" });
      await withExporter({ config }, async (exporter) => {
        await eventually("a request is in flight", () => simulator.requests.count() > 0);
        const started = performance.now();
        exporter.signal(signal);
        const { code } = await exporter.status;
        assert.equal(code, 0);
        // The promise itself, not a matter of speed: what hangs is cut off after 7 s.
        assert.ok(performance.now() - started < 10_000);
      });
    });
  });
}

Deno.test("SIGTERM lets a slow request come to its end", async () => {
  await withSimulator(async (simulator, config) => {
    simulator.faults.add({ kind: "latency", ms: 1500 });
    await withExporter({ config }, async (exporter) => {
      await eventually("a request is in flight", () => simulator.requests.count() > 0);
      exporter.signal("SIGTERM");
      assert.equal((await exporter.status).code, 0);
      const statuses = simulator.requests.all().map(({ status }) => status);
      assert.deepEqual(statuses, [200], "it was answered, and no further one was sent");
    });
  });
});

Deno.test("a second signal ends it at once", async () => {
  await withSimulator(async (simulator, config) => {
    simulator.faults.add({ kind: "hang" });
    await withExporter({ config }, async (exporter) => {
      await eventually("a request is in flight", () => simulator.requests.count() > 0);
      exporter.signal("SIGTERM");
      await eventually("it drains", () => exporter.log().includes("stopping"));
      exporter.signal("SIGTERM");
      assert.equal((await exporter.status).code, 1);
      assert.doesNotMatch(exporter.log(), /level=info msg=stopped/);
    });
  });
});

Deno.test("a port that is taken ends it with 1 and a message that says what to do", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    const { port } = taken.addr;
    const { code, log } = await failedStart({
      server: { port, host: "127.0.0.1" },
      nbuservers: [{ site: "a", host: "127.0.0.1", apiKey: KEY }],
    });
    assert.equal(code, 1);
    assert.match(log, new RegExp(`cannot listen on 127\\.0\\.0\\.1:${port}.*"server\\.port"`));
  } finally {
    taken.close();
  }
});

Deno.test("a bad configuration ends it with 1 and all its errors, each with its place", async () => {
  const { code, log } = await failedStart(`server:
  port: 99999
  scrapingInterval: soon
nbuservers:
  - site: a
    host: "http://nbu/"
    apiKey: \${MISSING_ONE}\${MISSING_TWO}
`);
  assert.equal(code, 1);
  for (
    const place of ["2:9: server.port", "3:21: server.scrapingInterval", "6:11: nbuservers[0].host"]
  ) {
    assert.ok(log.includes(`config.yaml:${place}`), `${place} in ${log}`);
  }
  assert.match(log, /MISSING_ONE/);
  assert.match(log, /MISSING_TWO/);
});

Deno.test("a configuration file that is not there ends it with 1", async () => {
  const config = { server: { port: freePort() } };
  const { code, log } = await failedStart(config, { args: ["--config", "/nonexistent/nbu.yaml"] });
  assert.equal(code, 1);
  assert.match(log, /\/nonexistent\/nbu\.yaml/);
});

Deno.test("a log file that cannot be written ends it with 1", async () => {
  const { code, log } = await failedStart({
    server: { port: freePort(), logName: "/nonexistent/directory/nbu.log" },
    nbuservers: [{ site: "a", host: "127.0.0.1", apiKey: KEY }],
  });
  assert.equal(code, 1);
  assert.match(log, /\/nonexistent\/directory\/nbu\.log/);
});

Deno.test("no failure of a collection ends the process", async () => {
  await withSimulator(async (simulator, config) => {
    await withExporter({ config }, async (exporter) => {
      const kinds = [
        "html",
        "brokenJson",
        "truncate",
        "drop",
        "extraFields",
        "repeatCursor",
      ] as const;
      for (const kind of kinds) {
        simulator.faults.clear();
        simulator.faults.add({ kind });
        const seen = simulator.requests.count();
        await eventually(`it was polled with ${kind}`, () => simulator.requests.count() > seen + 1);
        assert.equal((await exporter.get("/-/healthy")).status, 200, kind);
      }
    });
  });
});

Deno.test("the log goes to a file as well, and SIGHUP reopens it after a rotation", async () => {
  await withDirectory(async (logs) => {
    await withSimulator(async (_simulator, config) => {
      const file = join(logs, "nbu.log");
      const withFile = withLogging(config, file);
      await withExporter({ config: withFile, args: ["--debug"] }, async (exporter) => {
        await collected(exporter);
        assert.match(await Deno.readTextFile(file), /level=info msg=starting/);
        await Deno.rename(file, `${file}.1`);
        exporter.signal("SIGHUP");
        await eventually(
          "a new file is there",
          async () => (await Deno.readTextFile(file)).includes("level=debug"),
        );
      });
      const old = await Deno.readTextFile(`${file}.1`);
      assert.doesNotMatch(old, /level=info msg=stopped/);
      assert.match(await Deno.readTextFile(file), /level=info msg=stopped/);
    });
  });
});

Deno.test("with --trace the bodies of responses are logged, in JSON one object a line", async () => {
  await withSimulator(async (_simulator, config) => {
    const asJson = { ...Object(config), logging: { format: "json" } };
    await withExporter({ config: asJson, args: ["--trace"] }, async (exporter) => {
      await eventually("a body is logged", () => exporter.log().includes("storageUnit"));
      await exporter.stop();
      const lines = exporter.log().trim().split("\n").map((line) => JSON.parse(line));
      assert.ok(lines.length > 3);
      for (const line of lines) {
        assert.deepEqual(typeof line.time + typeof line.msg, "stringstring");
      }
      assert.ok(!exporter.log().includes(KEY));
      assert.ok(
        !exporter.log().includes("authorization-context\\"),
        "no body of a credential endpoint",
      );
    });
  });
});

function withLogging(config: unknown, logName: string): unknown {
  const { server, ...rest } = Object(config);
  return { server: { ...server, logName }, ...rest };
}

async function collected(exporter: Exporter): Promise<void> {
  await eventually("it is up", async () => (await exporter.metrics()).value("nbu_up") === 1);
}

const HANGING_PROGRAM = new URL("hanging_program.ts", import.meta.url).pathname;

/** A configuration whose key is in a file of a file system that hangs. */
function withHungKey(config: unknown): unknown {
  const { server, nbuservers: [{ apiKey: _, ...site }] } = Object(config);
  return { server, nbuservers: [{ ...site, apiKeyFile: "hangs" }] };
}

Deno.test("SIGTERM ends a start that hangs in the file system", async () => {
  await withSimulator(async (_simulator, config) => {
    await withDirectory(async (directory) => {
      const options = { config: withHungKey(config), directory, program: HANGING_PROGRAM };
      const exporter = await startExporter({ ...options, expectFailure: true });
      await eventually("it hangs", () => exporter.log().includes("a call hangs"));
      const started = performance.now();
      exporter.signal("SIGTERM");
      assert.equal((await exporter.status).code, 0);
      // The promise itself, not a matter of speed; reading alone would give up after 10 s.
      assert.ok(performance.now() - started < 10_000);
    });
  });
});

Deno.test("SIGTERM ends an exporter whose reload hangs in the file system", async () => {
  await withSimulator(async (_simulator, config) => {
    await withExporter({ config, program: HANGING_PROGRAM }, async (exporter) => {
      await Deno.writeTextFile(exporter.configFile, configText(withHungKey(config)));
      exporter.signal("SIGHUP");
      await eventually("the reload hangs", () => exporter.log().includes("a call hangs"));
      assert.equal((await exporter.get("/-/healthy")).status, 200, "nothing else hangs");
      const started = performance.now();
      exporter.signal("SIGTERM");
      assert.equal((await exporter.status).code, 0);
      assert.ok(performance.now() - started < 10_000);
      assert.doesNotMatch(exporter.log(), /reload failed|applied the new configuration/);
    });
  });
});

Deno.test("a log file in a file system that hangs is given up by a reload", async () => {
  await withSimulator(async (_simulator, config) => {
    await withExporter({ config, program: HANGING_PROGRAM }, async (exporter, directory) => {
      const changed = withLogging(config, join(directory, "hangs"));
      await Deno.writeTextFile(exporter.configFile, configText(changed));
      exporter.signal("SIGHUP");
      await eventually("the reload is refused", () => exporter.log().includes("reload failed"));
      assert.match(exporter.log(), /did not open in time/);
      assert.equal((await exporter.get("/-/healthy")).status, 200);
      assert.equal((await exporter.stop()).code, 0);
    });
  });
});

Deno.test({
  name: "SIGHUP during the start does not end it",
  ignore: skipped("SIGHUP during the start", unlessOn("linux")),
  async fn() {
    await withSimulator(async (_simulator, config) => {
      await withDirectory(async (directory) => {
        const exporter = await startExporter({ config, directory, expectFailure: true });
        await eventually("it listens to SIGHUP", () => catchesHangup(exporter.pid));
        assert.doesNotMatch(exporter.log(), /starting/, "long before it has loaded its modules");
        await eventually("it is up", async () => {
          exporter.signal("SIGHUP");
          return (await exporter.get("/-/healthy")).status === 200;
        });
        assert.equal((await exporter.stop()).code, 0);
      });
    });
  },
});

/** Whether a process has a handler for SIGHUP. Linux only. */
async function catchesHangup(pid: number): Promise<boolean> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const caught = BigInt(`0x${/^SigCgt:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return (caught & 1n) !== 0n;
}
