import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createSimulator } from "../simulator/simulator.ts";
import { eventually, freePort, withExporter } from "./harness.ts";

/** Legal in a header, and with characters that other notations write differently. */
const CANARY = 'A1uMjmj93m/+rps"W9q=Canary<&>%';

/** The notations in which the key could slip through. */
const FORMS: readonly string[] = [
  CANARY,
  encodeURIComponent(CANARY),
  JSON.stringify(CANARY).slice(1, -1),
  Buffer.from(CANARY).toString("base64").replace(/=+$/, ""),
  CANARY.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;"),
];

function assertSecret(text: string, where: string): void {
  for (const form of FORMS) assert.ok(!text.includes(form), `the key shows in ${where}`);
}

for (const format of ["text", "json"] as const) {
  Deno.test(`the API key shows in no log (${format}) and on no page, whatever goes wrong`, async () => {
    const simulator = createSimulator({ apiKey: CANARY, storageUnitCount: 3 });
    simulator.addJob({ jobType: "BACKUP" });
    const primary = await simulator.start();
    const site = { scheme: "http", host: "127.0.0.1", apiKey: "${CANARY}", timeout: "1s" };
    const retry = { maxAttempts: 2, minWait: "20ms", maxWait: "50ms" };
    const config = {
      server: { port: freePort(), host: "127.0.0.1", collectionInterval: "1s", cacheTTL: 0 },
      nbuservers: [
        { ...site, retry, site: "a", port: primary.port },
        { ...site, retry, site: "gone", port: freePort() },
      ],
      logging: { format },
    };
    const options = { config, args: ["--debug", "--trace"], env: { CANARY } };
    try {
      await withExporter(options, async (exporter) => {
        await eventually(
          "it is up",
          async () => (await exporter.metrics()).value("nbu_up", { site: "a" }) === 1,
        );
        const faults = [
          { kind: "echoKey", status: 400 },
          { kind: "echoKey", status: 401 },
          { kind: "echoKey", status: 500 },
          { kind: "html" },
          { kind: "brokenJson" },
          { kind: "truncate" },
          { kind: "drop" },
          { kind: "status", status: 403 },
          { kind: "wrongType", field: "status", value: { nested: CANARY } },
          { kind: "wrongType", field: "clientName", value: CANARY },
        ] as const;
        for (const fault of faults) {
          simulator.faults.clear();
          simulator.faults.add(fault);
          const seen = simulator.requests.count();
          // A key that is refused is left alone after two requests.
          const least = "status" in fault && fault.status === 401 ? 2 : 4;
          await eventually(
            `it met ${fault.kind}`,
            () => simulator.requests.count() >= seen + least,
          );
          const pages = ["/", "/site/a", "/api/v1/status", "/config", "/sd", "/metrics"];
          for (const path of [...pages, "/probe?target=a", "/health", "/-/ready", "/nothing"]) {
            assertSecret((await exporter.get(path)).text, path);
          }
        }
        simulator.faults.clear();
        // A reload with a fault beside the key, and one that takes another key.
        const broken = JSON.stringify({ ...config, server: { port: "x" } });
        await Deno.writeTextFile(exporter.configFile, broken.replaceAll("${CANARY}", "other-key"));
        exporter.signal("SIGHUP");
        await eventually("the reload is refused", () => exporter.log().includes("server.port"));
        assert.ok(!exporter.log().includes("other-key"));
        await exporter.stop();
        assert.ok(exporter.log().length > 5000, "there was a log to look through");
        assertSecret(exporter.log(), "the log");
      });
    } finally {
      await primary.close();
    }
  });
}

Deno.test("check prints no key, not even one that is at fault", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const file = `${directory}/config.yaml`;
    await Deno.writeTextFile(
      file,
      `nbuservers:
  - site: a
    host: a.example.com
    apiKey: "${"line-one\\nline-two-canary"}"
    proxy: "ftp://user:proxy-canary@proxy"
`,
    );
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL("../../main.ts", import.meta.url).pathname, "check", "-c", file],
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.equal(code, 1);
    assert.match(text, /apiKey/);
    assert.match(text, /proxy/);
    assert.doesNotMatch(text, /canary/);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
