import assert from "node:assert/strict";
import { logFamily, reloadFamilies } from "../../src/metrics/exporter_families.ts";
import { renderFamilies } from "../../src/metrics/exposition.ts";

async function values(families: Parameters<typeof renderFamilies>[0]): Promise<string[]> {
  const text = await renderFamilies(families, "text");
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

Deno.test("logFamily() has a line for every level, also where nothing was logged", async () => {
  assert.deepEqual(await values([logFamily({ debug: 0, info: 12, warning: 3, error: 0 })]), [
    'nbu_exporter_log_messages_total{level="debug"} 0',
    'nbu_exporter_log_messages_total{level="info"} 12',
    'nbu_exporter_log_messages_total{level="warning"} 3',
    'nbu_exporter_log_messages_total{level="error"} 0',
  ]);
});

Deno.test("reloadFamilies() keeps the time of the last success while loading fails", async () => {
  for (const [successful, value] of [[true, 1], [false, 0]] as const) {
    assert.deepEqual(await values(reloadFamilies({ successful, lastSuccessMs: 1_500 })), [
      `nbu_exporter_config_last_reload_successful ${value}`,
      "nbu_exporter_config_last_reload_success_timestamp_seconds 1.5",
    ]);
  }
});
