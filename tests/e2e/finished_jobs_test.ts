import assert from "node:assert/strict";
import { join } from "node:path";
import { createSimulator } from "../simulator/simulator.ts";
import { configText, eventually, freePort, startExporter, withDirectory } from "./harness.ts";

const KEY = "jobs-key";
const LAST_BACKUP = "nbu_client_last_successful_backup_timestamp_seconds";

Deno.test("collectors that live on finished jobs go on after a kill, and fail visibly while jobs are off", async () => {
  const simulator = createSimulator({ apiKey: KEY, storageUnitCount: 1 });
  // Nothing but the jobs and the checkpoint can tell of a backup.
  for (const list of ["/catalog/images", "/config/unique-policy-clients"]) {
    simulator.setRows(list, []);
  }
  const primary = await simulator.start();
  const port = freePort();
  try {
    await withDirectory(async (directory) => {
      const config = (jobs: boolean) => ({
        server: { port, host: "127.0.0.1", collectionInterval: "1s", cacheTTL: "1h" },
        nbuservers: [
          { site: "a", scheme: "http", host: "127.0.0.1", port: primary.port, apiKey: KEY },
        ],
        state: { directory: join(directory, "state") },
        collectors: {
          jobs: { enabled: jobs },
          perClient: { enabled: true, allowlist: ["db*"] },
          policies: { enabled: true },
          sla: { enabled: true, timeZone: "Europe/Berlin" },
        },
      });
      let exporter = await startExporter({ config: config(true), directory });
      try {
        const until = (what: string, collector: string, success: number) =>
          eventually(what, async () => {
            const page = await exporter.metrics();
            return page.value("nbu_collector_success", { collector }) === success && page;
          });
        for (const name of ["perClient", "policies", "sla"]) await until(`${name} runs`, name, 1);
        const endTime = Math.floor(Date.now() / 1000) * 1000;
        const job = { clientName: "db01", policyName: "Gold", endTime } as const;
        simulator.addJob({ ...job, status: 0 });
        simulator.addJob({ ...job, clientName: "db02", status: 96 });
        const known = async () => {
          const page = await exporter.metrics();
          return page.value(LAST_BACKUP, { client: "db01" }) === endTime / 1000 &&
            page.value(LAST_BACKUP, { client: "db02" }) === 0 &&
            page.value("nbu_client_consecutive_failures", { client: "db02" }) === 1 && page;
        };
        await eventually("the jobs are known", known);
        exporter.signal("SIGKILL");
        await exporter.status;
        exporter = await startExporter({ config: config(true), directory });
        await eventually("they are known after the kill", known);

        await Deno.writeTextFile(exporter.configFile, configText(config(false)));
        exporter.signal("SIGHUP");
        const off = await until("perClient fails", "perClient", 0);
        const labels = { collector: "perClient", reason: "jobs" };
        assert.ok((off.value("nbu_collector_errors_total", labels) ?? 0) > 0);
        assert.match(exporter.log(), /perClient.{1,3} is on but counts finished jobs/);
        assert.match(exporter.log(), /which reads them, is off: set /);

        await Deno.writeTextFile(exporter.configFile, configText(config(true)));
        exporter.signal("SIGHUP");
        await until("perClient works again", "perClient", 1);
        await eventually("nothing was forgotten meanwhile", known);
      } finally {
        await exporter.stop();
      }
    });
  } finally {
    await primary.close();
  }
});
