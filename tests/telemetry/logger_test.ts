import assert from "node:assert/strict";
import { createRecordingLogger } from "../testing/recording_logger.ts";
import { silentLogger } from "../testing/silent_logger.ts";

Deno.test("Logger refuses fields whose names are not in snake case, when types are checked", () => {
  silentLogger.info("read jobs", { jobs_per_second: 1 });
  // @ts-expect-error: a name in camel case.
  silentLogger.info("read jobs", { jobsPerSecond: 1 });
  // @ts-expect-error: the same, bound to a logger.
  silentLogger.with({ jobsPerSecond: 1 });
});

Deno.test("a recording logger refuses fields that types do not see", () => {
  const { logger, records } = createRecordingLogger();
  const fields = { jobsPerSecond: 1 };
  assert.throws(() => logger.info("read jobs", fields), /log field of "read jobs"/);
  assert.deepEqual(records, []);
});
