/**
 * What a primary sees of an API key once it is revoked: accounts get locked, and audit logs fill up.
 */
import assert from "node:assert/strict";
import { COLLECTORS } from "../../src/collectors/registry.ts";
import type { ParsedPage } from "../testing/parsed_page.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { eventually, freePort, withExporter } from "./harness.ts";

const KEY = "good-key";
const KEY_CHECK = "/authorization-context";

Deno.test("a revoked key is sent with one request and one more to make sure, whatever else is being asked", async () => {
  const simulator = createSimulator({ apiKey: KEY, storageUnitCount: 4 });
  for (let job = 0; job < 5; job++) simulator.addJob({ jobType: "BACKUP" });
  const primary = await simulator.start();
  // The main collectors are polled together, jobs with two lists side by side; all others run once.
  const others = COLLECTORS.filter(({ main }) => !main).map(({ name }) => name);
  const collectors = Object.fromEntries(
    others.map((name) => [
      name,
      { enabled: true, interval: "1h", ...(name === "perClient" && { allowlist: ["*"] }) },
    ]),
  );
  const config = {
    server: { port: freePort(), host: "127.0.0.1", collectionInterval: "4s", cacheTTL: 0 },
    nbuservers: [
      { site: "a", scheme: "http", host: "127.0.0.1", port: primary.port, apiKey: KEY },
    ],
    collectors,
  };
  try {
    await withExporter({ config }, async (exporter) => {
      const successes = async () =>
        (await exporter.metrics()).samples("nbu_collector_success").map(({ value }) => value);
      await eventually(
        "every collector has run",
        async () => (await successes()).length === COLLECTORS.length,
      );
      const before = await eventually("no request is under way, nor was a moment ago", () => {
        const all = simulator.requests.all();
        const last = Math.max(...all.map(({ timeMs }) => timeMs));
        return all.every(({ ended }) => ended) && Date.now() - last > 600 && all.length;
      });
      simulator.setApiKey("another");
      const failed = (page: ParsedPage, collector: string) =>
        page.value("nbu_collector_errors_total", { collector, reason: "auth" }) ?? 0;
      await eventually("the site has failed twice", async () => {
        const page = await exporter.metrics();
        return failed(page, "jobs") >= 2 && failed(page, "storage") >= 2;
      });
      const refused = simulator.requests.all().slice(before)
        .filter(({ authorization }) => authorization === "invalid");
      assert.equal(refused.length, 2, refused.map(({ endpoint }) => endpoint).join(", "));
      assert.equal(refused[1]?.endpoint, KEY_CHECK);
      assert.match(exporter.log(), /refuses the API key of site/);
    });
  } finally {
    await primary.close();
  }
});
