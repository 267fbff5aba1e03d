/** Every expression of the documentation, in a real Prometheus that scrapes the exporter. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DEMO_QUERIES } from "../../scripts/demo_world.ts";
import { documentationPages, type FencedBlock, fencedBlocks, ROOT } from "../_fenced_blocks.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { eventually, freePort, withExporter } from "./harness.ts";
import { NO_PROMETHEUS, withPrometheus } from "./prometheus.ts";

const KEY = "cookbook-key";

async function expressions(): Promise<readonly FencedBlock[]> {
  const pages = await Promise.all(
    (await documentationPages()).map(async (page) =>
      fencedBlocks(page, await Deno.readTextFile(join(ROOT, page)))
    ),
  );
  return pages.flat().filter(({ language }) => language === "promql");
}

/** An expression without its comparisons, which may leave nothing, and over a short time. */
function unfiltered(expression: string): string {
  return expression.trim()
    .replaceAll(/\[\d+[dhm]\]( offset 1w)?/g, "[1m]")
    .replaceAll(/ (?:[<>]=?|[!=]=) [\d.* ]+(?=\)|\n|$)/g, "");
}

/** Joins, which are nothing when the labels of their sides do not match. */
const isJoin = (text: string) => /group_left|ignoring|\/ sum by|\/ on/.test(text);

Deno.test({
  name:
    "every expression of the documentation is one that Prometheus answers, and joins find both sides",
  ignore: NO_PROMETHEUS,
  async fn() {
    const simulator = createSimulator({ apiKey: KEY, jobsPerHour: 3600, historyHours: 1 });
    const live = setInterval(() => {
      // Ends while Prometheus looks, so that there is a rate.
      const facts = { jobType: "BACKUP", policyType: "STANDARD", childCount: 0 };
      simulator.addJob({ ...facts, status: 0, kilobytesTransferred: 5000, dedupRatio: 50 });
      simulator.addJob({ ...facts, status: 84 });
      simulator.addJob({ ...facts, state: "QUEUED", endTime: 0, jobQueueReason: 1 });
    }, 200);
    const primary = await simulator.start();
    const config = {
      server: { port: freePort(), host: "127.0.0.1", collectionInterval: "1s", cacheTTL: "1s" },
      nbuservers: [
        { site: "a", scheme: "http", host: "127.0.0.1", port: primary.port, apiKey: KEY },
      ],
      collectors: { policies: { enabled: true } },
    };
    try {
      await withExporter({ config }, (exporter) =>
        withPrometheus(
          `global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: netbackup
    static_configs: [{targets: ["127.0.0.1:${exporter.port}"]}]
`,
          async ({ api, query }) => {
            await eventually("counters move", async () => {
              const moved = "increase(nbu_jobs_wire_bytes_total[1m]) > 0";
              return (await query(moved)).length > 0;
            });
            const blocks = await expressions();
            assert.ok(blocks.length > 40);
            const all = [
              ...blocks.map(({ text }) => text),
              ...DEMO_QUERIES.map((one) => one.query),
            ];
            for (const text of all) {
              await query(text);
              if (!isJoin(text)) continue;
              await eventually(`there is a result of ${unfiltered(text)}`, async () => {
                return (await query(unfiltered(text))).length > 0;
              });
            }
            const exemplars: unknown = await api("query_exemplars?query=nbu_jobs_completed_total");
            assert.match(JSON.stringify(exemplars), /"job_id":"\d+"/);
          },
          ["--enable-feature=exemplar-storage"],
        ));
    } finally {
      clearInterval(live);
      await primary.close();
    }
  },
});
