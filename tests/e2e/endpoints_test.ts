import assert from "node:assert/strict";
import { join } from "node:path";
import { createSimulator } from "../simulator/simulator.ts";
import { configText, eventually, freePort, withDirectory, withExporter } from "./harness.ts";
import { NO_PROMETHEUS, withPrometheus } from "./prometheus.ts";

const KEY = "endpoints-secret-key";

function configOf(sites: readonly string[], primary: number, port = freePort()) {
  return {
    server: { port, host: "127.0.0.1", collectionInterval: "2s", cacheTTL: "2s" },
    nbuservers: sites.map((site) => ({
      ...{ site, scheme: "http", host: "127.0.0.1", port: primary, apiKey: KEY },
    })),
  };
}

Deno.test("/config of the program shows what is in effect, and no key", async () => {
  const config = configOf(["berlin"], freePort());
  await withExporter({ config }, async (exporter) => {
    const { status, text } = await exporter.get("/config");
    assert.equal(status, 200);
    assert.match(text, /collectionInterval: 2s\n/);
    assert.match(text, /site: berlin\n/);
    assert.match(text, /apiKey: "\[redacted\]"\n/);
    for (const path of ["/config", "/api/v1/status", "/", "/site/berlin", "/sd"]) {
      assert.ok(!(await exporter.get(path)).text.includes(KEY), path);
    }
  });
});

Deno.test("the lifecycle API of the program is off", async () => {
  await withExporter({ config: configOf(["berlin"], freePort()) }, async (exporter) => {
    for (const path of ["/-/reload", "/-/quit"]) {
      const response = await fetch(`http://127.0.0.1:${exporter.port}${path}`, { method: "POST" });
      assert.equal(response.status, 403);
      await response.body?.cancel();
    }
    assert.equal((await exporter.get("/-/healthy")).status, 200);
  });
});

Deno.test("POST /-/reload loads the configuration, refuses a bad one, and POST /-/quit ends with 0", async () => {
  const port = freePort();
  const config = configOf(["berlin"], freePort(), port);
  const program = new URL("lifecycle_program.ts", import.meta.url).pathname;
  await withExporter({ config, program }, async (exporter) => {
    const post = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST" });
      return { status: response.status, text: await response.text() };
    };
    const more = configText(configOf(["berlin", "oslo"], freePort(), port));
    await Deno.writeTextFile(exporter.configFile, more);
    assert.deepEqual(await post("/-/reload"), { status: 200, text: "Reloaded\n" });
    assert.match((await exporter.get("/config")).text, /site: oslo\n/);
    await Deno.writeTextFile(exporter.configFile, "nbuservers: 1\n");
    const refused = await post("/-/reload");
    assert.equal(refused.status, 500);
    assert.match(refused.text, /old configuration stays in effect/);
    assert.match((await exporter.get("/")).text, /reload of the configuration failed/);
    assert.match((await exporter.get("/config")).text, /site: oslo\n/);
    assert.deepEqual(await post("/-/quit"), { status: 200, text: "Stopping\n" });
    assert.equal((await exporter.status).code, 0);
  });
});

Deno.test({
  name: "the configuration of Prometheus in the documentation is valid",
  ignore: NO_PROMETHEUS,
  fn: () =>
    withDirectory(async (directory) => {
      const url = new URL("../../docs/endpoints.md", import.meta.url);
      const [, yaml] = /```yaml\n(.*?)```/s.exec(await Deno.readTextFile(url)) ?? [];
      assert.match(yaml ?? "", /http_sd_configs/);
      const file = join(directory, "prometheus.yml");
      await Deno.writeTextFile(file, yaml ?? "");
      const { success, stderr } = await new Deno.Command("promtool", {
        args: ["check", "config", file],
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
    }),
});

Deno.test({
  name: "a real Prometheus discovers the sites by /sd and scrapes each by /probe",
  ignore: NO_PROMETHEUS,
  fn: async () => {
    const primary = await createSimulator({ apiKey: KEY, jobsPerHour: 600 }).start();
    const sites = ["berlin", "são paulo & co"];
    try {
      await withExporter(
        { config: configOf(sites, primary.port) },
        (exporter) =>
          withPrometheus(
            `global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
  - job_name: netbackup
    http_sd_configs: [{url: "http://127.0.0.1:${exporter.port}/sd", refresh_interval: 1s}]
    relabel_configs: [{source_labels: [__meta_nbu_address], target_label: primary}]
`,
            async (prometheus) => {
              const query = async (expression: string) =>
                (await prometheus.query(expression)).map(({ metric }) => metric);
              const found = await eventually("both sites are up", async () => {
                const metrics = await query("nbu_up == 1");
                return metrics.length === 2 && metrics;
              });
              assert.deepEqual(found.map(({ site }) => site).sort(), sites);
              for (const { site, instance, primary: address } of found) {
                assert.deepEqual([instance, address], [site, `127.0.0.1:${primary.port}`]);
              }
              assert.equal((await query("up == 1")).length, 2);
              const own = await query("nbu_exporter_build_info or process_cpu_seconds_total");
              assert.deepEqual(own, [], "the exporter's own metrics are on its own page");
            },
          ),
      );
    } finally {
      await primary.close();
    }
  },
});
