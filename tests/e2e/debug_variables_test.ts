/**
 * Variables that make the runtime or a library print what it does, against the real program.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { isInstalled } from "../../scripts/command.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { makeCertificates } from "../testing/certificates.ts";
import { skipped } from "../testing/skipped.ts";
import { configText, eventually, freePort, withDirectory, withExporter } from "./harness.ts";
import { runProgram } from "./program.ts";

const CANARY = "A1uMjmj93mCanaryOfTheVariables";
const FORMS = [CANARY, Buffer.from(CANARY).toString("base64").replace(/=+$/, "")];

const VARIABLES: readonly Readonly<Record<string, string>>[] = [
  { LOG_TOKENS: "1", LOG_STREAM: "1" },
  { NODE_DEBUG: "*", NODE_DEBUG_NATIVE: "*" },
  { NODE_DEBUG: "http,https,tls,net,stream", DEBUG: "*" },
  { DENO_LOG: "trace", RUST_LOG: "trace" },
  { OTEL_DENO: "true", OTEL_EXPORTER_OTLP_PROTOCOL: "console" },
  { GRPC_TRACE: "all", GRPC_VERBOSITY: "DEBUG", OTEL_LOG_LEVEL: "ALL" },
];

const noTls = skipped(
  "what debug variables print",
  await isInstalled("openssl") ? undefined : "openssl is not installed",
);

/** Runs the exporter over both transports, with a reload, and gives all it wrote. */
async function everythingWritten(env: Record<string, string>): Promise<string> {
  let written = "";
  await withDirectory(async (certificates) => {
    const { caFile, serverCertFile, serverKeyFile } = await makeCertificates(certificates);
    const simulator = createSimulator({ apiKey: CANARY });
    const tls = {
      cert: await Deno.readTextFile(serverCertFile),
      key: await Deno.readTextFile(serverKeyFile),
    };
    const primary = await simulator.start({ hostname: "127.0.0.1", tls });
    const site = { host: "127.0.0.1", port: primary.port, apiKey: CANARY };
    const config = {
      server: { port: freePort(), host: "127.0.0.1", collectionInterval: "1s", cacheTTL: 0 },
      nbuservers: [
        { ...site, site: "insecure", insecureSkipVerify: true },
        { ...site, site: "verified", caFile },
      ],
    };
    try {
      await withExporter({ config, env }, async (exporter, directory) => {
        for (const site of ["insecure", "verified"]) {
          await eventually(
            `${site} is up`,
            async () => (await exporter.metrics()).value("nbu_up", { site }) === 1,
          );
        }
        const next = { ...config, logging: { level: "debug" } };
        await Deno.writeTextFile(exporter.configFile, configText(next));
        exporter.signal("SIGHUP");
        await eventually(
          "it is reloaded",
          () => exporter.log().includes("applied the new configuration"),
        );
        const file = join(directory, "config.yaml");
        const checked = await runProgram(["check", file], { directory, env });
        assert.equal(checked.code, 0, checked.err);
        await exporter.stop();
        written = exporter.log() + checked.out + checked.err;
      });
    } finally {
      await primary.close();
    }
  });
  return written;
}

for (const env of VARIABLES) {
  const names = Object.entries(env).map(([name, value]) => `${name}=${value}`).join(" ");
  Deno.test({
    name: `with ${names} in the environment no key is printed`,
    ignore: noTls,
    async fn() {
      const written = await everythingWritten(env);
      assert.match(written, /level=info msg=stopped/);
      for (const form of FORMS) {
        const at = written.indexOf(form);
        assert.equal(at, -1, written.slice(Math.max(0, at - 500), at));
      }
    },
  });
}
