import assert from "node:assert/strict";
import { createSimulator } from "../simulator/simulator.ts";
import { eventually, type Exporter, freePort, withExporter } from "./harness.ts";
import { NO_PROMETHEUS, withPrometheus } from "./prometheus.ts";

const KEY = "prometheus-key";

/** Names that the drop-in contract keeps although promtool has something against them. */
const OLD_NAMES = [
  "nbu_jobs_count",
  "nbu_jobs_files_count",
  "nbu_jobs_queued_count",
  "nbu_jobs_state_count",
  "nbu_response_time_ms",
  "nbu_status_count",
];

/** Runs `body` with an exporter over two primaries, as the demo has them. */
async function withTwoSites(body: (exporter: Exporter) => Promise<void>): Promise<void> {
  const primaries = await Promise.all(
    (["14.0", "10.0"] as const).map((apiVersion, index) =>
      createSimulator({
        apiVersion,
        seed: index + 1,
        apiKey: KEY,
        jobsPerHour: 3600,
        historyHours: 1,
      }).start()
    ),
  );
  const config = {
    server: { port: freePort(), host: "127.0.0.1", collectionInterval: "2s", cacheTTL: "2s" },
    nbuservers: primaries.map(({ port }, index) => ({
      site: `site ${index}`,
      scheme: "http",
      host: "127.0.0.1",
      port,
      apiKey: KEY,
    })),
  };
  try {
    await withExporter({ config }, async (exporter) => {
      await eventually("it is ready", async () => (await exporter.get("/-/ready")).status === 200);
      await body(exporter);
    });
  } finally {
    await Promise.all(primaries.map((primary) => primary.close()));
  }
}

Deno.test({
  name: "promtool has nothing against the page but the old names",
  ignore: NO_PROMETHEUS,
  fn: () =>
    withTwoSites(async (exporter) => {
      const { text } = await exporter.get("/metrics");
      const child = new Deno.Command("promtool", {
        args: ["check", "metrics"],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(text));
      await writer.close();
      const { stdout, stderr } = await child.output();
      const decoder = new TextDecoder();
      const complaints = (decoder.decode(stdout) + decoder.decode(stderr)).trim().split("\n");
      const named = complaints.map((line) => line.split(" ")[0] ?? "");
      assert.deepEqual([...new Set(named)].sort(), OLD_NAMES, complaints.join("\n"));
    }),
});

Deno.test({
  name: "a real Prometheus scrapes the exporter for 30 seconds and answers queries over it",
  ignore: NO_PROMETHEUS,
  fn: () =>
    withTwoSites((exporter) =>
      withPrometheus(
        `global: {scrape_interval: 2s, scrape_timeout: 2s}
scrape_configs:
  - job_name: netbackup
    static_configs: [{targets: ["127.0.0.1:${exporter.port}"]}]
`,
        async ({ api, query }) => {
          const number = async (expression: string) =>
            Number((await query(expression))[0]?.value[1]);
          await eventually(
            "it was scraped 30 times",
            async () => await number("count_over_time(up[5m])") >= 15,
          );
          assert.equal(await number("min_over_time(up[5m])"), 1, "no scrape failed");
          const { activeTargets } = await api("targets");
          assert.deepEqual(activeTargets.map(({ health, lastError }) => [health, lastError]), [
            ["up", ""],
          ]);
          assert.ok(await number("scrape_samples_scraped") > 200);
          assert.equal((await query("nbu_up == 1")).length, 2);
          assert.ok(await number('increase(nbu_api_requests_total{code="200"}[5m])') > 0);
          const sites = await query("count by (site) (nbu_jobs_count)");
          assert.deepEqual(sites.map(({ metric }) => metric["site"]).sort(), ["site 0", "site 1"]);
          const median = "histogram_quantile(0.5, sum by (le) (nbu_job_duration_seconds_bucket))";
          assert.ok(await number(median) > 0);
          assert.ok(await number("time() - process_start_time_seconds") > 25);
          // Of an OpenMetrics page: each series of a counter says when it began.
          const pairs =
            "nbu_jobs_completed_total unless on (site, action, policy_type, status, level)";
          assert.deepEqual(await query(`${pairs} nbu_jobs_completed_created`), []);
          assert.ok(await number("min(time() - nbu_jobs_completed_created)") >= 0);
          assert.ok(await number("max(time() - nbu_jobs_completed_created)") < 3600);
          const free = 'nbu_disk_bytes{size="free"} / ignoring(size) nbu_disk_capacity_bytes';
          assert.ok((await query(free)).length > 5);
        },
        ["--enable-feature=exemplar-storage"],
      )
    ),
});
