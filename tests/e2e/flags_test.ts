import assert from "node:assert/strict";
import { createSimulator } from "../simulator/simulator.ts";
import { configText, eventually, freePort, withExporter } from "./harness.ts";

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
      await eventually("it reloads", () => exporter.log().includes("configuration is in effect"));
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
