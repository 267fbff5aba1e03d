import assert from "node:assert/strict";
import { join } from "node:path";
import { createSimulator } from "../simulator/simulator.ts";
import { makeCertificates } from "../testing/certificates.ts";
import { configText, withDirectory } from "./harness.ts";
import { runProgram } from "./program.ts";

const KEY = "A1uMjmj93mrpsW9q";

const run = (directory: string, ...args: readonly string[]) => runProgram(args, { directory });

Deno.test("doctor and metrics need no more permissions than the exporter, over TLS as well", async () => {
  await withDirectory(async (directory) => {
    const made = await makeCertificates(directory);
    const primary = await createSimulator({ apiKey: KEY }).start({
      hostname: "127.0.0.1",
      tls: {
        cert: await Deno.readTextFile(made.serverCertFile),
        key: await Deno.readTextFile(made.serverKeyFile),
      },
    });
    const site = { site: "a", host: "127.0.0.1", port: primary.port, apiKey: KEY };
    const write = (entry: Record<string, unknown>) =>
      Deno.writeTextFile(
        join(directory, "config.yaml"),
        configText({ nbuservers: [{ ...site, retry: { maxAttempts: 1 }, ...entry }] }),
      );
    try {
      await write({ caFile: "ca.pem" });
      const healthy = await run(directory, "doctor");
      assert.equal(healthy.code, 0, healthy.out + healthy.err);
      assert.match(healthy.out, /tls .*TLSv1\.3; "localhost" expires/);
      const metrics = await run(directory, "metrics");
      assert.equal(metrics.code, 0, metrics.err);
      assert.match(metrics.out, /^nbu_up\{site="a"\} 1$/m);

      await write({});
      const unknown = await run(directory, "doctor");
      assert.equal(unknown.code, 1, unknown.out + unknown.err);
      assert.match(unknown.out, /FAIL {2}tls .*UnknownIssuer/);
      assert.equal((await run(directory, "metrics")).code, 1);
    } finally {
      await primary.close();
    }
  });
});

Deno.test("completions, version and help work where there is no configuration", async () => {
  await withDirectory(async (directory) => {
    for (const args of [["version"], ["help"], ["help", "doctor"], ["completions", "bash"]]) {
      const { code, out, err } = await run(directory, ...args);
      assert.deepEqual({ code, err }, { code: 0, err: "" }, args.join(" "));
      assert.notEqual(out, "");
    }
    assert.equal((await run(directory, "doctor")).code, 2);
  });
});
