import assert from "node:assert/strict";
import { HttpStatusError } from "../../src/netbackup/errors.ts";
import { RunLog } from "../../src/site/run_log.ts";
import { createFakeClock } from "../testing/fake_clock.ts";
import { createRecordingLogger } from "../testing/recording_logger.ts";

const MINUTE = 60_000;

function makeLog(isKnown = false) {
  const clock = createFakeClock();
  const { logger, records } = createRecordingLogger();
  const log = new RunLog({ logger, clock });
  const place = { site: "a", endpoint: "/admin/jobs" };
  const error = new HttpStatusError(place, { status: 503, errorCode: 9503 });
  const fail = (message = "down") =>
    log.failure({ reason: "http", message }, error, 1.23456, isKnown);
  return { clock, log, records, fail };
}

Deno.test("RunLog says when the first collection succeeded, and nothing of the next", () => {
  const { log, records } = makeLog();
  log.success(5, 0.5);
  log.success(6, 0.5);
  assert.deepEqual(records.map(({ level, message }) => [level, message]), [
    ["info", "first collection succeeded"],
    ["debug", "collected"],
  ]);
});

Deno.test("RunLog warns of a failure at once, with what is known of it in fields", () => {
  const { records, fail } = makeLog();
  fail();
  assert.equal(records[0]?.level, "warn");
  assert.equal(records[0]?.message, "collection failed");
  const { reason, endpoint, http_status, nbu_code, seconds } = records[0]?.fields ?? {};
  assert.deepEqual(
    { reason, endpoint, http_status, nbu_code, seconds },
    { reason: "http", endpoint: "/admin/jobs", http_status: 503, nbu_code: 9503, seconds: 1.235 },
  );
});

Deno.test("RunLog warns once an hour while a failure lasts, with the count and since when", async () => {
  const { clock, records, fail } = makeLog();
  const since = new Date(clock.now()).toISOString();
  for (let run = 0; run < 25; run++) {
    fail();
    await clock.advance(5 * MINUTE);
  }
  const warnings = records.filter(({ level }) => level === "warn");
  assert.deepEqual(warnings.map(({ message, fields }) => [message, fields["failed_runs"]]), [
    ["collection failed", undefined],
    ["collection still failing", 13],
    ["collection still failing", 25],
  ]);
  assert.equal(warnings[1]?.fields["failing_since"], since);
});

Deno.test("RunLog warns at once when a failure becomes another", () => {
  const { records, fail } = makeLog();
  fail("down");
  fail("forbidden");
  fail("forbidden");
  assert.equal(records.filter(({ level }) => level === "warn").length, 2);
});

Deno.test("RunLog says after how long and how many failures it works again", async () => {
  const { clock, log, records, fail } = makeLog();
  log.success(1, 1);
  fail();
  await clock.advance(90_000);
  fail("other");
  await clock.advance(30_000);
  log.success(1, 1);
  const { message, level, fields } = records.at(-1) ?? {};
  assert.deepEqual([level, message], ["info", "collection recovered"]);
  assert.equal(fields?.["failed_runs"], 2);
  assert.equal(fields?.["failed_seconds"], 120);
});

Deno.test("RunLog leaves to the debug level what another collector was logged for", () => {
  const { records, fail } = makeLog(true);
  fail();
  fail();
  assert.deepEqual(records.map(({ level }) => level), ["debug", "debug"]);
});

Deno.test("RunLog says once that a release lacks something", () => {
  const { log, records } = makeLog();
  log.unsupported("no GET /x", 0.1);
  log.unsupported("no GET /x", 0.1);
  assert.deepEqual(records.map(({ level }) => level), ["info", "debug"]);
});
