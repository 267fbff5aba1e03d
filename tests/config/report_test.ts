import assert from "node:assert/strict";
import { logConfigError } from "../../src/config/report.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { loadError } from "./memory_environment.ts";

Deno.test("logConfigError() logs each problem, then the unknown keys that may explain it", async () => {
  const error = await loadError("nbuservers:\n- {site: a, host: h, apikey: s3cret, port: 0}\n");
  const { logger, records } = createRecordingLogger();
  logConfigError(logger, error);
  assert.deepEqual(records.map(({ level, fields }) => [level, fields.key]), [
    ["error", "nbuservers[0].apiKey"],
    ["error", "nbuservers[0].port"],
    ["warn", "nbuservers[0].apikey"],
  ]);
  assert.ok(!JSON.stringify(records).includes("s3cret"));
});

Deno.test("logConfigError() logs an error of another kind as a whole", () => {
  const { logger, records } = createRecordingLogger();
  const error = new Error("the port is taken");
  logConfigError(logger, error);
  assert.deepEqual(records.map(({ level, fields }) => [level, fields.error]), [["error", error]]);
});
