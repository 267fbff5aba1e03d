import assert from "node:assert/strict";
import { createSimulator } from "../simulator/simulator.ts";
import { join } from "node:path";
import {
  configText,
  eventually,
  exporterCommand,
  freePort,
  startExporter,
  withDirectory,
  withExporter,
} from "./harness.ts";

Deno.test("flags win over the configuration, and still do after a reload", async () => {
  const primary = await createSimulator({ apiKey: "key" }).start();
  const configWith = (server: Record<string, unknown>) => ({
    server: { host: "127.0.0.1", ...server },
    nbuservers: [
      { site: "a", scheme: "http", host: "127.0.0.1", port: primary.port, apiKey: "key" },
    ],
  });
  const port = freePort();
  const other = freePort();
  const args = [
    `--web.listen-address=127.0.0.1:${port}`,
    "--web.telemetry-path=/metrics",
    "--log.level=debug",
    "--log.format=json",
  ];
  try {
    await withExporter({ config: configWith({ port }), args }, async (exporter) => {
      await Deno.writeTextFile(
        exporter.configFile,
        configText(configWith({ port: other, uri: "/other" })),
      );
      exporter.signal("SIGHUP");
      await eventually(
        "it reloads",
        () => exporter.log().includes("applied the new configuration"),
      );
      assert.equal((await exporter.get("/metrics")).status, 200);
      assert.equal((await exporter.get("/other")).status, 404);
      const lines = exporter.log().trim().split("\n").map((line) => JSON.parse(line));
      assert.ok(lines.some(({ level }) => level === "debug"));
      await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port: other }));
    });
  } finally {
    await primary.close();
  }
});

Deno.test("--web.listen-address listens on each address, and a reload moves none of them", async () => {
  const [port, second] = [freePort(), freePort()];
  const config = (interval: string) => ({
    server: { port, host: "127.0.0.1", collectionInterval: interval },
    nbuservers: [{ site: "a", host: "127.0.0.1", port: freePort(), apiKey: "key" }],
  });
  const urls = [`127.0.0.1:${port}`, `127.0.0.1:${second}`];
  if (hasIpv6()) urls.push(`[::1]:${second}`);
  const args = urls.map((url) => `--web.listen-address=${url}`);
  await withExporter({ config: config("5m"), args }, async (exporter) => {
    const all = async () => {
      for (const url of urls) {
        const response = await fetch(`http://${url}/-/healthy`);
        await response.text();
        assert.equal(response.status, 200, url);
      }
    };
    await all();
    await Deno.writeTextFile(exporter.configFile, configText(config("4m")));
    exporter.signal("SIGHUP");
    await eventually("it reloads", () => exporter.log().includes("applied the new configuration"));
    await all();
    assert.equal(exporter.log().split("listening on").length - 1, urls.length);
    const page = await exporter.metrics();
    assert.equal(page.samples("nbu_exporter_http_listening").length, urls.length);
  });
});

Deno.test("one address of several that is taken ends the start with 1, and nothing listens", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    const port = freePort();
    await withDirectory(async (directory) => {
      const config = {
        server: { port, host: "127.0.0.1" },
        nbuservers: [{ site: "a", host: "127.0.0.1", port: freePort(), apiKey: "key" }],
      };
      const args = [
        `--web.listen-address=127.0.0.1:${port}`,
        `--web.listen-address=127.0.0.1:${taken.addr.port}`,
      ];
      const exporter = await startExporter({ config, directory, args, expectFailure: true });
      assert.equal((await exporter.status).code, 1);
      assert.match(exporter.log(), new RegExp(`cannot listen on 127.0.0.1:${taken.addr.port}`));
    });
  } finally {
    taken.close();
  }
});

Deno.test("check --diff asks the running exporter, which changes nothing", async () => {
  const port = freePort();
  const config = (timeout: string) => ({
    server: { port, host: "127.0.0.1" },
    nbuservers: [{ site: "a", host: "127.0.0.1", port: 1556, apiKey: "A1uMjmj93mrpsW9q", timeout }],
  });
  await withExporter({ config: config("2m") }, async (exporter, directory) => {
    const next = join(directory, "next.yaml");
    await Deno.writeTextFile(next, configText(config("3m")));
    const [program = "", ...args] = exporterCommand();
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args: [...args, "check", "--diff", "--config", next],
      env: { NO_COLOR: "1" },
    }).output();
    const out = new TextDecoder().decode(stdout);
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    assert.match(out, /^ {2}~ nbuservers\[a\]\.timeout: 2m -> 3m$/m);
    assert.equal(out.split("\n").filter((line) => line.startsWith("  ")).length, 1, out);
    assert.ok(!out.includes("A1uMjmj93mrpsW9q"));
    assert.match((await exporter.get("/config")).text, /timeout: 2m/);
  });
});

function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}
